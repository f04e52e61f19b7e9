"""Fully convolutional networks before images of any size."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import keras
import numpy as np
from keras import layers

from aeexp.models.autoencoder import Autoencoder
from aeexp.types import Shape

KEPT = 512
"""Pixels along a side of a tile that are kept; around them come those that only lend their influence."""

STEPS = [2**power for power in range(11)]

TAPS_ASIDE = {"nearest": 0, "bilinear": 1, "bicubic": 2}
"""How far an upsampling looks to either side, in pixels of its input."""


class Tile(NamedTuple):
    """A stretch of one axis: where it starts, and from where to where its result is kept."""

    start: int
    kept_from: int
    kept_to: int


@dataclass(frozen=True)
class Tiling:
    """Runs a trained network over an image of any size in overlapping tiles.

    A network meets its own zeros at the edge of a tile. They change the result only as far as its reach, and so much
    of each tile is thrown away: the tiles together are what the whole image at once would give.

    Args:
        model: whose every layer keeps height and width as axes.
        sides: height and width of the inputs that it was trained on; others may be larger by whole steps.
        step: pixels of the input by which the network's grids grow together.
        scale: how many times larger its output is.
        reach: pixels of the input to either side that a pixel of the output may depend on.
        kept: pixels along a side of a tile that are kept.
    """

    model: Autoencoder
    sides: tuple[int, int]
    step: int
    scale: int
    reach: int
    kept: int = KEPT

    @classmethod
    def of(cls, model: Autoencoder) -> "Tiling | None":
        """The tiling that suits a network, or None where it takes images of one size alone.

        That is so where a layer mixes all places, as a dense one does, or the grids do not grow with the image.
        """
        sides, outcome = model.encoder.inputs[0].shape[1:3], model.decoder.output.shape[1:3]
        reach = _reach(model)
        if reach is None or any(after % before for before, after in zip(sides, outcome, strict=True)):
            return None
        scale = outcome[0] // sides[0]
        for step in STEPS:
            if _output_sides(model, (sides[0] + step, sides[1] + step)) == (
                scale * (sides[0] + step),
                scale * (sides[1] + step),
            ):
                return cls(model, tuple(sides), step, scale, reach + step)
        return None

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """Float32 [N, h, w, c] -> [N, scale·h, scale·w, C], both in [0, 1]."""
        padded = np.pad(images, self._missing(images.shape), mode="reflect")
        size = padded.shape[1:3]
        sides = [self._side(length, axis) for axis, length in enumerate(size)]
        network = _at_size(self.model, (*sides, images.shape[3]))
        channels = self.model.decoder.output.shape[3]
        restored = np.empty((len(images), size[0] * self.scale, size[1] * self.scale, channels), np.float32)
        for row in self._tiles(size[0], sides[0]):
            for column in self._tiles(size[1], sides[1]):
                tile = padded[:, row.start : row.start + sides[0], column.start : column.start + sides[1]]
                result = np.asarray(network(tile)["reconstruction"])
                restored[:, *self._place(row, column, 0, 0)] = result[
                    :, *self._place(row, column, row.start, column.start)
                ]
        return restored[:, : images.shape[1] * self.scale, : images.shape[2] * self.scale]

    def _missing(self, shape: Shape) -> list[tuple[int, int]]:
        """What each axis lacks to be a size that the network takes."""
        lengths = zip(shape[1:3], self.sides, strict=True)
        after = [
            trained - length if length < trained else (trained - length) % self.step for length, trained in lengths
        ]
        return [(0, 0), *((0, pixels) for pixels in after), (0, 0)]

    def _side(self, length: int, axis: int) -> int:
        """Of the tiles along an axis of some length."""
        trained = self.sides[axis]
        needed = max(self.kept, self.step) + 2 * self.reach
        return min(length, trained + max(0, math.ceil((needed - trained) / self.step)) * self.step)

    def _tiles(self, length: int, side: int) -> list[Tile]:
        advance = max(self.step, (side - 2 * self.reach) // self.step * self.step)
        starts = [*range(0, length - side, advance), length - side]
        cuts = [0, *(start + self.reach for start in starts[1:]), length]
        return [Tile(start, *cuts[place : place + 2]) for place, start in enumerate(starts)]

    def _place(self, row: Tile, column: Tile, top: int, left: int) -> tuple[slice, slice]:
        """What is kept of a tile, in pixels of the output, counted from a corner in pixels of the input."""
        ends = ((row.kept_from - top, row.kept_to - top), (column.kept_from - left, column.kept_to - left))
        first, second = (slice(self.scale * begin, self.scale * end) for begin, end in ends)
        return first, second


@lru_cache(maxsize=8)
def _at_size(model: Autoencoder, shape: Shape) -> Autoencoder:
    """The same layers before inputs of another size.

    Raises:
        ValueError: where they do not take it.
    """
    encoder = _called_on(model.encoder, shape)
    code = model.bottleneck.sample(encoder.output, None).shape[1:]
    return model.with_networks(encoder, _called_on(model.decoder, code))


def _called_on(model: keras.Model, shape: Shape, call: Any = None) -> keras.Model:
    inputs = keras.tree.map_structure(lambda _: keras.Input(shape), model.input)
    return keras.models.clone_model(
        model, input_tensors=inputs, clone_function=lambda layer: layer, call_function=call or _call
    )


def _call(layer: layers.Layer, *inputs: Any, **options: Any) -> Any:
    return layer(*inputs, **options)


def _output_sides(model: Autoencoder, sides: tuple[int, int]) -> tuple[int, ...] | None:
    try:
        return _at_size(model, (*sides, model.encoder.inputs[0].shape[3])).decoder.output.shape[1:3]
    except ValueError:
        return None


def _reach(model: Autoencoder) -> int | None:
    """An upper bound: what all layers look aside, one after the other. None where a layer mixes all places."""
    aside, axes_kept = 0.0, True

    def call(layer: layers.Layer, *inputs: Any, **options: Any) -> Any:
        nonlocal aside, axes_kept
        results = layer(*inputs, **options)
        axes_kept = axes_kept and all(len(result.shape) == 4 for result in keras.tree.flatten(results))
        grid = keras.tree.flatten(inputs)[0].shape[1:3]
        pixels = max(side / cells for side, cells in zip(sides, grid, strict=True)) if axes_kept else 0
        aside += _taps_aside(layer) * pixels
        return results

    sides = model.encoder.inputs[0].shape[1:3]
    for part in (model.encoder, model.decoder):
        _called_on(part, part.inputs[0].shape[1:], call)
    return math.ceil(aside) if axes_kept else None


def _taps_aside(layer: layers.Layer) -> int:
    """How far a layer looks to either side, in pixels of its input."""
    if isinstance(layer, layers.UpSampling2D):
        return TAPS_ASIDE[layer.interpolation]
    sizes = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None) or (1,)
    dilation = max(getattr(layer, "dilation_rate", (1,)))
    return dilation * (max(sizes) // 2)
