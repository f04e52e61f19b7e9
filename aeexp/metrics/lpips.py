"""Learned perceptual image patch similarity (LPIPS)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, ClassVar
from zipfile import BadZipFile

import numpy as np

from aeexp.errors import ConfigError, DataError
from aeexp.lazy import tf
from aeexp.metrics.metric import Metric
from aeexp.types import Shape

SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
"""Mean and spread of the channels in [-1, 1] that the network was trained with."""

LAYERS = ((0, 2), (5, 7), (10, 12, 14), (17, 19, 21), (24, 26, 28))
NAMES = [[f"net.slice{place}.{layer}" for layer in layers] for place, layers in enumerate(LAYERS, 1)]
"""The convolutions of VGG-16 up to each of its five outputs, as the package names them."""

HEAD = "lin{}.model.1.weight"
"""The weights of the channels of an output."""

LEAST_SIDE = 2 ** (len(NAMES) - 1)
"""Of an image that is halved before each output but the first."""

Variables = list[tuple[list[tuple[Any, Any]], Any]]

SMALLEST = 1e-10
"""Added to the length of a feature, which may be 0."""

MAKE = (
    "docs/protocol.md says how the package lpips writes the file. Give it by metric.lpips.weights=lpips_vgg.npz, or "
    "choose the metrics without lpips."
)


@dataclass(frozen=True)
class Lpips(Metric):
    """Distance of the features that VGG-16 has of both images, weighed as people see differences: 0 where none is seen.

    Zhang et al., "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", 2018, as version 0.1 of the
    package `lpips` computes it. A gray image is shown to the network as a color image of three equal channels.

    Args:
        weights: .npz file of the network's weights by their names in that package, each as it is stored there.
    """

    label: ClassVar[str] = "LPIPS"
    range: ClassVar[tuple[float, float]] = (0.0, inf)
    higher_is_better: ClassVar[bool] = False

    weights: str | None

    def check(self, image_shape: Shape) -> None:
        if min(image_shape[:2]) < LEAST_SIDE:
            raise ConfigError(
                f"metric.lpips: needs images of {LEAST_SIDE}×{LEAST_SIDE} pixels or more. Received "
                f"{image_shape[0]}×{image_shape[1]}; choose the metrics without lpips."
            )
        _ = self._variables

    def __call__(self, targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
        variables = self._variables

        def distance(pair: tuple[tf.Tensor, tf.Tensor]) -> tf.Tensor:
            return _distance(tf.stack(pair), variables)

        pairs = (targets, reconstructions)
        return tf.map_fn(distance, pairs, parallel_iterations=1, fn_output_signature=tf.TensorSpec([], tf.float32))

    @cached_property
    def _variables(self) -> Variables:
        """Kernels and biases up to each output, and the weights of its channels; graphs do not copy variables."""
        arrays, variables = self._arrays(), []
        with tf.init_scope():
            for place, names in enumerate(NAMES):
                kernels = [_variable(arrays[f"{name}.weight"], 2, 3, 1, 0) for name in names]
                biases = [_variable(arrays[f"{name}.bias"], 0) for name in names]
                head = _variable(arrays[HEAD.format(place)].reshape(-1), 0)
                variables.append((list(zip(kernels, biases, strict=True)), head))
        return variables

    def _arrays(self) -> dict[str, np.ndarray]:
        if self.weights is None:
            raise ConfigError(f"metric.lpips: needs the weights of its network, which are not part of aeexp; {MAKE}")
        convolutions = [f"{name}.{kind}" for names in NAMES for name in names for kind in ("weight", "bias")]
        try:
            with np.load(os.path.expanduser(self.weights), allow_pickle=False) as file:
                return {name: file[name] for name in [*convolutions, *map(HEAD.format, range(len(NAMES)))]}
        except (OSError, ValueError, TypeError, AttributeError, KeyError, EOFError, BadZipFile) as error:
            raise DataError(
                f"metric.lpips: '{self.weights}' is no .npz file of its weights ({error}); {MAKE}"
            ) from error


def _distance(pair: tf.Tensor, variables: Variables) -> tf.Tensor:
    """The distance of two images [2, H, W, C], a scalar; one pair at a time, as features take much memory."""
    features, distance = (2.0 * tf.broadcast_to(pair, [*pair.shape[:3], 3]) - 1.0 - SHIFT) / SCALE, tf.constant(0.0)
    for place, (convolutions, head) in enumerate(variables):
        if place:
            features = tf.nn.max_pool2d(features, 2, 2, "VALID")
        for kernel, bias in convolutions:
            features = tf.nn.relu(tf.nn.conv2d(features, kernel, 1, "SAME") + bias)
        one, other = tf.unstack(features / (tf.norm(features, axis=-1, keepdims=True) + SMALLEST))
        distance += tf.reduce_mean(tf.reduce_sum(head * tf.square(one - other), -1))
    return distance


def _variable(array: np.ndarray, *axes: int) -> tf.Variable:
    """An array with its axes in another order."""
    return tf.Variable(array.transpose(axes), trainable=False, dtype=tf.float32)
