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
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from aeexp.datasets.binarization import NONE
from aeexp.datasets.readers.image_files import CONTACT_SHEET
from aeexp.datasets.readers.image_notes import summarized
from aeexp.datasets.readers.picture import READ_ERRORS, Picture, open_picture
from aeexp.errors import DataError
from aeexp.inference.contact_sheet import contact_sheet, save_sheet
from aeexp.inference.files import find_images, png_names, refuse_overwriting
from aeexp.inference.result import write_restoration
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.files import printable, write_output
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_recorded

if TYPE_CHECKING:
    from aeexp.inference.predictor import Predictor

log = logging.getLogger(__name__)

SEPARATE = "the network is grayscale; red, green and blue are restored separately"

SHEET_IMAGES = 100
"""Maximum number of images on the contact sheet (the first ones)."""


def run(config: DictConfig) -> None:
    """Restore the images, write them as PNG files with a contact sheet, and print metrics if `corrupt` is set."""
    output = Path(config.output).expanduser()
    files = find_images(config.images, output)
    results = {file: output / name for file, name in zip(files, png_names(files), strict=True)}
    refuse_overwriting(files, [*results.values(), output / CONTACT_SHEET])
    predictor = _predictor(config)
    if predictor.tiling is None:
        height, width, _ = predictor.input_shape
        print(f"The network accepts only images of {height}×{width}; each image is scaled and cropped to this size.")
    if predictor.binarization != NONE:
        done = "so each image is binarized first" if config.corrupt else "yet the images are given to it as they are"
        print(f"The network was trained on black and white images ({predictor.binarization} binarization), {done}.")
    groups: list[list[Image.Image]] = []
    metrics: dict[Path, dict[str, float]] = {}
    notes: dict[Path, tuple[str, ...]] = {}
    console = Console(file=sys.stderr)
    for index, file in enumerate(track(files, "restoring", console=console, disable=not console.is_terminal)):
        try:
            picture = _open(file, config.max_pixels)
            restoration = predictor(picture, index)
        except ValueError as error:
            log.warning("'%s' cannot be read and is skipped: %s", printable(file), printable(str(error)))
            continue
        group, lost = write_restoration(restoration, picture, results[file])
        notes[file] = (*((SEPARATE,) if predictor.restores_separately(picture) else ()), *picture.assumed, *lost)
        metrics[file] = restoration.metrics
        groups += [group] if len(groups) < SHEET_IMAGES else []
    if not groups:
        raise DataError(f"images: none of the {len(files)} images can be read; fix or replace them.")
    with write_output(output / CONTACT_SHEET) as part:
        names = [printable(results[file].relative_to(output)) for file in metrics]
        save_sheet(contact_sheet(groups, names[: len(groups)]), part)
    for line in summarized(notes):
        print(line)
    if config.corrupt:
        Console().print(_table({printable(results[file].relative_to(output)): each for file, each in metrics.items()}))
    where = (printable(path) for path in (output, output / CONTACT_SHEET))
    print("{} of {} images restored in {}; overview in {}".format(len(metrics), len(files), *where))


def _predictor(config: DictConfig) -> "Predictor":
    tracker = open_recorded(config.tracking, to_write=False)
    run_id = find_trained(tracker.store, config.run)
    import_tensorflow()
    from aeexp.inference.predictor import Predictor
    from aeexp.runs.factory import build_metrics
    from aeexp.runs.loading import LoadedRun
    from aeexp.runs.needs import check_single_images

    saved = LoadedRun.find(run_id, tracker.store, config.allow)
    corruption = saved.corruption() if config.corrupt else None
    metrics = build_metrics(config.metric)
    check_single_images(metrics, saved.image_shape)
    return Predictor(
        saved.model(), saved.image_shape, corruption, saved.config.seed, config.color, metrics, saved.binarization
    )


def _open(file: Path, max_pixels: int) -> Picture:
    try:
        return open_picture(file, max_pixels)
    except READ_ERRORS as error:
        raise ValueError(error) from error


def _table(rows: Mapping[str, Mapping[str, float]]) -> Table:
    """The metrics of each image, and their means."""
    names = list(dict.fromkeys(name for values in rows.values() for name in values))
    table = Table("image", *(name.replace("_", " ") for name in names))
    for image, values in rows.items():
        table.add_row(escape(image), *(f"{values[name]:.3f}" for name in names))
    means = (f"{np.mean([values[name] for values in rows.values()]):.3f}" for name in names)
    table.add_section()
    table.add_row("mean", *means)
    return table
