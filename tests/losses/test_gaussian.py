"""The normal likelihood of pixels: known values, and a σ that training finds."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from aeexp.corruptions.chain import Chain
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import ConfigError
from aeexp.losses.gaussian import Gaussian
from aeexp.losses.objective import Objective
from aeexp.models.architectures.dense import Dense
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.learned_numbers import LearnedNumbers
from aeexp.runtime.precision import built_in_precision
from aeexp.training.step import TrainStep

RANDOM = np.random.default_rng(0)
TARGETS = RANDOM.random((3, 4, 4, 1)).astype(np.float32)
MEANS = RANDOM.normal(size=(3, 4, 4, 1)).astype(np.float32)


def test_value_is_that_of_scipy():
    values = Gaussian(weight=1.0, std=0.3)(tf.constant(TARGETS), {"reconstruction": tf.constant(MEANS)})
    expected = -stats.norm.logpdf(TARGETS, MEANS, 0.3).sum((1, 2, 3))
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_a_learned_std_is_read_from_the_outputs():
    outputs = {"reconstruction": tf.constant(MEANS), "log_std": tf.fill([3], np.log(0.3).astype(np.float32))}
    learned, fixed = (Gaussian(weight=1.0, std=std)(tf.constant(TARGETS), outputs) for std in ("learned", 0.3))
    np.testing.assert_allclose(learned, fixed, rtol=1e-5)


def test_the_optimal_std_is_the_root_of_the_mean_squared_error_of_the_batch():
    present = np.array([1.0, 1.0, 0.0], np.float32)  # the last image only fills the batch
    outputs = {"reconstruction": tf.constant(MEANS), "present": tf.constant(present)}
    values = Gaussian(weight=1.0, std="optimal")(tf.constant(TARGETS), outputs)
    std = np.sqrt(np.mean((TARGETS - MEANS)[:2] ** 2))
    expected = -stats.norm.logpdf(TARGETS, MEANS, std).sum((1, 2, 3))
    np.testing.assert_allclose(values, expected, rtol=1e-5)
    assert np.mean(values[:2]) == pytest.approx(16 * (np.log(std) + 0.5 + 0.5 * np.log(2 * np.pi)), rel=1e-5)
    others = [Gaussian(weight=1.0, std=float(factor * std))(tf.constant(TARGETS), outputs) for factor in (0.9, 1.1)]
    assert all(np.mean(values[:2]) < np.mean(other[:2]) for other in others)


def test_the_optimal_std_of_a_perfect_reconstruction_is_bounded():
    outputs = {"reconstruction": tf.constant(TARGETS), "present": tf.ones(3)}
    assert np.isfinite(Gaussian(weight=1.0, std="optimal")(tf.constant(TARGETS), outputs)).all()


def test_an_optimal_std_is_of_a_batch_and_gives_no_image_a_likelihood_of_its_own():
    optimal, learned = (Gaussian(weight=1.0, std=std) for std in ("optimal", "learned"))
    assert (optimal.scope, optimal.is_likelihood, optimal.learned) == ("batch", False, {})
    assert (learned.scope, learned.is_likelihood) == ("image", True)


def test_training_finds_the_root_of_the_mean_squared_error():
    """The σ of greatest likelihood; the decoder gives zeros, and its weights are held."""
    images = RANDOM.integers(0, 256, (64, 4, 4, 1), np.uint8)
    objective = Objective({"gaussian": Gaussian(weight=1.0, std="learned")})
    architecture = Dense([], output_activation="linear")
    encoder = architecture.encoder((4, 4, 1))
    encoder = keras.Model(encoder.inputs, {"latent": encoder.outputs[0]})
    decoder = architecture.decoder((16,), (4, 4, 1))
    decoder.set_weights([np.zeros_like(each) for each in decoder.get_weights()])
    decoder.trainable = False
    model = Autoencoder(encoder, Deterministic(), decoder, learned=LearnedNumbers(objective.learned))
    optimizer = keras.optimizers.Adam(0.05)
    optimizer.build(model.trainable_variables)
    steps = TrainStep(model, CorruptedPairs(tf.constant(images), Chain({}), 0), objective, optimizer, 64).compiled()
    zero = tf.constant(0)
    steps(tf.tile(tf.range(64)[tf.newaxis], [300, 1]), zero, zero, {"gaussian": tf.constant(1.0)})
    assert np.exp(model.get_weights()[-1]) == pytest.approx(np.sqrt(np.mean((images / 255) ** 2)), rel=1e-3)


@pytest.mark.parametrize("std", [0.0, -1.0, float("nan"), float("inf"), "learnd"])
def test_refuses_what_is_no_std(std):
    with pytest.raises(ConfigError, match=rf"`std` must be .* Received std={std}"):
        Gaussian(weight=1.0, std=std)


def test_a_learned_std_is_float32_whatever_the_precision_of_the_networks():
    with built_in_precision("mixed_bfloat16"):
        numbers = LearnedNumbers({"log_std": 0.5})
    assert numbers(tf.constant(3))["log_std"].dtype == tf.float32
