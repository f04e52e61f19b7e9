"""`aeexp predict`: the user's own pictures, restored."""

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

from aeexp.datasets.readers.image import open_image
from aeexp.errors import DataError
from aeexp.inference.contact_sheet import contact_sheet, thumbnail
from aeexp.inference.files import CONTACT_SHEET, find_images, png_names, refuse_overwriting
from aeexp.runtime.files import atomic_write
from aeexp.runtime.tensorflow import import_tensorflow

if TYPE_CHECKING:
    from aeexp.inference.predictor import Predictor, Restoration

log = logging.getLogger(__name__)

ON_THE_SHEET = 100
"""Pictures on the contact sheet, the first ones."""


def run(config: DictConfig) -> None:
    """Restore the pictures, write them as PNG files beside a contact sheet, and say how good they are if known."""
    output = Path(config.output).expanduser()
    files = find_images(config.images, output)
    results = {file: output / name for file, name in zip(files, png_names(files), strict=True)}
    refuse_overwriting(files, [*results.values(), output / CONTACT_SHEET])
    predictor = _predictor(config)
    _say_how(predictor)
    groups: list[list[Image.Image]] = []
    metrics: dict[Path, dict[str, float]] = {}
    console = Console(file=sys.stderr)
    for number, file in enumerate(track(files, "restoring", console=console, disable=not console.is_terminal)):
        try:
            prediction = predictor(_opened(file, config.max_pixels), number)
        except ValueError as error:
            log.warning("'%s' cannot be read and is left out: %s", file, error)
            continue
        _write(_picture(prediction.restored), results[file])
        metrics[file] = prediction.metrics
        if len(groups) < ON_THE_SHEET:
            groups.append(_thumbnails(prediction))
    if not groups:
        raise DataError(f"images: none of the {len(files)} pictures can be read; mend or replace them.")
    _write(contact_sheet(groups), output / CONTACT_SHEET)
    if config.corrupt:
        Console().print(_table({str(results[file].relative_to(output)): each for file, each in metrics.items()}))
    print(f"{len(metrics)} of {len(files)} pictures restored in {output}, all at a glance in {output / CONTACT_SHEET}")


def _predictor(config: DictConfig) -> "Predictor":
    import_tensorflow()
    from aeexp.config.instantiate import instantiate
    from aeexp.inference.predictor import Predictor
    from aeexp.runs.factory import build_metrics
    from aeexp.runs.loading import LoadedRun
    from aeexp.tracking.tracker import Tracker

    tracker = instantiate(config.tracking, "tracking", Tracker)
    tracker.open()
    saved = LoadedRun.find(config.run, tracker, config.allow)
    corruption = saved.corruption() if config.corrupt else None
    metrics = build_metrics(config.metric)
    return Predictor(saved.model(), saved.image_shape, corruption, saved.config.seed, config.colour, metrics)


def _opened(file: Path, max_pixels: int) -> Image.Image:
    try:
        return open_image(file, max_pixels)
    except Exception as error:  # a damaged picture raises nearly anything
        raise ValueError(error) from error


def _say_how(predictor: "Predictor") -> None:
    height, width, channels = predictor.input_shape
    if predictor.tiling is None:
        print(f"The network takes images of {height}×{width} alone: each picture is scaled and cropped to that.")
    if channels == 1 and predictor.colour == "per_channel":
        print("The network is grey: it restores red, green and blue of a colour picture each by itself.")


def _write(picture: Image.Image, path: Path) -> None:
    with atomic_write(path) as part:
        picture.save(part, "PNG")


def _picture(pixels: np.ndarray) -> Image.Image:
    whole = np.rint(255 * pixels.clip(0, 1)).astype(np.uint8)
    return Image.fromarray(whole[..., 0] if whole.shape[2] == 1 else whole)


def _thumbnails(prediction: "Restoration") -> list[Image.Image]:
    shown = (prediction.given, prediction.restored, prediction.clean)
    return [thumbnail(_picture(pixels)) for pixels in shown if pixels is not None]


def _table(rows: Mapping[str, Mapping[str, float]]) -> Table:
    """The metrics of each picture, and their means."""
    names = list(dict.fromkeys(name for values in rows.values() for name in values))
    table = Table("picture", *(name.replace("_", " ") for name in names))
    for picture, values in rows.items():
        table.add_row(picture, *(f"{values[name]:.3f}" for name in names))
    means = (f"{np.mean([values[name] for values in rows.values()]):.3f}" for name in names)
    table.add_section()
    table.add_row("mean", *means)
    return table
