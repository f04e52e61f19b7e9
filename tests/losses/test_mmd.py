"""The maximum mean discrepancy against a plain double sum."""

import numpy as np
import tensorflow as tf

from aeexp.losses.mmd import Mmd

RANDOM = np.random.default_rng(0)


def values(codes: np.ndarray, drawn: np.ndarray, present: list[float] | None = None) -> np.ndarray:
    outputs = {"latent": tf.constant(codes, tf.float32), "prior_latent": tf.constant(drawn, tf.float32)}
    outputs["present"] = tf.ones(len(codes)) if present is None else tf.constant(present, tf.float32)
    return Mmd(weight=1.0)(tf.zeros((len(codes), 2, 2, 1)), outputs).numpy()


def kernel(one: np.ndarray, other: np.ndarray) -> float:
    constants = 2 * len(one) * np.array([0.1, 0.2, 0.5, 1, 2, 5, 10])
    return float((constants / (constants + np.sum((one - other) ** 2))).sum())


def expected(codes: np.ndarray, drawn: np.ndarray) -> float:
    count = len(codes)
    different = [(i, j) for i in range(count) for j in range(count) if i != j]
    within = sum(kernel(codes[i], codes[j]) + kernel(drawn[i], drawn[j]) for i, j in different) / len(different)
    return within - 2 * sum(kernel(a, b) for a in codes for b in drawn) / count**2


def test_value_is_the_unbiased_estimate():
    codes, drawn = RANDOM.normal(1, 2, (6, 3)), RANDOM.normal(size=(6, 3))
    np.testing.assert_allclose(values(codes, drawn), [expected(codes, drawn)] * 6, rtol=1e-4)


def test_it_is_near_0_for_equal_distributions_and_grows_with_their_distance():
    drawn = RANDOM.normal(size=(400, 4))
    found = [values(RANDOM.normal(shift, 1, (400, 4)), drawn)[0] for shift in (0.0, 0.5, 1.0, 3.0)]
    assert abs(found[0]) < 0.02 < found[1] < found[2] < found[3]


def test_it_is_near_0_on_average_in_small_batches():
    """The estimate has no bias, unlike one that counts each code against itself."""
    found = [values(*RANDOM.normal(size=(2, 8, 2)))[0] for _ in range(300)]
    assert abs(np.mean(found)) < 4 * np.std(found) / np.sqrt(len(found))


def test_images_that_fill_a_batch_change_nothing():
    codes, drawn = RANDOM.normal(1, 2, (6, 3)), RANDOM.normal(size=(6, 3))
    np.testing.assert_allclose(values(codes, drawn, [1, 1, 1, 1, 0, 0])[:4], values(codes[:4], drawn[:4]), rtol=1e-4)
    assert np.isfinite(values(codes, drawn, [1, 0, 0, 0, 0, 0])).all()


def test_the_gradient_draws_codes_to_the_prior():
    codes = tf.constant(RANDOM.normal(3, 1, (50, 2)), tf.float32)
    drawn, present = tf.constant(RANDOM.normal(size=(50, 2)), tf.float32), tf.ones(50)
    with tf.GradientTape() as tape:
        tape.watch(codes)
        value = Mmd(weight=1.0)(tf.zeros((50, 2, 2, 1)), {"latent": codes, "prior_latent": drawn, "present": present})
    assert (tape.gradient(value, codes).numpy().mean(0) > 0).all()
