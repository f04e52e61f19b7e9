"""Many picture files as one array, decoded side by side and remembered."""

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from aeexp.datasets.readers.image import read_image
from aeexp.datasets.readers.npz import read_npz
from aeexp.errors import DataError

log = logging.getLogger(__name__)

DECODER = 1
"""Raised whenever a picture would be decoded differently, so that nothing decoded before is taken for it."""

NAMED = 5
"""Unreadable files named in the warning."""


@dataclass(frozen=True)
class DecodedImages:
    """The pictures of some files.

    Args:
        images: uint8 [N, H, W, C] of the files that could be read.
        readable: int64 [N], their places among the files.
        reasons: why each of the others could not be read.
    """

    images: np.ndarray
    readable: np.ndarray
    reasons: np.ndarray


def read_images(files: Sequence[Path], image_shape: list[int], max_pixels: int, memory: Path) -> DecodedImages:
    """Decode the files, or recall them from `memory` where they were decoded before and have not changed since.

    Files that cannot be read are left out with a warning.

    Args:
        memory: an .npz file; written at once or not at all, so that parallel runs may share it.
    """
    signature = _signature(files, image_shape, max_pixels)
    gallery = _recall(memory, signature)
    if gallery is None:
        gallery = _decode(files, image_shape, max_pixels)
        _remember(memory, gallery, signature)
    if len(gallery.reasons):
        named = ", ".join(gallery.reasons[:NAMED]) + (", …" if len(gallery.reasons) > NAMED else "")
        log.warning("%d of %d pictures cannot be read and are left out: %s", len(gallery.reasons), len(files), named)
    return gallery


def _decode(files: Sequence[Path], image_shape: list[int], max_pixels: int) -> DecodedImages:
    images = np.empty((len(files), *image_shape), np.uint8)

    def decode(place: int) -> str | None:
        try:
            images[place] = read_image(files[place], tuple(image_shape), max_pixels)
        except Exception as error:  # a damaged file makes Pillow raise nearly anything
            return f"'{files[place]}' ({str(error) or type(error).__name__})"
        return None

    console = Console(stderr=True)
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # Pillow decodes and scales without the GIL
        outcomes = threads.map(decode, range(len(files)))
        progress = track(
            outcomes, "reading pictures", len(files), console=console, transient=True, disable=not console.is_terminal
        )
        reasons = list(progress)
    readable = np.array([place for place, reason in enumerate(reasons) if reason is None], np.int64)
    whole = len(readable) == len(files)
    return DecodedImages(images if whole else images[readable], readable, np.array([r for r in reasons if r], np.str_))


def _signature(files: Sequence[Path], image_shape: list[int], max_pixels: int) -> str:
    states = [(str(file), state.st_size, state.st_mtime_ns) for file in files for state in [file.stat()]]
    return hashlib.sha256(json.dumps([DECODER, image_shape, max_pixels, states]).encode()).hexdigest()


def _recall(memory: Path, signature: str) -> DecodedImages | None:
    try:
        arrays = read_npz(memory, None, mend="It is made anew.")
    except DataError:
        return None
    return DecodedImages(**arrays) if str(arrays.pop("signature")) == signature else None


def _remember(memory: Path, gallery: DecodedImages, signature: str) -> None:
    part = memory.with_suffix(f".{os.getpid()}.part")
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, signature=np.array(signature), **vars(gallery))
        part.replace(memory)
    except OSError as error:
        log.warning("the decoded pictures cannot be remembered in %s: %s", memory.parent, error)
        with suppress(OSError):
            part.unlink()
