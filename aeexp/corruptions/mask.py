"""Masking noise: pixels missing at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.corruptions.corruption import FRACTION, Bounds, Corruption, check_fractions
from aeexp.lazy import tf
from aeexp.runtime.random import uniform
from aeexp.types import Shape


@dataclass(frozen=True)
class Mask(Corruption):
    """Masking noise: random pixels set to a constant, all channels of a pixel together.

    With value 0 this is the masking noise of Vincent et al., "Extracting and Composing Robust Features with Denoising
    Autoencoders", 2008, except that they mask a fixed number of pixels per image.

    Args:
        fraction: probability that a pixel is masked, from 0 to 1.
        value: of a masked pixel, from 0 (black) to 1 (white).
    """

    strength: ClassVar[str | None] = "fraction"
    strength_bounds: ClassVar[Bounds] = FRACTION

    fraction: float
    value: float

    def __post_init__(self) -> None:
        check_fractions(self, "fraction", "value")

    def output_shape(self, shape: Shape) -> Shape:
        return shape

    def __call__(self, images: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
        height, width = images.shape[1:3]
        return tf.where(uniform(seeds, (height, width, 1)) < self.fraction, self.value, images)
