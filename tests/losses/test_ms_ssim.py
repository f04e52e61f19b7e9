"""The MS-SSIM as a loss: the metric's values, and gradients without bounds nowhere."""

import numpy as np
import pytest
import tensorflow as tf

from aeexp.losses.ms_ssim import MsSsim
from aeexp.losses.objective import Objective
from aeexp.metrics.ms_ssim import MsSsim as Metric

LOSS = MsSsim(weight=1.0)
RANDOM = np.random.default_rng(0)
TARGETS = tf.constant(RANDOM.random((3, 28, 28, 1)), tf.float32)
OTHERS = tf.clip_by_value(TARGETS + tf.constant(RANDOM.normal(0, 0.2, (3, 28, 28, 1)), tf.float32), 0, 1)


def test_value_is_what_the_metric_lacks_of_1_times_the_pixels():
    expected = 784 * (1 - Metric()(TARGETS, OTHERS))
    np.testing.assert_allclose(LOSS(TARGETS, {"reconstruction": OTHERS}), expected, rtol=1e-4)
    np.testing.assert_allclose(LOSS(TARGETS, {"reconstruction": TARGETS}), 0, atol=1e-3)


def test_what_is_reported_is_the_metric_and_best_where_it_is_largest():
    objective = Objective({"ms_ssim": MsSsim(weight=2.0)})
    values = objective(TARGETS, {"reconstruction": OTHERS}, {"ms_ssim": 2.0})
    np.testing.assert_array_equal(values["ms_ssim"], Metric()(TARGETS, OTHERS))
    np.testing.assert_allclose(values["loss"], 2 * 784 * (1 - values["ms_ssim"]), rtol=1e-4)
    assert objective.directions == {"loss": False, "ms_ssim": True, "loss_ms_ssim": False}


@pytest.mark.parametrize("reconstruction", [1 - TARGETS, 0.5 + 0 * TARGETS, 0 * TARGETS, TARGETS, 3 * TARGETS - 1])
def test_the_gradient_is_finite_where_images_are_opposite_flat_or_the_same(reconstruction):
    with tf.GradientTape() as tape:
        tape.watch(reconstruction)
        value = LOSS(TARGETS, {"reconstruction": reconstruction})
    assert np.isfinite(tape.gradient(value, reconstruction)).all()
