"""How near a reconstruction comes to its target, image by image."""

import keras
import tensorflow as tf

IMAGE_METRICS = ("bce", "mse", "mae", "psnr", "ssim")


def image_metrics(targets: tf.Tensor, reconstructions: tf.Tensor) -> dict[str, tf.Tensor]:
    """`bce`, `mse`, `mae` (means over pixels), `psnr` and `ssim`, each float32 [N]. Placeholder until merged."""
    axes = [1, 2, 3]
    mse = tf.reduce_mean(tf.square(targets - reconstructions), axes)
    return {
        "bce": tf.reduce_mean(keras.ops.binary_crossentropy(targets, reconstructions), axes),
        "mse": mse,
        "mae": tf.reduce_mean(tf.abs(targets - reconstructions), axes),
        "psnr": -10.0 * tf.math.log(tf.maximum(mse, 1e-10)) / tf.math.log(10.0),
        "ssim": tf.image.ssim(targets, reconstructions, max_val=1.0),
    }
