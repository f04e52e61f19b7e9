"""How near a reconstruction comes to its target, image by image."""

import keras
import numpy as np
import tensorflow as tf

IMAGE_METRICS = ("bce", "mse", "mae", "psnr", "ssim")

LEAST_MSE = 1e-10
WINDOW = 11
SPREAD = 1.5
STEADY_MEANS, STEADY_VARIANCES = 0.01**2, 0.03**2


def image_metrics(targets: tf.Tensor, reconstructions: tf.Tensor) -> dict[str, tf.Tensor]:
    """All metrics of a batch, each float32 [N].

    Args:
        targets: float32 [N, H, W, C] in [0, 1].
        reconstructions: the same shape and range.

    Returns:
        `bce` (nats), `mse` and `mae`, means over pixels; `psnr` (dB), at most 100; `ssim`, at most 1.
    """
    axes = [1, 2, 3]
    mse = tf.reduce_mean(tf.square(targets - reconstructions), axes)
    return {
        "bce": tf.reduce_mean(keras.ops.binary_crossentropy(targets, reconstructions), axes),
        "mse": mse,
        "mae": tf.reduce_mean(tf.abs(targets - reconstructions), axes),
        "psnr": psnr(mse),
        "ssim": ssim(targets, reconstructions),
    }


def psnr(mse: tf.Tensor) -> tf.Tensor:
    """−10·log₁₀(mse), the ratio of peak signal to noise in dB, [N]; a perfect image has 100."""
    return -10.0 * tf.math.log(tf.maximum(mse, LEAST_MSE)) / tf.math.log(10.0)


def ssim(targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
    """Structural similarity, [N]: 1 where the images are the same.

    Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004, with its Gaussian
    window of 11 pixels and σ = 1.5, as `tf.image.ssim` computes it. Along a side of fewer than 11 pixels the window
    is the longest odd one that fits.
    """
    products = [targets * reconstructions, tf.square(targets) + tf.square(reconstructions)]
    mean, other, product, squares = tf.split(_smooth(tf.concat([targets, reconstructions, *products], -1)), 4, -1)
    means, square_means = 2 * mean * other, tf.square(mean) + tf.square(other)
    luminance = (means + STEADY_MEANS) / (square_means + STEADY_MEANS)
    structure = (2 * product - means + STEADY_VARIANCES) / (squares - square_means + STEADY_VARIANCES)
    return tf.reduce_mean(luminance * structure, [1, 2, 3])


def _smooth(images: tf.Tensor) -> tf.Tensor:
    """Gaussian means along one side and then along the other: 22 multiplications a pixel in place of 121."""
    height, width, channels = images.shape[1:]
    for window, shape in ((_window(height), (-1, 1)), (_window(width), (1, -1))):
        kernel = np.tile(window.reshape(*shape, 1, 1), (channels, 1))
        images = tf.nn.depthwise_conv2d(images, tf.constant(kernel, images.dtype), [1, 1, 1, 1], "VALID")
    return images


def _window(side: int) -> np.ndarray:
    """Gaussian weights that sum to 1, [taps]."""
    reach = (min(side, WINDOW) - 1) // 2
    weights = np.exp(-np.square(np.arange(-reach, reach + 1) / SPREAD) / 2)
    return weights / weights.sum()
