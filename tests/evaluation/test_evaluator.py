import numpy as np

from aeexp.evaluation import evaluator as module
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.runtime.precision import built_in_precision
from tests.support.evaluations import evaluator


def test_large_codes_are_held_of_the_first_images_alone(monkeypatch):
    whole = evaluator(Gaussian(), 5).all_images([])
    monkeypatch.setattr(module, "CODE_BYTES", 12 * 3 * 5 * 4)  # mean, log_variance and latent of 12 images
    monkeypatch.setattr(module, "BLOCK", 10)
    part = evaluator(Gaussian(), 5).all_images([])
    assert part.outputs["reconstruction"].shape == whole.outputs["reconstruction"].shape
    assert all(len(part.outputs[name]) == 12 for name in ("latent", "mean", "log_variance"))
    np.testing.assert_allclose(part.codes, whole.codes[:12], atol=1e-6)


def test_the_codes_of_all_probes_are_held(monkeypatch):
    monkeypatch.setattr(module, "CODE_BYTES", 1)
    probes = evaluator(Gaussian(), 5, probes=(2, 9)).all_images([]).at_probes()
    assert probes.indices.tolist() == [2, 9]
    assert len(probes.codes) == 2


def test_decoding_the_codes_gives_the_reconstructions():
    evaluation = evaluator(Gaussian(), 5).all_images([])
    np.testing.assert_allclose(
        evaluation.decode(evaluation.outputs["latent"]), evaluation.outputs["reconstruction"], atol=1e-5
    )


def test_decoded_images_are_float32_in_any_precision():
    with built_in_precision("mixed_bfloat16"):
        built = evaluator(Deterministic(), 2)
    evaluation = built.all_images([])
    assert evaluation.decode(evaluation.codes).dtype == np.float32
    assert evaluation.outputs["reconstruction"].dtype == np.float32
