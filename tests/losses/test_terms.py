"""Loss terms compared with values computed by hand."""

import math

import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.losses.bce import Bce
from aeexp.losses.kl import Kl
from aeexp.losses.kl_lecture import KlLecture
from aeexp.losses.latent_norm import LatentNorm
from aeexp.losses.mae import Mae
from aeexp.losses.mse import Mse
from aeexp.losses.objective import Objective
from aeexp.losses.sparsity import Sparsity
from aeexp.models.priors.standard_normal import StandardNormal

HALF = {"reconstruction": tf.fill((2, 28, 28, 1), 0.5)}
BLACK = tf.zeros((2, 28, 28, 1))


def code(mean: float, log_variance: float) -> dict[str, tf.Tensor]:
    """Three equal latents per image, and their divergence from the standard normal prior."""
    parameters = {"mean": tf.fill((2, 3), float(mean)), "log_variance": tf.fill((2, 3), float(log_variance))}
    return {**parameters, "kl": StandardNormal().kl(parameters, parameters["mean"], tf.zeros(2))}


@pytest.mark.parametrize(
    ("loss", "of_one_pixel"), [(Bce(weight=1), math.log(2)), (Mse(weight=1), 0.25), (Mae(weight=1), 0.5)]
)
def test_pixels_are_summed(loss, of_one_pixel):
    np.testing.assert_allclose(loss(BLACK, HALF), [784 * of_one_pixel] * 2, rtol=1e-5)


def test_bce_of_a_confident_error_is_finite():
    assert np.isfinite(Bce(weight=1)(BLACK, {"reconstruction": tf.ones_like(BLACK)})).all()


@pytest.mark.parametrize("loss", [Kl(weight=1, warmup_epochs=0), KlLecture(weight=1)])
def test_the_divergence_of_the_prior_itself_is_zero(loss):
    np.testing.assert_allclose(loss(BLACK, code(0, 0)), [0, 0], atol=1e-7)


@pytest.mark.parametrize(
    ("mean", "log_variance", "nats"),
    [(1, 0, 0.5), (0, 2 * math.log(2), 1.5 - math.log(2)), (2, -2 * math.log(2), 2 + math.log(2) - 0.375)],
)
def test_kl_of_one_latent(mean, log_variance, nats):
    np.testing.assert_allclose(
        Kl(weight=1, warmup_epochs=0)(BLACK, code(mean, log_variance)), [3 * nats] * 2, rtol=1e-5
    )


def test_kl_agrees_with_a_sample_of_its_definition():
    draws = np.random.default_rng(0).normal(0.7, math.exp(-0.2), 400_000)
    log_ratio = 0.2 - (draws - 0.7) ** 2 * math.exp(0.4) / 2 + draws**2 / 2
    value = Kl(weight=1, warmup_epochs=0)({}, code(0.7, -0.4))
    np.testing.assert_allclose(value / 3, log_ratio.mean(), atol=0.01)


def test_kl_lecture_reads_a_log_std_as_a_log_variance():
    s = math.log(2)  # drawn with standard deviation 2
    np.testing.assert_allclose(KlLecture(weight=1)(BLACK, code(0, 2 * s)), [3 * 0.5 * (1 - s)] * 2, rtol=1e-5)


def test_warmup_rises_to_the_weight():
    kl = Kl(weight=4, warmup_epochs=4)
    assert [kl.weight_at(epoch) for epoch in range(6)] == [0, 1, 2, 3, 4, 4]
    with pytest.raises(ConfigError, match=r"`warmup_epochs` must be at least 0 epochs\. Received warmup_epochs=-1"):
        Kl(weight=1, warmup_epochs=-1)


def test_the_objective_is_the_weighted_sum_and_reports_each_term_on_its_scale():
    objective = Objective({"mse": Mse(weight=2), "kl": Kl(weight=3, warmup_epochs=0)})
    values = objective(BLACK, HALF | code(1, 0), objective.weights(0))
    expected = {"loss": 2 * 196 + 3 * 1.5, "loss_mse": 392, "loss_kl": 4.5, "mse": 0.25, "kl": 1.5}
    assert {name: value.numpy().tolist() for name, value in values.items()} == {
        name: pytest.approx([value] * 2) for name, value in expected.items()
    }


def test_the_objective_rejects_terms_whose_outputs_are_missing():
    with pytest.raises(ConfigError, match=r"loss\.kl: needs the outputs kl.*use model"):
        Objective({"kl": Kl(weight=1, warmup_epochs=0)}).check({"reconstruction", "latent"})
    with pytest.raises(ConfigError, match="at least one term"):
        Objective({}).check({"reconstruction"})


def test_penalties_of_the_code():
    outputs = {"latent": tf.constant([[3.0, -4.0], [0.0, 0.5]])}
    np.testing.assert_allclose(LatentNorm(weight=1)(BLACK, outputs), [12.5, 0.125])
    np.testing.assert_allclose(Sparsity(weight=1)(BLACK, outputs), [7, 0.5])
