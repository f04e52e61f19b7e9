"""Structural similarity (SSIM) and its form over several scales, for metrics and loss terms."""

from __future__ import annotations

import numpy as np

from aeexp.lazy import tf

WINDOW, SIGMA = 11, 1.5
C1, C2 = 0.01**2, 0.03**2

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the scales, the finest first; those that fit are divided by their sum."""


def multiscale_similarity(targets: tf.Tensor, reconstructions: tf.Tensor, least: float = 0.0) -> tf.Tensor:
    """The MS-SSIM of each image, [N, H, W, C] -> [N].

    Args:
        least: to which the similarity of a scale is raised, above 0 where a gradient is needed.
    """
    scales = _scales(min(targets.shape[1:3]))
    total, result = sum(WEIGHTS[:scales]), tf.constant(1.0, targets.dtype)
    for scale, weight in enumerate(WEIGHTS[:scales]):
        luminance, structure = similarity(targets, reconstructions)
        is_last = scale == scales - 1
        factor = tf.reduce_mean(luminance * structure if is_last else structure, [1, 2])
        result *= tf.pow(tf.maximum(factor, least), weight / total)
        if not is_last:
            targets, reconstructions = _half(targets), _half(reconstructions)
    return tf.reduce_mean(result, -1)


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


def _scales(side: int) -> int:
    """How many scales have sides of a window."""
    return max(1, sum(side // 2**scale >= WINDOW for scale in range(len(WEIGHTS))))


def _half(images: tf.Tensor) -> tf.Tensor:
    """Means of 2×2 pixels; an odd side is mirrored by one pixel."""
    height, width = images.shape[1:3]
    padded = tf.pad(images, [[0, 0], [0, height % 2], [0, width % 2], [0, 0]], "SYMMETRIC")
    return tf.nn.avg_pool2d(padded, 2, 2, "VALID")
