"""`aeexp sample`: draw new images from a trained run."""

import math
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from aeexp.api.numbers import whole
from aeexp.inference.decoded import GRID, MOST, png_files, write_decoded
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.files import printable
from aeexp.tracking.opening import open_recorded


def run(config: DictConfig) -> None:
    """Write each image to a PNG file, and the first ones to a grid."""
    from aeexp.api.run import Run

    whole("n", config.n, 1)
    output = Path(config.output).expanduser()
    tracker = open_recorded(config.tracking, to_write=False)
    recorded = Run(find_trained(tracker.store, config.run), tracker, tuple(config.allow))
    sampler = None if config.sampler is None else OmegaConf.to_container(config.sampler)
    blocks = recorded.sample_blocks(config.n, config.seed, sampler)  # type: ignore[arg-type]
    columns = math.ceil(math.sqrt(min(config.n, MOST)))
    write_decoded(blocks, png_files(output, "sample", config.n), output / GRID, columns)
    print(f"{config.n} images in {printable(output)}; overview in {printable(output / GRID)}")
