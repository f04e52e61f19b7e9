"""The fast step is the plain step: one gradient, the mean over the batch."""

from collections.abc import Callable
from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.corruptions.noise import Noise
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.evaluation.evaluator import Evaluator
from aeexp.losses.bce import Bce
from aeexp.losses.decoder_penalty import DecoderPenalty
from aeexp.losses.gaussian import Gaussian as GaussianLikelihood
from aeexp.losses.iwae import Iwae
from aeexp.losses.kl import Kl
from aeexp.losses.mmd import Mmd
from aeexp.losses.objective import Objective
from aeexp.losses.total_correlation import TotalCorrelation
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.bottleneck import Bottleneck
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.fast_conv import fuse_convolutions
from aeexp.models.priors.gaussian_mixture import GaussianMixture
from aeexp.models.priors.prior import Prior
from aeexp.models.priors.standard_normal import StandardNormal
from aeexp.models.priors.vamp import Vamp
from aeexp.runtime.random import EVALUATION_EPOCH
from aeexp.training import step as module
from aeexp.training.step import NO_IMAGE, TrainStep
from tests.support.evaluations import METRICS, SMALL_CONV, autoencoder, source

SIZE = 16
PAIRS = CorruptedPairs(
    tf.constant(np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), np.uint8)),
    Chain({"noise": Noise(mean=0.1, std=0.2)}),
    seed=3,
)
OBJECTIVE = Objective({"bce": Bce(weight=1.0)})
WITH_KL = Objective({"bce": Bce(weight=1.0), "kl": Kl(weight=1.0, warmup_epochs=0)})
DREG = Objective({"iwae": Iwae(weight=1.0, samples=3, likelihood="bernoulli", gradient="dreg")})
OF_BATCHES = Objective(
    {
        "gaussian": GaussianLikelihood(weight=1.0, std="optimal"),
        "kl": Kl(weight=1.0, warmup_epochs=0, free_bits=0.001),
        "total_correlation": TotalCorrelation(weight=5.0),
        "mmd": Mmd(weight=10.0),
        "decoder_penalty": DecoderPenalty(weight=0.1),
    }
)
DREG_OF_BATCHES = Objective({**DREG.terms, "mmd": Mmd(weight=10.0)})
CASES = {
    "deterministic": (Deterministic(), OBJECTIVE, StandardNormal),
    "gaussian": (Gaussian(), WITH_KL, StandardNormal),
    "vamp": (Gaussian(), WITH_KL, partial(Vamp, 7, 0.5, 0.2)),
    "dreg": (Gaussian(), DREG, StandardNormal),
    "batch": (Gaussian(), OF_BATCHES, StandardNormal),
    "batch dreg": (Gaussian(), DREG_OF_BATCHES, StandardNormal),
}
EPOCH = tf.constant(2)


def model(
    bottleneck: Bottleneck, prior: Callable[[], Prior] = StandardNormal, objective: Objective = OBJECTIVE
) -> Autoencoder:
    return autoencoder(SMALL_CONV, bottleneck, 5, (8, 8, 1), (8, 8, 1), prior(), objective.needs)


def of_batch(images: tf.Tensor) -> dict[str, tf.Tensor]:
    return {"present": tf.ones(len(images)), "dataset_size": tf.constant(float(len(PAIRS)))}


def weights(objective: Objective) -> dict[str, tf.Tensor]:
    return {name: tf.constant(value) for name, value in objective.weights(0).items()}


def plain_gradients(case: str, indices: list[int]) -> list[tf.Tensor]:
    """As one would write them: the whole batch at once, eagerly, with the layers as they are."""
    bottleneck, objective, prior = CASES[case]
    plain = model(bottleneck, prior, objective)
    batch = PAIRS.batch(tf.constant(indices), EPOCH, EPOCH)
    with tf.GradientTape() as tape:
        outputs = plain.with_kl(plain.draw(batch.corrupted, batch.seeds, objective.samples, training=True))
        loss = tf.reduce_mean(objective(batch.clean, {**outputs, **of_batch(batch.clean)}, weights(objective))["loss"])
    return tape.gradient(loss, plain.trainable_variables)


def step_gradients(case: str, indices: list[int]) -> list[np.ndarray]:
    """What a step of gradient descent at rate 1 takes away from the weights."""
    bottleneck, objective, prior = CASES[case]
    trained = model(bottleneck, prior, objective)
    before = trained.get_weights()
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.build(trained.trainable_variables)
    steps = TrainStep(fuse_convolutions(trained), PAIRS, objective, optimizer, SIZE).compiled()
    row = indices + [NO_IMAGE] * (SIZE - len(indices))
    steps(tf.constant([row]), EPOCH, EPOCH, weights(objective))
    return [old - new for old, new in zip(before, trained.get_weights(), strict=True)]


@pytest.mark.parametrize(
    ("case", "count", "shard", "at_once"),
    [
        ("deterministic", SIZE, 64, 1024),
        ("gaussian", SIZE - 5, 64, 1024),
        ("deterministic", SIZE - 5, 5, 1024),
        ("gaussian", SIZE, 5, 1024),
        ("deterministic", SIZE, 3, 6),
        ("gaussian", SIZE - 5, 3, 6),
        ("dreg", SIZE - 5, 5, 1024),
        ("batch", SIZE - 5, 5, 1024),
        ("batch dreg", SIZE, 3, 1024),
        ("vamp", SIZE - 5, 5, 6),
    ],
)
def test_gradient_is_the_mean_over_the_batch(monkeypatch, case, shard, at_once, count):
    monkeypatch.setattr(module, "SHARD", shard)
    monkeypatch.setattr(module, "IMAGES_AT_ONCE", at_once)
    indices = [39, 7, 0, *range(10, 7 + count)][:count]
    for plain, fast in zip(plain_gradients(case, indices), step_gradients(case, indices), strict=True):
        np.testing.assert_allclose(fast, plain, rtol=0, atol=1e-5 * max(1, np.abs(plain).max()))


def test_rows_are_steps_and_their_sums_add_up():
    one, two = model(Deterministic()), model(Deterministic())
    rows = tf.constant([list(range(SIZE)), [*range(20, 30), *[NO_IMAGE] * (SIZE - 10)]])
    sums = []
    for each, calls in ((one, [rows]), (two, [rows[:1], rows[1:]])):
        optimizer = keras.optimizers.Adam(0.01)
        optimizer.build(each.trainable_variables)
        steps = TrainStep(fuse_convolutions(each), PAIRS, OBJECTIVE, optimizer, SIZE).compiled()
        sums.append(sum(float(steps(call, EPOCH, EPOCH, weights(OBJECTIVE))["loss"]) for call in calls))
    assert sums[0] == pytest.approx(sums[1], rel=1e-5)
    for first, second in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(first, second, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_validation_means_what_the_plain_model_gives(case):
    bottleneck, objective, prior = CASES[case]
    plain = model(bottleneck, prior, objective)
    batch = PAIRS.batch(tf.range(len(PAIRS)), EVALUATION_EPOCH, EVALUATION_EPOCH)
    outputs = plain.with_kl(plain.draw(batch.corrupted, batch.seeds, objective.samples))
    expected = objective(batch.clean, {**outputs, **of_batch(batch.clean)}, weights(objective))
    judge = Evaluator(plain, PAIRS, METRICS, None, (), (), source(0), objective=objective)
    means = objective.weigh(judge.means(), objective.weights(0), judge.pixels)
    assert means.keys() == expected.keys()
    for name, values in expected.items():
        assert means[name] == pytest.approx(float(tf.reduce_mean(values)), rel=1e-4)


def test_weights_that_the_loss_does_not_reach_stay_as_they_are():
    trained = model(Gaussian())
    prior = GaussianMixture(components=2, initial_std=1.0)
    trained = Autoencoder(trained.encoder, trained.bottleneck, trained.decoder, prior)
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.build(trained.trainable_variables)
    before, networks = prior.get_weights(), trained.decoder.get_weights()
    steps = TrainStep(fuse_convolutions(trained), PAIRS, OBJECTIVE, optimizer, SIZE).compiled()
    steps(tf.constant([list(range(SIZE))]), EPOCH, EPOCH, weights(OBJECTIVE))
    assert all(map(np.array_equal, prior.get_weights(), before))
    assert not all(map(np.array_equal, trained.decoder.get_weights(), networks))
