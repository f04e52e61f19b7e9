"""Metrics against facts by hand and against TensorFlow's own."""

import numpy as np
import pytest
import tensorflow as tf

from aeexp.metrics.metric import measure
from aeexp.metrics.ms_ssim import MsSsim
from aeexp.metrics.psnr import Psnr
from aeexp.metrics.ssim import Ssim
from aeexp.runtime.structural_similarity import WEIGHTS
from tests.support.evaluations import METRICS


def images(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(shape, np.float32)


def damaged(clean: np.ndarray, strength: float = 0.3) -> np.ndarray:
    return (1 - strength) * clean + strength * images(*clean.shape, seed=1)


def test_one_value_an_image_under_the_known_names():
    metrics = measure(METRICS, images(3, 12, 12, 1), images(3, 12, 12, 1, seed=1))
    assert tuple(metrics) == tuple(METRICS)
    assert all(values.shape == (3,) and values.dtype == tf.float32 for values in metrics.values())


def test_known_errors():
    metrics = measure(METRICS, tf.ones([1, 12, 12, 1]), tf.fill([1, 12, 12, 1], 0.9))
    assert float(metrics["mse"][0]) == pytest.approx(0.01, rel=1e-5)
    assert float(metrics["mae"][0]) == pytest.approx(0.1, rel=1e-5)
    assert float(metrics["psnr"][0]) == pytest.approx(20.0, abs=1e-3)
    assert float(metrics["bce"][0]) == pytest.approx(-np.log(0.9), rel=1e-5)


@pytest.mark.parametrize("graph", [False, True])
def test_certain_and_wrong_costs_no_infinity(graph):
    function = tf.function(measure) if graph else measure
    metrics = function(METRICS, tf.ones([1, 12, 12, 1]), tf.zeros([1, 12, 12, 1]))
    assert all(np.isfinite(values).all() for values in metrics.values())


def test_perfect_image():
    clean = images(2, 16, 16, 3)
    metrics = measure(METRICS, clean, clean)
    np.testing.assert_allclose(metrics["ssim"], 1, atol=1e-6)
    np.testing.assert_allclose(metrics["psnr"], 100, atol=1e-3)
    np.testing.assert_array_equal(metrics["mse"], 0)


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (11, 11, 1), (13, 40, 3)])
@pytest.mark.parametrize("strength", [0.01, 0.3, 1.0])
def test_ssim_and_psnr_are_those_of_tensorflow(shape, strength):
    clean = images(4, *shape)
    other = damaged(clean, strength)
    np.testing.assert_allclose(Ssim()(clean, other), tf.image.ssim(clean, other, 1.0), atol=1e-4)
    np.testing.assert_allclose(Psnr()(clean, other), tf.image.psnr(clean, other, 1.0), atol=1e-3)


def test_ssim_of_flat_images_by_hand():
    """Without structure, Wang's formula is (2ab + 0.01²) / (a² + b² + 0.01²)."""
    value = Ssim()(tf.fill([1, 12, 12, 1], 0.5), tf.fill([1, 12, 12, 1], 0.25))
    assert float(value[0]) == pytest.approx((0.25 + 1e-4) / (0.3125 + 1e-4), rel=1e-4)


@pytest.mark.parametrize("shape", [(1, 1, 1), (4, 4, 3), (7, 28, 1), (10, 10, 1)])
def test_ssim_of_images_smaller_than_the_window(shape):
    clean = images(2, *shape)
    values = [float(Ssim()(clean, damaged(clean, strength))[0]) for strength in (0.0, 0.5, 1.0)]
    assert values[0] == pytest.approx(1, abs=1e-5)
    assert values[0] > values[1] > values[2]


def test_no_image_depends_on_its_batch():
    clean = images(3, 12, 12, 1)
    other = damaged(clean)
    together, alone = measure(METRICS, clean, other), measure(METRICS, clean[1:2], other[1:2])
    for name in METRICS:
        np.testing.assert_allclose(together[name][1], alone[name][0], rtol=1e-5)


@pytest.mark.parametrize(("side", "scales"), [(28, 2), (50, 3), (177, 5)])
@pytest.mark.parametrize("channels", [1, 3])
def test_ms_ssim_is_that_of_tensorflow(side, scales, channels):
    clean = images(2, side, side, channels)
    other = damaged(clean, 0.2)
    weights = np.array(WEIGHTS[:scales]) / sum(WEIGHTS[:scales])
    expected = tf.image.ssim_multiscale(clean, other, 1.0, power_factors=weights)
    np.testing.assert_allclose(MsSsim()(clean, other), expected, atol=2e-4)


def test_ms_ssim_of_a_single_scale_is_the_ssim():
    clean = images(2, 14, 14, 1)
    np.testing.assert_allclose(MsSsim()(clean, damaged(clean)), Ssim()(clean, damaged(clean)), atol=1e-5)
