"""Structural similarity (SSIM)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.lazy import tf
from aeexp.metrics.metric import Metric

WINDOW, SIGMA = 11, 1.5
C1, C2 = 0.01**2, 0.03**2


@dataclass(frozen=True)
class Ssim(Metric):
    """Structural similarity: 1 where the images are the same.

    Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004, with its Gaussian
    window of 11 pixels and σ = 1.5, as `tf.image.ssim` computes it. Along a side of fewer than 11 pixels the window
    is the longest odd one that fits.
    """

    label: ClassVar[str] = "SSIM"
    range: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    higher_is_better: ClassVar[bool] = True

    def __call__(self, targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
        luminance, structure = similarity(targets, reconstructions)
        return tf.reduce_mean(luminance * structure, [1, 2, 3])


def similarity(targets: tf.Tensor, reconstructions: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The two factors of the SSIM where the window fits: of luminance, and of contrast and structure, [N, h, w, C]."""
    products = [targets * reconstructions, tf.square(targets) + tf.square(reconstructions)]
    mean, other, product, squares = tf.split(_smooth(tf.concat([targets, reconstructions, *products], -1)), 4, -1)
    means, square_means = 2 * mean * other, tf.square(mean) + tf.square(other)
    luminance = (means + C1) / (square_means + C1)
    structure = (2 * product - means + C2) / (squares - square_means + C2)
    return luminance, structure


def _smooth(images: tf.Tensor) -> tf.Tensor:
    """Gaussian means along one side and then along the other: 22 multiplications a pixel in place of 121."""
    height, width, channels = images.shape[1:]
    for window, shape in ((_window(height), (-1, 1)), (_window(width), (1, -1))):
        kernel = np.tile(window.reshape(*shape, 1, 1), (channels, 1))
        images = tf.nn.depthwise_conv2d(images, tf.constant(kernel, images.dtype), [1, 1, 1, 1], "VALID")
    return images


def _window(side: int) -> np.ndarray:
    """Gaussian weights that sum to 1, [taps]."""
    radius = (min(side, WINDOW) - 1) // 2
    weights = np.exp(-np.square(np.arange(-radius, radius + 1) / SIGMA) / 2)
    return weights / weights.sum()
