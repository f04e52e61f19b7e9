"""Grayscale of more than 8 bits: whole numbers or floating-point numbers, scaled to [0, 1]."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

BAND = 1 << 20
"""Pixels scaled at a time."""

DEPTHS = (8, 10, 12, 14)
"""Bits of cameras and scanners that are stored in 16."""

WHITE_IS_ZERO, STATED = 262, ((280, 281), (340, 341))
"""TIFF tags: photometric interpretation, and the least and the largest value."""

OWN_RANGE = "its values state no range: their smallest is taken for black and their largest for white"


class Range(NamedTuple):
    """The values of black and white, and what was assumed for them."""

    black: float
    white: float
    assumed: tuple[str, ...] = ()


def is_deep_gray(image: Image.Image) -> bool:
    """Whether an image has one channel of more than 8 bits."""
    return image.mode == "F" or image.mode.startswith("I")


def scaled_to_unit_range(
    image: Image.Image, tags: Mapping[int, Any], raw_mode: str
) -> tuple[Image.Image, tuple[str, ...]]:
    """An image scaled to [0, 1] in mode `F`, and what was assumed.

    Floating-point values in [0, 1] and 16 bits are taken as they are. Values with a stated range are scaled from it,
    16 bits whose highest ones are never used from those that are, and all others from their own range.

    Args:
        image: for which `is_deep_gray`.
        tags: of a TIFF file.
        raw_mode: how Pillow reads the file.

    Raises:
        ValueError: for values that are not finite.
    """
    low, high = _extremes(image)
    if not np.isfinite([low, high]).all():
        raise ValueError("its pixels are not all finite numbers; replace NaN and infinity")
    black, white, assumed = _range(image, low, high, tags, raw_mode)
    if tags.get(WHITE_IS_ZERO) == 0:
        black, white = white, black
    scaled = Image.new("F", image.size)
    for top, band in _bands(image):
        pixels = (band.astype(np.float64) - black) / (white - black)
        scaled.paste(Image.fromarray(np.clip(pixels, 0, 1).astype(np.float32)), (0, top))
    return scaled, assumed


def _range(image: Image.Image, low: float, high: float, tags: Mapping[int, Any], raw_mode: str) -> Range:
    if stated := _stated(tags):
        return stated
    if image.mode == "F" and low >= -0.5 and high <= 1.5:
        return Range(0, 1, () if low >= 0 and high <= 1 else ("its values outside 0 to 1 are clipped",))
    if image.mode.startswith("I;16") or image.format == "PPM" or (image.format == "PNG" and low >= 0):
        return _sixteen_bits(high, 12 if raw_mode == "I;12" else None)
    return Range(low, high, (OWN_RANGE,)) if low < high else Range(min(low, 0), max(high, 1), (OWN_RANGE,))


def _stated(tags: Mapping[int, Any]) -> Range | None:
    for lowest, highest in STATED:
        if highest in tags:
            black, white = (np.ravel(tags.get(tag, 0))[0] for tag in (lowest, highest))
            if black < white:
                return Range(float(black), float(white))
    return None


def _sixteen_bits(high: float, stored: int | None) -> Range:
    used = stored or next((bits for bits in DEPTHS if high < 2**bits), 16)
    guessed = high and not stored and used < 16
    note = (f"no value is above {2**used - 1}: taken for {used} bits in 16",) if guessed else ()
    return Range(0, 2**used - 1, note)


def _extremes(image: Image.Image) -> tuple[float, float]:
    extremes = [(float(band.min()), float(band.max())) for _, band in _bands(image)]
    return float(np.min([low for low, _ in extremes])), float(np.max([high for _, high in extremes]))


def _bands(image: Image.Image) -> Any:
    """Pairs of a first row and the values of some rows."""
    rows = max(1, BAND // image.width)
    for top in range(0, image.height, rows):
        yield top, np.asarray(image.crop((0, top, image.width, min(top + rows, image.height))))
