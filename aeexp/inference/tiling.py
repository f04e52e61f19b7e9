"""Fully convolutional inference on images of any size, in overlapping tiles."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from aeexp.models.autoencoder import Autoencoder
from aeexp.types import Shape

CORE = 512
"""Side of the core of a tile in pixels; the core is kept, and the margin around it is discarded."""

GRAPH_PIXELS = 256 * 256
"""Pixels of a tile from which its memory matters more than the time to build a graph."""

TOGETHER_PIXELS = 4_000_000
"""Pixels up to which images, such as the channels of a color image, are restored as one batch.

It takes the memory of all of them. One by one they give the same but for the rounding of float32.
"""

Rows = Callable[[int, int], np.ndarray]

STEPS = [2**power for power in range(11)]

UPSAMPLING_RADIUS = {"nearest": 0, "bilinear": 1, "bicubic": 2}
"""Kernel radius of an upsampling layer by its interpolation, in pixels of its input."""


class Tile(NamedTuple):
    """A tile along one axis: its start, and the start and end of its core."""

    start: int
    core_start: int
    core_end: int


@dataclass(frozen=True)
class Tiling:
    """A trained network applied to images of any size in overlapping tiles.

    Zero padding at the border of a tile affects the output only within the receptive field. A margin of that width is
    discarded from each tile, so the result equals that for the whole image at once.

    Args:
        model: a network whose layers all keep height and width as axes.
        trained_size: height and width of the inputs in training; inputs may be larger by multiples of `step`.
        step: multiple of pixels of the input by which all feature maps of the network grow by whole pixels.
        scale: upscaling factor from input to output.
        receptive_radius: of the receptive field: an output pixel depends on input pixels up to this distance.
        core: side of the core of a tile in pixels.
    """

    model: Autoencoder
    trained_size: tuple[int, int]
    step: int
    scale: int
    receptive_radius: int
    core: int = CORE

    @classmethod
    def from_model(cls, model: Autoencoder) -> "Tiling | None":
        """The tiling for a network, or None if the network accepts images of a single size only.

        That is the case if a layer mixes all positions, as a dense layer does, or if the output does not grow in
        proportion to the input.
        """
        size, output_size = model.encoder.inputs[0].shape[1:3], model.decoder.output.shape[1:3]
        radius = _receptive_radius(model)
        if radius is None or any(after % before for before, after in zip(size, output_size, strict=True)):
            return None
        scale = output_size[0] // size[0]
        for step in STEPS:
            larger = (size[0] + step, size[1] + step)
            if _output_size(model, larger) == (scale * larger[0], scale * larger[1]):
                return cls(model, tuple(size), step, scale, radius + step)
        return None

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Restore images, float32 [N, h, w, c] -> [N, scale·h, scale·w, C], both in [0, 1]."""
        return np.concatenate([*self.bands(lambda top, bottom: images[:, top:bottom], images.shape)], axis=1)

    def bands(
        self, rows: Rows, shape: Shape, encode: Callable[[np.ndarray], np.ndarray] = np.asarray
    ) -> Iterator[np.ndarray]:
        """Restore images in bands of rows, so that no more than a band of them is in memory.

        Args:
            rows: gives the pixels between two rows, float32 [N, rows, w, c] in [0, 1].
            shape: [N, h, w, c] of all images.
            encode: applied to each part of the result, to keep it in a smaller data type.

        Yields:
            [N, rows, scale·w, C] from top to bottom.
        """
        lines, columns = (np.pad(np.arange(n), (0, after), mode="reflect") for n, after in self._padded(shape))
        size = (len(lines), len(columns))
        sides = [self._tile_side(length, axis) for axis, length in enumerate(size)]
        restore = _restoration(self.model, (*sides, shape[3]))
        batches = 1 if shape[1] * shape[2] <= TOGETHER_PIXELS else shape[0]
        for row in self._tiles(size[0], sides[0]):
            if row.core_start >= shape[1]:
                return
            needed = lines[row.start : row.start + sides[0]]
            first, strip = needed.min(), rows(needed.min(), needed.max() + 1)
            parts = []
            for column in self._tiles(size[1], sides[1]):
                tile = strip[:, :, columns[column.start : column.start + sides[1]]][:, needed - first]
                results = (restore(batch)[:, *self._core(row, column)] for batch in np.split(tile, batches))
                parts.append(np.concatenate([encode(result) for result in results]))
            band = np.concatenate(parts, axis=2)
            yield band[:, : self.scale * (shape[1] - row.core_start), : self.scale * shape[2]]

    def _padded(self, shape: Shape) -> list[tuple[int, int]]:
        """Height and width, each with its padding to the next length that the network accepts."""
        lengths = zip(shape[1:3], self.trained_size, strict=True)
        return [
            (length, trained - length if length < trained else (trained - length) % self.step)
            for length, trained in lengths
        ]

    def _tile_side(self, length: int, axis: int) -> int:
        """The side of the tiles along an axis of the given length."""
        trained = self.trained_size[axis]
        needed = max(self.core, self.step) + 2 * self.receptive_radius
        return min(length, trained + max(0, math.ceil((needed - trained) / self.step)) * self.step)

    def _tiles(self, length: int, side: int) -> list[Tile]:
        advance = max(self.step, (side - 2 * self.receptive_radius) // self.step * self.step)
        starts = [*range(0, length - side, advance), length - side]
        cuts = [0, *(start + self.receptive_radius for start in starts[1:]), length]
        return [Tile(start, *cuts[index : index + 2]) for index, start in enumerate(starts)]

    def _core(self, row: Tile, column: Tile) -> tuple[slice, slice]:
        """The core of a tile in pixels of the output, relative to the corner of the tile."""
        first, second = (
            slice(self.scale * (tile.core_start - tile.start), self.scale * (tile.core_end - tile.start))
            for tile in (row, column)
        )
        return first, second


@lru_cache(maxsize=8)
def _restoration(model: Autoencoder, shape: Shape) -> Callable[[np.ndarray], np.ndarray]:
    """The network for inputs of another shape, as a function from images to reconstructions.

    A graph frees each feature map as soon as it is used, which saves most of the memory for large tiles. It is not
    rewritten, so that it gives the same numbers as the layers do one after another.
    """
    network = _with_input_shape(model, shape)
    if shape[0] * shape[1] < GRAPH_PIXELS:
        return lambda images: np.asarray(network(images)["reconstruction"])
    graph = tf.function(lambda images: network(images)["reconstruction"], autograph=False)

    def restore(images: np.ndarray) -> np.ndarray:
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
        try:
            return graph(tf.constant(images)).numpy()
        finally:
            tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": False})

    return restore


@lru_cache(maxsize=8)
def _with_input_shape(model: Autoencoder, shape: Shape) -> Autoencoder:
    """The same layers and weights for inputs of another shape.

    Raises:
        ValueError: if the layers do not accept it.
    """
    encoder = _rebuild(model.encoder, shape)
    code = model.bottleneck.sample(encoder.output, None).shape[1:]
    return model.with_networks(encoder, _rebuild(model.decoder, code))


def _rebuild(model: keras.Model, shape: Shape, call: Any = None) -> keras.Model:
    inputs = keras.tree.map_structure(lambda _: keras.Input(shape), model.input)
    return keras.models.clone_model(
        model, input_tensors=inputs, clone_function=lambda layer: layer, call_function=call or _call
    )


def _call(layer: layers.Layer, *inputs: Any, **options: Any) -> Any:
    return layer(*inputs, **options)


def _output_size(model: Autoencoder, size: tuple[int, int]) -> tuple[int, ...] | None:
    try:
        return _with_input_shape(model, (*size, model.encoder.inputs[0].shape[3])).decoder.output.shape[1:3]
    except ValueError:
        return None


def _receptive_radius(model: Autoencoder) -> int | None:
    """Upper bound of the radius of the receptive field, in pixels of the input; None if a layer mixes all positions.

    The bound is the sum of the kernel radii of all layers.
    """
    radius, axes_kept = 0.0, True

    def call(layer: layers.Layer, *inputs: Any, **options: Any) -> Any:
        nonlocal radius, axes_kept
        results = layer(*inputs, **options)
        axes_kept = axes_kept and all(len(result.shape) == 4 for result in keras.tree.flatten(results))
        grid = keras.tree.flatten(inputs)[0].shape[1:3]
        pixels = max(side / cells for side, cells in zip(size, grid, strict=True)) if axes_kept else 0
        radius += _kernel_radius(layer) * pixels
        return results

    size = model.encoder.inputs[0].shape[1:3]
    for part in (model.encoder, model.decoder):
        _rebuild(part, part.inputs[0].shape[1:], call)
    return math.ceil(radius) if axes_kept else None


def _kernel_radius(layer: layers.Layer) -> int:
    """Kernel radius of a layer, in pixels of its input."""
    if isinstance(layer, layers.UpSampling2D):
        return UPSAMPLING_RADIUS[layer.interpolation]
    sizes = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None) or (1,)
    dilation = max(getattr(layer, "dilation_rate", (1,)))
    return dilation * (max(sizes) // 2)
