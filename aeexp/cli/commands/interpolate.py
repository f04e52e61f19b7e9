"""`aeexp interpolate`: decode images on the line between the codes of two images."""

from pathlib import Path

from omegaconf import DictConfig

from aeexp.api.numbers import whole
from aeexp.inference.decoded import GRID, png_files, write_decoded
from aeexp.inference.files import refuse_overwriting
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.files import printable
from aeexp.tracking.opening import open_recorded

COLUMNS = 12
"""Images in a row of the grid at most."""


def run(config: DictConfig) -> None:
    """Write each image to a PNG file, and the first ones to a grid."""
    from aeexp.api.run import Run

    whole("n", config.n, 2)
    output = Path(config.output).expanduser()
    first, second = (Path(config[end]).expanduser() for end in ("from", "to"))
    files = png_files(output, "step", config.n)
    refuse_overwriting([first, second], [*files, output / GRID])
    tracker = open_recorded(config.tracking, to_write=False)
    recorded = Run(find_trained(tracker.store, config.run), tracker, tuple(config.allow))
    write_decoded([recorded.interpolate(first, second, config.n)], files, output / GRID, COLUMNS)
    print(f"{config.n} images in {printable(output)}; overview in {printable(output / GRID)}")
