"""`aeexp predict`: restore user-provided images."""

import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from omegaconf import DictConfig
from PIL import Image
from rich.console import Console
from rich.progress import track
from rich.table import Table

from aeexp.datasets.readers.image import READ_ERRORS, open_image, to_uint8
from aeexp.errors import DataError
from aeexp.inference.contact_sheet import contact_sheet, thumbnail
from aeexp.inference.files import CONTACT_SHEET, find_images, png_names, refuse_overwriting
from aeexp.runtime.files import write_output
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_tracker

if TYPE_CHECKING:
    from aeexp.inference.predictor import Predictor, Restoration

log = logging.getLogger(__name__)

SHEET_IMAGES = 100
"""Maximum number of images on the contact sheet (the first ones)."""


def run(config: DictConfig) -> None:
    """Restore the images, write them as PNG files with a contact sheet, and print metrics if `corrupt` is set."""
    output = Path(config.output).expanduser()
    files = find_images(config.images, output)
    results = {file: output / name for file, name in zip(files, png_names(files), strict=True)}
    refuse_overwriting(files, [*results.values(), output / CONTACT_SHEET])
    predictor = _predictor(config)
    _print_notes(predictor)
    groups: list[list[Image.Image]] = []
    metrics: dict[Path, dict[str, float]] = {}
    console = Console(file=sys.stderr)
    for index, file in enumerate(track(files, "restoring", console=console, disable=not console.is_terminal)):
        try:
            restoration = predictor(_open(file, config.max_pixels), index)
        except ValueError as error:
            log.warning("'%s' cannot be read and is skipped: %s", file, error)
            continue
        _write(_to_pillow(restoration.restored), results[file])
        metrics[file] = restoration.metrics
        if len(groups) < SHEET_IMAGES:
            groups.append(_thumbnails(restoration))
    if not groups:
        raise DataError(f"images: none of the {len(files)} images can be read; fix or replace them.")
    _write(contact_sheet(groups), output / CONTACT_SHEET)
    if config.corrupt:
        Console().print(_table({str(results[file].relative_to(output)): each for file, each in metrics.items()}))
    print(f"{len(metrics)} of {len(files)} images restored in {output}; overview in {output / CONTACT_SHEET}")


def _predictor(config: DictConfig) -> "Predictor":
    tracker = open_tracker(config.tracking, to_write=False)
    import_tensorflow()
    from aeexp.inference.predictor import Predictor
    from aeexp.runs.factory import build_metrics
    from aeexp.runs.loading import LoadedRun

    saved = LoadedRun.find(config.run, tracker.store, config.allow)
    corruption = saved.corruption() if config.corrupt else None
    metrics = build_metrics(config.metric)
    return Predictor(saved.model(), saved.image_shape, corruption, saved.config.seed, config.color, metrics)


def _open(file: Path, max_pixels: int) -> Image.Image:
    try:
        return open_image(file, max_pixels)
    except READ_ERRORS as error:
        raise ValueError(error) from error


def _print_notes(predictor: "Predictor") -> None:
    height, width, channels = predictor.input_shape
    if predictor.tiling is None:
        print(f"The network accepts only images of {height}×{width}; each image is scaled and cropped to this size.")
    if channels == 1 and predictor.color == "per_channel":
        print("The network is grayscale; red, green and blue of a color image are restored separately.")


def _write(image: Image.Image, path: Path) -> None:
    with write_output(path) as part:
        image.save(part, "PNG")


def _to_pillow(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(to_uint8(pixels[..., 0] if pixels.shape[2] == 1 else pixels))


def _thumbnails(restoration: "Restoration") -> list[Image.Image]:
    shown = (restoration.given, restoration.restored, restoration.clean)
    return [thumbnail(_to_pillow(pixels)) for pixels in shown if pixels is not None]


def _table(rows: Mapping[str, Mapping[str, float]]) -> Table:
    """The metrics of each image, and their means."""
    names = list(dict.fromkeys(name for values in rows.values() for name in values))
    table = Table("image", *(name.replace("_", " ") for name in names))
    for image, values in rows.items():
        table.add_row(image, *(f"{values[name]:.3f}" for name in names))
    means = (f"{np.mean([values[name] for values in rows.values()]):.3f}" for name in names)
    table.add_section()
    table.add_row("mean", *means)
    return table
