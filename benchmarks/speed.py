"""Speed of `aeexp train` compared with the scripts in `handwritten/` and with the peak rate of the processor.

    python benchmarks/speed.py                                    all experiments, three epochs, five runs
    python benchmarks/speed.py --only autoencoder --epochs 25     one experiment for 25 epochs
    python benchmarks/speed.py --cifar dataset=folder dataset.path=photos/cifar10 dataset.image_shape=[32,32,3]

Each run is a separate process, and the sides alternate, so that a slowdown of the machine affects all of them. aeexp
records everything in MLflow, with checkpoints and reports; the scripts record nothing. They run with the oneDNN setting
of aeexp; without it they are slower on processors without AVX-512 VNNI.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import isnan
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

import numpy as np
from hydra import compose, initialize_config_dir

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.datasets.dataset import Dataset
from aeexp.errors import DataError
from aeexp.runtime.tensorflow import choose_onednn

HERE = Path(__file__).parent
EPOCH_END = re.compile(r"val[/_]loss:? ([\d.]+)")
BFLOAT16 = "trainer.precision=mixed_bfloat16"
STAND_IN = ("dataset=shapes", "dataset.image_shape=[32,32,3]")


@dataclass(frozen=True)
class Case:
    """An experiment that is measured on all sides.

    Args:
        overrides: of `aeexp train`.
        scale: factor from the validation loss of aeexp, a sum over pixels, to that of the script.
    """

    overrides: tuple[str, ...]
    scale: float = 1.0


KERAS_RATE = "optimizer.learning_rate=0.001"

CASES = {
    "autoencoder": Case(("experiment=autoencoder", KERAS_RATE), scale=1 / 784),
    "denoising": Case(("experiment=denoising", KERAS_RATE), scale=1 / 784),
    "super_resolution": Case(("experiment=super_resolution", KERAS_RATE), scale=1 / 784),
    "vae": Case(("experiment=vae",)),
    "super_resolution_cifar10": Case(("experiment=super_resolution_cifar10",)),
}


@dataclass(frozen=True)
class Run:
    """Measurements of one process.

    Args:
        epoch: seconds per epoch, without the first epoch.
        wall: wall-clock seconds from the start of Python to its end.
        processor: processor seconds on all cores, which depend less on other processes than `wall`.
        megabytes: peak memory.
        loss: of the last validation.
    """

    epoch: float
    wall: float
    processor: float
    megabytes: float
    loss: float


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=CASES, nargs="+", default=list(CASES), help="experiments to run")
    parser.add_argument("--runs", type=int, default=5, help="number of runs of each side; the table shows medians")
    parser.add_argument("--epochs", type=int, default=3, help="number of epochs; the first is not timed")
    parser.add_argument(
        "--cifar",
        nargs="+",
        metavar="WORD",
        default=[],
        help="overrides for the location of CIFAR-10; synthetic shapes by default",
    )
    options = parser.parse_args()
    choose_onednn()
    print(f"{options.runs} runs of {options.epochs} epochs on {os.cpu_count()} cores\n")
    print("| experiment | side | s per epoch | total s | processor s | peak memory, MB | validation loss |")
    print("|---|---|---|---|---|---|---|")
    for name in options.only:
        overrides = (*CASES[name].overrides, *(options.cifar if name == "super_resolution_cifar10" else ()))
        for line in rows(name, measure(name, overrides, options.runs, options.epochs)):
            print(line, flush=True)
    print()
    subprocess.run([sys.executable, HERE / "floor.py", *(f"experiment={name}" for name in options.only)])


def measure(name: str, overrides: Sequence[str], runs: int, epochs: int) -> dict[str, list[Run]]:
    """The runs of each side, alternating between sides."""
    with TemporaryDirectory() as folder:
        overrides = write_data(overrides, Path(folder) / "data.npz")
        results: dict[str, list[Run]] = {}
        for seed in range(runs):
            for side, command in commands(name, overrides, Path(folder), epochs, seed).items():
                scale = CASES[name].scale if command[1] == "-m" else 1.0
                results.setdefault(side, []).append(timed(command, scale))
    return results


def commands(name: str, overrides: Sequence[str], folder: Path, epochs: int, seed: int) -> dict[str, list[str]]:
    """The command line of each side; PyTorch is included if it is installed and there is a script for it."""
    aeexp = [sys.executable, "-m", "aeexp", "train", *overrides]
    aeexp += [f"trainer.epochs={epochs}", f"seed={seed}", f"tracking.folder={folder}/mlruns"]
    sides = {"aeexp": aeexp, "aeexp, bfloat16": [*aeexp, BFLOAT16]}
    for library, script in {"Keras": f"{name}.py", "PyTorch": f"torch_{name}.py"}.items():
        if (HERE / "handwritten" / script).exists() and find_spec("torch" if library == "PyTorch" else "keras"):
            sides[library] = [sys.executable, str(HERE / "handwritten" / script), str(folder / "data.npz"), str(epochs)]
    return sides


def timed(command: list[str], scale: float) -> Run:
    """Run a command, and record the time at which it prints the validation loss of each epoch."""
    begin, ends, losses = time.perf_counter(), [], []
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=HERE.parent,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    for line in process.stdout or ():
        if found := EPOCH_END.search(line):
            ends.append(time.perf_counter())
            losses.append(scale * float(found[1]))
    _, status, usage = os.wait4(process.pid, 0)
    if status or not losses:
        raise SystemExit(f"failed: {' '.join(command)}")
    epoch = median(np.diff(ends)) if len(ends) > 1 else float("nan")
    wall, processor = time.perf_counter() - begin, usage.ru_utime + usage.ru_stime
    return Run(epoch, wall, processor, usage.ru_maxrss / 1024, losses[-1])


def rows(name: str, results: dict[str, list[Run]]) -> Iterator[str]:
    """A table row per side, and the ratios of aeexp to Keras."""
    sides = {side: summary(runs) for side, runs in results.items()}
    for side, (epoch, wall, processor, megabytes, loss) in sides.items():
        yield f"| {name} | {side} | {shown(epoch)} | {wall:.1f} | {processor:.1f} | {megabytes:.0f} | {loss:.4g} |"
    for side in sides:
        if side.startswith("aeexp"):
            ratios = (value / keras for value, keras in zip(sides[side], sides["Keras"], strict=True))
            yield f"| {name} | {side} / Keras | " + " | ".join(f"**{shown(ratio)}**" for ratio in ratios) + " |"


def shown(figure: float) -> str:
    """A value with two decimals, or a dash if there is none."""
    return "–" if isnan(figure) else f"{figure:.2f}"


def summary(runs: list[Run]) -> tuple[float, ...]:
    """Medians over the runs, and the mean of the loss."""
    figures = (median(getattr(run, name) for run in runs) for name in ("epoch", "wall", "processor", "megabytes"))
    return (*figures, mean(run.loss for run in runs))


def write_data(overrides: Sequence[str], path: Path) -> Sequence[str]:
    """Write the images of an experiment to the file that the scripts read, grayscale images as [N, H, W].

    Returns:
        The overrides, with synthetic shapes of the same size in place of a data set that is not available.
    """
    register_schemas()
    try:
        with initialize_config_dir(str(CONF), version_base="1.3"):
            source = instantiate(compose("train", list(overrides)).dataset, "dataset", Dataset)
        images = {f"x_{split}": source.load(split).images for split in ("train", "test")}
    except DataError as error:
        print(f"{error} Measuring with synthetic shapes instead.", file=sys.stderr)
        return write_data([*overrides, *STAND_IN], path)
    np.savez(path, **{name: array[..., 0] if array.shape[-1] == 1 else array for name, array in images.items()})
    return overrides


if __name__ == "__main__":
    main()
