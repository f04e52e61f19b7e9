"""Codes of images and images of codes, computed by a trained model on arrays."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from aeexp.errors import DataError
from aeexp.inference.tiling import Tiling
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.fast_conv import fuse_convolutions
from aeexp.runtime.sharding import map_shards
from aeexp.types import Shape

BLOCK = 500
"""Images computed at a time."""

Network = Callable[[tf.Tensor], tf.Tensor]


@dataclass(frozen=True)
class Codec:
    """Codec of a trained autoencoder: images to codes and back, both as float32 arrays.

    Args:
        model: the trained network.
    """

    model: Autoencoder

    @property
    def input_shape(self) -> Shape:
        """Shape (h, w, c) of the inputs in training."""
        return tuple(self.model.encoder.inputs[0].shape[1:])

    @property
    def code_shape(self) -> Shape:
        """Shape of the code of one image."""
        return tuple(self.model.decoder.input.shape[1:])

    def encode(self, images: np.ndarray) -> np.ndarray:
        """The most likely code of each image, [N, h, w, c] in [0, 1] -> [N, …]."""
        return _in_blocks(self._encoder, images)

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The image of each code, [N, …] -> [N, H, W, C] in [0, 1].

        Raises:
            DataError: for codes of another shape, or with numbers that are not finite.
        """
        codes = codes.astype(np.float32)
        if codes.shape[1:] != self.code_shape or not len(codes):
            raise DataError(f"codes must have shape [N, {_sides(self.code_shape)}]. Received {list(codes.shape)}.")
        if not np.isfinite(codes).all():
            raise DataError("codes must be finite numbers. Received NaN or infinity.")
        return _in_blocks(self._decoder, codes)

    def reconstruct(self, images: np.ndarray) -> np.ndarray:
        """The output for each image of the trained size, [N, h, w, c] -> [N, H, W, C], both in [0, 1]."""
        return _in_blocks(lambda block: self._decoder(self._encoder(block)), images)

    def restore(self, images: np.ndarray) -> np.ndarray:
        """The output for each image of any size that the network takes, [N, h, w, C] -> [N, H, W, C], both in [0, 1].

        Red, green and blue are restored separately by a grayscale network, and gray as color by a color network.

        Raises:
            DataError: for another size than that of the training, where the network takes no other.
        """
        count, channels = len(images), self.input_shape[2]
        if channels == 1 and images.shape[3] == 3:
            separate = self.restore(images.transpose(0, 3, 1, 2).reshape(3 * count, *images.shape[1:3], 1))
            return separate.reshape(count, 3, *separate.shape[1:3]).transpose(0, 2, 3, 1)
        pixels = np.broadcast_to(images, (*images.shape[:3], channels))
        if pixels.shape[1:] == self.input_shape:
            return self.reconstruct(pixels)
        if self._tiling is None:
            raise DataError(
                f"this network takes images of {_times(self.input_shape)} alone. Received {_times(pixels.shape[1:])}; "
                "scale or crop them, or give them as pictures (PIL or a path), which are fitted."
            )
        return np.concatenate([np.clip(self._tiling(pixels[[index]]), 0, 1) for index in range(count)])

    def interpolate(self, first: np.ndarray, second: np.ndarray, steps: int) -> np.ndarray:
        """Images of codes on the line between those of two images, each [1, h, w, c] -> [steps, H, W, C].

        Codes that the bottleneck cannot give are replaced by the nearest ones that it can.
        """
        start, end = self.encode(first), self.encode(second)
        fractions = np.linspace(0, 1, steps, dtype=np.float32).reshape(-1, *[1] * len(self.code_shape))
        return self.decode(np.asarray(self.model.bottleneck.nearest((1 - fractions) * start + fractions * end)))

    @cached_property
    def _tiling(self) -> Tiling | None:
        return Tiling.from_model(self.model)

    @cached_property
    def _fast(self) -> Autoencoder:
        return fuse_convolutions(self.model)

    @cached_property
    def _encoder(self) -> Network:
        def encode(images: tf.Tensor) -> tf.Tensor:
            parameters = self._fast.encoder(images)
            return tf.cast(self._fast.bottleneck.sample(parameters, None), tf.float32)

        return _in_parallel(encode)

    @cached_property
    def _decoder(self) -> Network:
        """Images of codes; what a linear decoder gives beyond black and white is black and white."""
        return _in_parallel(lambda codes: tf.clip_by_value(tf.cast(self._fast.decoder(codes), tf.float32), 0, 1))


def as_codes(codes: ArrayLike) -> np.ndarray:
    """Codes as an array of real numbers.

    Raises:
        DataError: for what is none.
    """
    try:
        array = np.asarray(codes)
    except ValueError as error:  # lists of different lengths
        raise DataError("codes must be an array of numbers, or lists of the same length.") from error
    if array.size and array.dtype.kind not in "biuf":
        raise DataError(f"codes must be real numbers. Received {array.dtype}.")
    return array


def _in_parallel(network: Network) -> Network:
    """A network on all cores, built once."""

    def sharded(values: tf.Tensor) -> tf.Tensor:
        return map_shards(lambda rows: network(tf.gather(values, rows)), tf.range(tf.shape(values)[0]))

    return tf.function(sharded, reduce_retracing=True)


def _in_blocks(network: Network, values: np.ndarray) -> np.ndarray:
    blocks = [values[start : start + BLOCK] for start in range(0, len(values), BLOCK)]
    return np.concatenate([network(tf.constant(block, tf.float32)).numpy() for block in blocks])


def _sides(shape: Shape) -> str:
    return ", ".join(map(str, shape))


def _times(shape: Shape) -> str:
    return "×".join(map(str, shape))
