"""Learned numbers: scalars that loss terms learn beside the weights of the networks."""

from collections.abc import Mapping

import keras
import tensorflow as tf
from keras import layers


class LearnedNumbers(layers.Layer):
    """Scalars such as the log variance of a likelihood, one weight each.

    Args:
        first: their first values by name.
    """

    def __init__(self, first: Mapping[str, float]) -> None:
        super().__init__(dtype="float32")  # whatever the precision of the networks
        self.names = tuple(first)
        self.numbers = [
            self.add_weight(name=name, shape=(), initializer=keras.initializers.Constant(value), dtype="float32")
            for name, value in first.items()
        ]

    def call(self, count: tf.Tensor) -> dict[str, tf.Tensor]:
        """Each number for so many images, float32 [count]."""
        return {
            name: tf.fill([count], tf.convert_to_tensor(each))
            for name, each in zip(self.names, self.numbers, strict=True)
        }
