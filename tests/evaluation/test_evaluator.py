from dataclasses import replace

import numpy as np

from aeexp.evaluation import evaluator as module
from aeexp.metrics.active_units import ActiveUnits
from aeexp.metrics.knn_accuracy import KnnAccuracy
from aeexp.metrics.mae import Mae
from aeexp.metrics.mig import Mig
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


OF_SPLITS = {"units": ActiveUnits(), "knn": KnnAccuracy(n_neighbors=3), "mig": Mig(bins=4)}


def test_metrics_of_codes_are_the_same_in_an_epoch_and_at_the_end():
    built = evaluator(Gaussian(), 5, count=60)
    factors = np.random.default_rng(0).random((60, 2))
    measuring = replace(built, metrics={**built.metrics, **OF_SPLITS}, factors=factors)
    result, means = measuring.all_images([]), measuring.means()
    assert result.split_metrics == {name: means[name] for name in OF_SPLITS}
    assert result.split_metrics["knn"] == OF_SPLITS["knn"](result.codes, built.labels)
    assert result.split_metrics["mig"] == OF_SPLITS["mig"](result.codes, factors)
    assert set(result.metric_functions) == set(built.metrics) <= set(result.metrics)
    assert {name: means[name] for name in built.means()} == built.means()
    assert built.all_images([]).split_metrics == measuring.probe_images().split_metrics == {}


def test_codes_that_memory_cannot_hold_are_those_of_the_first_images(monkeypatch):
    monkeypatch.setattr(module, "CODE_BYTES", 12 * 3 * 5 * 4)
    monkeypatch.setattr(module, "BLOCK", 10)
    built = evaluator(Gaussian(), 5)
    measuring = replace(built, metrics={"knn": OF_SPLITS["knn"]})
    result = measuring.all_images([])
    assert measuring.means() == result.split_metrics == {"knn": OF_SPLITS["knn"](result.codes, built.labels[:12])}


def test_psnr_is_measured_whichever_metrics_were_chosen():
    built = evaluator(Gaussian(), 5)
    chosen = built.all_images([])
    assert chosen.with_psnr() is chosen
    other = replace(built, metrics={"mae": Mae()}).all_images([]).with_psnr()
    np.testing.assert_allclose(other.metrics["psnr"], chosen.metrics["psnr"], rtol=1e-5)
    assert list(other.metric_functions) == ["mae", "psnr"]
