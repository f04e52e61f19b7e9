"""Evaluations of untrained models, small enough to draw every report from."""

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.corruptions.downscale import Downscale
from aeexp.corruptions.noise import Noise
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.evaluation.evaluator import Evaluator
from aeexp.evaluation.result import EvaluationResult
from aeexp.evaluation.samples import SampleSource
from aeexp.evaluation.source import Source
from aeexp.metrics.bce import Bce
from aeexp.metrics.mae import Mae
from aeexp.metrics.mse import Mse
from aeexp.metrics.psnr import Psnr
from aeexp.metrics.ssim import Ssim
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.architectures.conv import Conv
from aeexp.models.architectures.dense import Dense
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.bottleneck import Bottleneck
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.bottlenecks.vector_quantized import VectorQuantized
from aeexp.models.priors import prior as priors
from aeexp.models.priors.standard_normal import StandardNormal
from aeexp.models.samplers import gaussian
from aeexp.models.samplers.prior import Prior
from aeexp.types import Shape

HISTORY = [{"train/loss": 2.0, "val/loss": 2.5, "train/mse": 0.2, "val/mse": 0.25}] * 2
METRICS = {"bce": Bce(), "mse": Mse(), "mae": Mae(), "psnr": Psnr(), "ssim": Ssim()}
SMALL_CONV = Conv(stem_filters=4, filters=3, code_size=4)


def autoencoder(
    architecture: Architecture,
    bottleneck: Bottleneck,
    latent_dim: int | None,
    input_shape: Shape,
    output_shape: Shape,
    prior: priors.Prior | None = None,
    needed: Collection[str] = (),
) -> Autoencoder:
    import keras

    keras.utils.set_random_seed(0)
    body = architecture.encoder(input_shape)
    encoder = keras.Model(body.inputs, bottleneck.parameters(body.outputs[0], latent_dim))
    latent = bottleneck.sample(encoder.output, None)
    decoder = architecture.decoder(latent.shape[1:], output_shape)
    return Autoencoder(encoder, bottleneck, decoder, prior or StandardNormal(), needed=needed)


def evaluator(
    bottleneck: Bottleneck,
    latent_dim: int | None,
    *,
    architecture: Architecture = SMALL_CONV,
    corruption: Chain | None = None,
    channels: int = 1,
    count: int = 40,
    labelled: bool = True,
    probes: tuple[int, ...] = (0, 3, 7),
    prior: priors.Prior | None = None,
) -> Evaluator:
    corruption = corruption or Chain({})
    shape = (16, 16, channels)
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (count, *shape), np.uint8)
    model = autoencoder(architecture, bottleneck, latent_dim, corruption.output_shape(shape), shape, prior)
    labels = random.integers(0, 3, count) if labelled else None
    names = ("ankle boot", "bag", "T-shirt/top") if labelled else ()
    pairs = CorruptedPairs(tf.constant(images), corruption, 0)
    samplers = {"prior": Prior()} if bottleneck.probabilistic else {"gaussian": gaussian.Gaussian(images=20)}
    samples = SampleSource(model, samplers, pairs)
    return Evaluator(model, pairs, METRICS, labels, names, probes, source(count), samples=samples)


def source(count: int) -> Source:
    return Source("an untrained run", "shapes", "noise", count)


def decoded_by(
    decode: Callable[[np.ndarray], np.ndarray], evaluation: EvaluationResult
) -> tuple[EvaluationResult, list[np.ndarray]]:
    """The evaluation with another decoder, and the latents that it is asked for."""
    asked: list[np.ndarray] = []

    def decoder(latents: np.ndarray) -> np.ndarray:
        asked.append(latents)
        return decode(latents)

    model = SimpleNamespace(decoder=decoder, bottleneck=evaluation.model.bottleneck, prior=evaluation.prior)
    return replace(evaluation, model=model), asked


FILES = np.array([f"holiday at the lake {number:04}.jpg" for number in range(40)])
HARD_CLASSES = ("$x^", "[/] a\udcff\n{}", "中文")
NOISY, SMALL = Chain({"noise": Noise(mean=0.5, std=0.5)}), Chain({"downscale": Downscale(factor=2)})
LINEAR = Dense([], output_activation="linear")
"""A decoder whose images leave [0, 1]."""

EVALUATORS = {
    "convolutional code": lambda: evaluator(Deterministic(), None),
    "vector": lambda: evaluator(Deterministic(), 6, corruption=NOISY, channels=3),
    "plane": lambda: evaluator(Gaussian(), 2, architecture=Dense([8])),
    "line": lambda: evaluator(Gaussian(), 1, corruption=SMALL),
    "normal features": lambda: evaluator(Gaussian(), None),
    "names of any characters": lambda: replace(evaluator(Deterministic(), 3), class_names=HARD_CLASSES),
    "names of files": lambda: replace(evaluator(Deterministic(), 2, architecture=LINEAR), names=FILES),
    "without labels": lambda: evaluator(Deterministic(), 2, labelled=False),
    "one image": lambda: evaluator(Gaussian(), 3, count=1, probes=(0,)),
    "entries of a codebook": lambda: evaluator(VectorQuantized(codes=8, update="ema", decay=0.9, restart=0.0), None),
    "without probes": lambda: evaluator(Deterministic(), 2, probes=()),
}
"""One of each kind that a report may meet."""


@cache
def evaluation(kind: str) -> EvaluationResult:
    """The evaluation by an evaluator of a kind, made once for all tests, which leave it as it is."""
    found = EVALUATORS[kind]().all_images(HISTORY)
    return replace(found, augmented={"image": found.targets[:4], "epoch 1": found.targets[-4:]})
