"""Image files decoded in parallel into one array, with an on-disk cache."""

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from aeexp.datasets.readers.image import read_image
from aeexp.datasets.readers.image_notes import summarized
from aeexp.datasets.readers.npz import read_npz
from aeexp.datasets.readers.picture import READ_ERRORS
from aeexp.errors import DataError
from aeexp.runtime.files import atomic_write, printable

log = logging.getLogger(__name__)

DECODER_VERSION = 2
"""Increased when images are decoded differently, so that older caches are not used."""

MAX_LISTED = 5
"""Maximum number of unreadable files listed in the warning."""


@dataclass(frozen=True)
class DecodedImages:
    """The images decoded from a list of files.

    Args:
        images: uint8 [N, H, W, C] of the readable files.
        readable: int64 [N], the indices of these files.
        reasons: why each of the other files cannot be read.
        assumed: what had to be assumed to read the files, in one line each.
    """

    images: np.ndarray
    readable: np.ndarray
    reasons: np.ndarray
    assumed: np.ndarray


def read_images(files: Sequence[Path], image_shape: list[int], max_pixels: int, cache: Path) -> DecodedImages:
    """Decode image files, or load them from the cache if the files have not changed since.

    Files that cannot be read are skipped with a warning.

    Args:
        files: to decode.
        image_shape: height, width and channels of each image.
        max_pixels: larger images are skipped.
        cache: an .npz file; written atomically, so that parallel runs can share it.
    """
    signature = _signature(files, image_shape, max_pixels)
    decoded = _load(cache, signature)
    if decoded is None:
        decoded = _decode(files, image_shape, max_pixels)
        _save(cache, decoded, signature)
    if len(decoded.reasons):
        listed = ", ".join(decoded.reasons[:MAX_LISTED]) + (", …" if len(decoded.reasons) > MAX_LISTED else "")
        several = "images cannot be read and are" if len(decoded.reasons) > 1 else "image cannot be read and is"
        log.warning("%d %s skipped: %s", len(decoded.reasons), several, listed)
    for line in decoded.assumed:
        log.warning("%s", line)
    return decoded


def _decode(files: Sequence[Path], image_shape: list[int], max_pixels: int) -> DecodedImages:
    images = np.empty((len(files), *image_shape), np.uint8)
    assumed: dict[Path, tuple[str, ...]] = {}

    def decode(index: int) -> str | None:
        try:
            images[index], assumed[files[index]] = read_image(files[index], tuple(image_shape), max_pixels)
        except READ_ERRORS as error:
            return f"'{printable(files[index])}' ({printable(str(error)) or type(error).__name__})"
        return None

    console = Console(stderr=True)
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # Pillow decodes and scales without the GIL
        outcomes = threads.map(decode, range(len(files)))
        progress = track(
            outcomes, "reading images", len(files), console=console, transient=True, disable=not console.is_terminal
        )
        reasons = list(progress)
    readable = np.array([index for index, reason in enumerate(reasons) if reason is None], np.int64)
    lines = summarized({file: assumed[file] for file in files if file in assumed})
    return DecodedImages(
        images if len(readable) == len(files) else images[readable],
        readable,
        np.array([reason for reason in reasons if reason], np.str_),
        np.array(lines, np.str_),
    )


def _signature(files: Sequence[Path], image_shape: list[int], max_pixels: int) -> str:
    states = [(str(file), state.st_size, state.st_mtime_ns) for file in files for state in [file.stat()]]
    return hashlib.sha256(json.dumps([DECODER_VERSION, image_shape, max_pixels, states]).encode()).hexdigest()


def _load(cache: Path, signature: str) -> DecodedImages | None:
    try:
        arrays = read_npz(cache, None, hint="The files are decoded again.")
    except DataError:
        return None
    return DecodedImages(**arrays) if str(arrays.pop("signature")) == signature else None


def _save(cache: Path, decoded: DecodedImages, signature: str) -> None:
    try:
        with atomic_write(cache) as part:
            np.savez(part, signature=np.array(signature), **vars(decoded))
    except OSError as error:
        log.warning("the decoded images cannot be cached in %s: %s", cache.parent, error)
