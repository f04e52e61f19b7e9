"""The result of a restoration, written to a PNG file."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from aeexp.datasets.readers.picture import Picture, over_white
from aeexp.inference.contact_sheet import BandThumbnail, thumbnail
from aeexp.inference.png import PngWriter
from aeexp.runtime.files import write_output

if TYPE_CHECKING:
    from aeexp.inference.predictor import Restoration

PART = 1 << 22
"""Bytes of pixels that are written at a time."""

PROFILES = {"RGB": b"RGB ", "L": b"GRAY"}
"""The color space that a profile must state, by the mode of the pixels."""


def write_restoration(
    restoration: "Restoration", picture: Picture, path: Path
) -> tuple[list[Image.Image], tuple[str, ...]]:
    """Write a restored image as the picture was stored: with its opacity, bit depth, color profile and resolution.

    Returns:
        The thumbnails of the image before and after restoration, and of the clean one; and what was lost.

    Raises:
        OutputError: if the file cannot be written.
    """
    height, width, channels = restoration.shape
    alpha, profile = restoration.alpha, _fitting_profile(picture, "L" if channels == 1 else "RGB")
    shape = (height, width, channels + (alpha is not None))
    restored = BandThumbnail((width, height))
    with write_output(path) as part, PngWriter(part, shape, restoration.bits, profile, picture.dpi) as file:
        top = 0
        for band in _parts(restoration.bands):
            restored.add(band if restoration.bits == 8 else (band >> 8).astype(np.uint8))
            file.write(band if alpha is None else _with_alpha(band, alpha, top, restoration.bits))
            top += len(band)
    whole = [None if each is None else thumbnail(each) for each in (restoration.given, restoration.clean)]
    thumbnails = [_visible(each, alpha) for each in (whole[0], restored.finish(), whole[1]) if each is not None]
    lost = () if profile == picture.icc_profile else ("its color profile does not fit the result and is not kept",)
    return thumbnails, (*picture.lost, *lost)


def _parts(bands: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The same rows in parts of some megabytes."""
    for band in bands:
        rows = max(1, PART // band[0].nbytes)
        yield from (band[top : top + rows] for top in range(0, len(band), rows))


def _fitting_profile(picture: Picture, mode: str) -> bytes | None:
    profile = picture.icc_profile
    return profile if profile and profile[16:20] == PROFILES[mode] else None


def _visible(small: Image.Image, alpha: Image.Image | None) -> Image.Image:
    """A thumbnail over white, where its image is transparent."""
    return over_white(small, None if alpha is None else alpha.resize(small.size))


def _with_alpha(band: np.ndarray, alpha: Image.Image, top: int, bits: int) -> np.ndarray:
    """A band of rows with its opacity as last channel."""
    opacity = np.asarray(alpha.crop((0, top, alpha.width, top + len(band))))[..., np.newaxis]
    return np.concatenate([band, opacity if bits == 8 else opacity.astype(np.uint16) * 257], axis=2)
