"""Binary cross-entropy."""

import keras
import tensorflow as tf

from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs


class Bce(Loss):
    """−t·log(r) − (1 − t)·log(1 − r), summed over pixels: each pixel seen as the probability of being white."""

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return sum_over_image(keras.ops.binary_crossentropy(targets, outputs["reconstruction"]))
