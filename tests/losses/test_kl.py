"""Schedules, free bits and capacity of the divergence."""

import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.losses.kl import Kl
from aeexp.losses.objective import Objective, reported

PARTS = np.array([[0.1, 2.0], [0.3, 4.0], [9.0, 9.0]], np.float32)
"""Divergences of three images in two dimensions; the last image only fills the batch."""

TARGETS = tf.zeros((3, 2, 2, 1))


def kl(**fields) -> Kl:
    return Kl(**{"weight": 1.0, "warmup_epochs": 0, **fields})


def outputs(**others) -> dict[str, tf.Tensor]:
    present = tf.constant([1.0, 1.0, 0.0])
    return {"kl": tf.constant(PARTS.sum(1)), "kl_per_dimension": tf.constant(PARTS), "present": present, **others}


def gradient(term: Kl) -> np.ndarray:
    """Of the mean over the images that are present, by the divergence of each image in each dimension."""
    parts = tf.constant(PARTS)
    with tf.GradientTape() as tape:
        tape.watch(parts)
        values = term(TARGETS, outputs(kl=tf.reduce_sum(parts, 1), kl_per_dimension=parts))
        mean = tf.reduce_mean(values[:2])
    return tape.gradient(mean, parts).numpy()


def test_a_cyclical_weight_rises_again_and_again():
    weights = [kl(weight=3.0, warmup_epochs=3, cycle_epochs=5).weight_at(epoch) for epoch in range(12)]
    assert weights == [0, 1, 2, 3, 3, 0, 1, 2, 3, 3, 0, 1]
    assert kl(weight=3.0, warmup_epochs=3, cycle_epochs=5).final_weight == 3


def test_free_bits_leave_alone_a_dimension_whose_mean_is_below_them():
    values = kl(free_bits=0.5)(TARGETS, outputs())
    np.testing.assert_allclose(values[:2], [0.5 + 2, 0.5 + 4])  # the means over the batch are 0.2 and 3
    np.testing.assert_allclose(gradient(kl(free_bits=0.5)), [[0, 0.5], [0, 0.5], [0, 0]])


def test_free_bits_of_a_divergence_that_is_no_sum_over_dimensions():
    whole = {name: value for name, value in outputs().items() if name != "kl_per_dimension"}
    np.testing.assert_allclose(kl(free_bits=3.0)(TARGETS, whole)[:2], [2.1, 4.3])  # the mean is 3.2
    np.testing.assert_allclose(kl(free_bits=3.5)(TARGETS, whole)[:2], [3.5, 3.5])


@pytest.mark.parametrize(("capacity", "sign"), [(5.0, -1), (1.2, 1)])
def test_a_capacity_draws_the_mean_of_the_batch_to_it_from_either_side(capacity, sign):
    values = kl(capacity=capacity)(TARGETS, outputs())
    np.testing.assert_allclose(values[:2], [abs(3.2 - capacity)] * 2, rtol=1e-5)
    np.testing.assert_allclose(gradient(kl(capacity=capacity)), sign * np.array([[0.5, 0.5], [0.5, 0.5], [0, 0]]))


def test_a_capacity_rises_over_the_epochs_and_is_the_last_one_in_evaluations():
    objective = Objective({"kl": kl(weight=10.0, capacity=4.0, capacity_epochs=4)})
    capacities = [objective.weights(epoch)["capacity"] for epoch in range(6)]
    assert capacities == [0, 1, 2, 3, 4, 4]
    training = objective(TARGETS, outputs(), {"kl": 10.0, "capacity": tf.constant(1.0)})
    np.testing.assert_allclose(training["loss"][:2], [22, 22], rtol=1e-5)
    np.testing.assert_allclose(objective(TARGETS, outputs(), {"kl": 10.0})["loss"][:2], [8, 8], rtol=1e-5)


@pytest.mark.parametrize("term", [kl(free_bits=0.5), kl(capacity=5.0)])
def test_what_is_reported_is_the_divergence_itself(term):
    objective = Objective({"kl": term})
    np.testing.assert_allclose(objective(TARGETS, outputs(), {"kl": 1.0})["kl"], PARTS.sum(1))
    measured = objective.measure(TARGETS, outputs())
    np.testing.assert_allclose(reported(measured)["kl"], PARTS.sum(1))
    assert set(measured) - set(reported(measured)) == {"minimized_kl"}
    assert set(objective.weigh(measured, {"kl": 1.0}, 4)) == set(objective.names)


def test_the_plain_divergence_is_of_images_alone():
    assert kl().scope == "image"
    assert kl().reported(TARGETS, outputs()) is None
    assert {kl(free_bits=0.1).scope, kl(capacity=0.0).scope} == {"batch"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cycle_epochs": 4}, r"`cycle_epochs` must be more than `warmup_epochs`.* cycle_epochs=4 and warmup_epochs=0"),
        ({"cycle_epochs": 4, "warmup_epochs": 4}, r"Received cycle_epochs=4 and warmup_epochs=4"),
        ({"cycle_epochs": -1}, r"`cycle_epochs` must be at least 0 epochs\. Received cycle_epochs=-1"),
        ({"free_bits": -0.5}, r"`free_bits` must be at least 0 nats\. Received free_bits=-0.5"),
        ({"capacity": float("nan")}, r"`capacity` must be at least 0 nats\. Received capacity=nan"),
        ({"capacity_epochs": 3}, r"`capacity_epochs` needs a `capacity`.* capacity_epochs=3"),
        ({"capacity": 3.0, "free_bits": 1.0}, r"exclude each other\. Received free_bits=1.0 and capacity=3.0"),
    ],
)
def test_refuses_what_cannot_be(fields, message):
    with pytest.raises(ConfigError, match=message):
        kl(**fields)
