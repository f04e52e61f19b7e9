"""Pictures given to a trained model: files and images of Pillow, and results as such."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps

from aeexp.api.numbers import whole
from aeexp.datasets.readers.picture import READ_ERRORS, Picture, open_picture, upright
from aeexp.errors import DataError
from aeexp.inference.arrays import ImageArray
from aeexp.types import Shape

if TYPE_CHECKING:
    from aeexp.inference.predictor import Restoration
    from aeexp.models.autoencoder import Autoencoder

PictureLike = Image.Image | str | os.PathLike[str]
Images = np.ndarray | PictureLike | Sequence[np.ndarray | PictureLike]
"""An array [H, W], [H, W, C], [N, H, W] or [N, H, W, C], uint8 in [0, 255] or float in [0, 1]; a picture as an image of
Pillow or the path of a file; or a list of these."""

MAX_PIXELS = 80_000_000
"""As in `conf/predict.yaml`."""


def as_picture(image: Any) -> Picture:
    """The picture of a file or of an image of Pillow, which stays as it is.

    Raises:
        DataError: for what is neither, or cannot be read.
    """
    try:
        if isinstance(image, Image.Image):
            return upright(image.copy())
        if isinstance(image, str | os.PathLike):
            return open_picture(Path(image).expanduser(), MAX_PIXELS)
    except READ_ERRORS as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"'{image}' cannot be read: {reason}.") from error
    raise DataError(
        f"images are given as a NumPy array, an image of Pillow, the path of a file, or a list of these. Received "
        f"{type(image).__name__}."
    )


def restored_picture(model: Autoencoder, clean_shape: Shape, image: Any) -> Image.Image:
    """A picture as `aeexp predict` restores it.

    Args:
        model: the trained network.
        clean_shape: of its outputs in training, (H, W, C).
        image: of Pillow, or the path of a file.
    """
    from aeexp.inference.predictor import Predictor

    predictor = Predictor(model, clean_shape, None, 0, "per_channel", {})
    return _as_image(predictor(as_picture(image), 0))


def _as_image(restoration: Restoration) -> Image.Image:
    """A restored picture in mode `L`, `I;16` or `RGB`, or of 8 bits with its opacity `LA` or `RGBA`."""
    pixels = np.concatenate(list(restoration.bands))
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    if restoration.alpha is not None and pixels.dtype == np.uint8:
        image.putalpha(restoration.alpha)
    return image


def _fitted(image: Any, shape: Shape) -> np.ndarray:
    """A picture scaled and cropped to the shape (h, w, c) of a network's input, float32 in [0, 1]."""
    height, width, channels = shape
    pixels = as_picture(image).pixels
    if pixels.mode == "RGB" and channels == 1:
        pixels = pixels.convert("L")
    small = ImageOps.fit(pixels, (width, height), Image.Resampling.LANCZOS)
    values = np.asarray(small, np.float32) / (1 if small.mode == "F" else 255)
    return np.broadcast_to(values if values.ndim == 3 else values[..., np.newaxis], shape)


def as_batch(images: Images, shape: Shape) -> tuple[np.ndarray, bool]:
    """Images as input of a network, float32 [N, h, w, c] in [0, 1], and whether they are one image.

    Args:
        images: an array of exactly this size, or pictures, which are fitted to it; color becomes gray where needed.
        shape: (h, w, c) of the input.

    Raises:
        DataError: for an unsuitable array, or files that cannot be read.
    """
    if isinstance(images, list | tuple):
        if not images:
            raise DataError("images: at least one is needed. Received an empty list.")
        return np.concatenate([as_batch(image, shape)[0] for image in images]), False
    if not isinstance(images, np.ndarray):
        return _fitted(images, shape)[np.newaxis], True
    given = ImageArray.of(images)
    pixels = given.with_channels(shape[2])
    if pixels.shape[1:] != shape:
        raise DataError(
            f"this network encodes images of {'×'.join(map(str, shape))}. Received "
            f"{'×'.join(map(str, pixels.shape[1:]))}; scale or crop them, or give them as pictures (PIL or a path)."
        )
    return pixels, given.is_single


def as_ends(first: Images, second: Images, shape: Shape, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """The ends of an interpolation in so many steps, each as a batch of one image.

    Raises:
        ConfigError: for fewer than 2 steps.
        DataError: for several images or unsuitable ones.
    """
    whole("steps", steps, 2)
    (start, is_single), (end, also_single) = (as_batch(image, shape) for image in (first, second))
    if not (is_single and also_single):
        raise DataError("interpolate: takes two single images, [H, W] or [H, W, C].")
    return start, end
