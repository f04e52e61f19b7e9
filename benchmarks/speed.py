"""How fast `aeexp train` is beside the scripts in `handwritten/`, and how near to what the processor can do.

    python benchmarks/speed.py                                    everything, three epochs, five runs
    python benchmarks/speed.py --only autoencoder --epochs 25     one experiment, as long as in the lecture
    python benchmarks/speed.py --cifar dataset=folder dataset.path=photos/cifar10 dataset.image_shape=[32,32,3]

Each run is a process of its own, ours and the others in turn, so that a machine that slows down slows all of them.
Ours records everything in MLflow, with checkpoints and reports; the scripts record nothing. They run with the oneDNN
setting of aeexp, without which they are slower on processors without AVX-512 VNNI.
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
from aeexp.errors import ConfigError

HERE = Path(__file__).parent
EPOCH_END = re.compile(r"val[/_]loss:? ([\d.]+)")
BFLOAT16 = "trainer.precision=mixed_bfloat16"
STAND_IN = ("dataset=shapes", "dataset.image_shape=[32,32,3]")


@dataclass(frozen=True)
class Case:
    """An experiment that both sides carry out.

    Args:
        overrides: of `aeexp train`.
        scale: of our validation loss, a sum over pixels, in that of the script.
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
    """What one process took.

    Args:
        epoch: seconds an epoch, the first left out.
        wall: seconds in all, from the start of Python to its end.
        processor: seconds of all cores together; beside other work on the machine, a fairer figure than `wall`.
        megabytes: at the peak.
        loss: of the last validation.
    """

    epoch: float
    wall: float
    processor: float
    megabytes: float
    loss: float


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=CASES, nargs="+", default=list(CASES), help="experiments to run")
    parser.add_argument("--runs", type=int, default=5, help="of each side; the table shows medians")
    parser.add_argument("--epochs", type=int, default=3, help="the first is left out of the seconds an epoch")
    parser.add_argument(
        "--cifar", nargs="+", metavar="WORD", default=[], help="overrides that say where CIFAR-10 is; shapes otherwise"
    )
    options = parser.parse_args()
    print(f"{options.runs} runs of {options.epochs} epochs on {os.cpu_count()} cores\n")
    print("| experiment | side | s an epoch | s in all | processor s | peak memory, MB | validation loss |")
    print("|---|---|---|---|---|---|---|")
    for name in options.only:
        overrides = (*CASES[name].overrides, *(options.cifar if name == "super_resolution_cifar10" else ()))
        for line in rows(name, measure(name, overrides, options.runs, options.epochs)):
            print(line, flush=True)
    print()
    subprocess.run([sys.executable, HERE / "floor.py", *(f"experiment={name}" for name in options.only)])


def measure(name: str, overrides: Sequence[str], runs: int, epochs: int) -> dict[str, list[Run]]:
    """The runs of each side, taken in turn."""
    with TemporaryDirectory() as folder:
        overrides = write_data(overrides, Path(folder) / "data.npz")
        results: dict[str, list[Run]] = {}
        for seed in range(runs):
            for side, command in commands(name, overrides, Path(folder), epochs, seed).items():
                scale = CASES[name].scale if command[1] == "-m" else 1.0
                results.setdefault(side, []).append(timed(command, scale))
    return results


def commands(name: str, overrides: Sequence[str], folder: Path, epochs: int, seed: int) -> dict[str, list[str]]:
    """The command line of each side; PyTorch takes part where it is installed and a script is there."""
    ours = [sys.executable, "-m", "aeexp", "train", *overrides]
    ours += [f"trainer.epochs={epochs}", f"seed={seed}", f"tracking.folder={folder}/mlruns"]
    sides = {"aeexp": ours, "aeexp, bfloat16": [*ours, BFLOAT16]}
    for library, script in {"Keras": f"{name}.py", "PyTorch": f"torch_{name}.py"}.items():
        if (HERE / "handwritten" / script).exists() and find_spec("torch" if library == "PyTorch" else "keras"):
            sides[library] = [sys.executable, str(HERE / "handwritten" / script), str(folder / "data.npz"), str(epochs)]
    return sides


def timed(command: list[str], scale: float) -> Run:
    """Run one command, noting the time whenever it prints the validation loss of an epoch."""
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
    """A line a side, and the ratios of ours to Keras."""
    sides = {side: summary(runs) for side, runs in results.items()}
    for side, (epoch, wall, processor, megabytes, loss) in sides.items():
        yield f"| {name} | {side} | {shown(epoch)} | {wall:.1f} | {processor:.1f} | {megabytes:.0f} | {loss:.4g} |"
    for side in sides:
        if side.startswith("aeexp"):
            ratios = (ours / theirs for ours, theirs in zip(sides[side], sides["Keras"], strict=True))
            yield f"| {name} | {side} / Keras | " + " | ".join(f"**{shown(ratio)}**" for ratio in ratios) + " |"


def shown(figure: float) -> str:
    """With two digits, or a dash for the time of an epoch where there was but one."""
    return "–" if isnan(figure) else f"{figure:.2f}"


def summary(runs: list[Run]) -> tuple[float, ...]:
    """Medians over the runs, of the loss the mean."""
    figures = (median(getattr(run, name) for run in runs) for name in ("epoch", "wall", "processor", "megabytes"))
    return (*figures, mean(run.loss for run in runs))


def write_data(overrides: Sequence[str], path: Path) -> Sequence[str]:
    """Write the images of an experiment to the file that the scripts read, grey ones as [N, H, W].

    Returns:
        The overrides, with a stand-in of the same size for a data set that is not on this machine.
    """
    register_schemas()
    try:
        with initialize_config_dir(str(CONF), version_base="1.3"):
            source = instantiate(compose("train", list(overrides)).dataset, "dataset", Dataset)
        images = {f"x_{split}": source.load(split).images for split in ("train", "test")}
    except ConfigError as error:
        print(f"{error} Measuring with drawn shapes in its place.", file=sys.stderr)
        return write_data([*overrides, *STAND_IN], path)
    np.savez(path, **{name: array[..., 0] if array.shape[-1] == 1 else array for name, array in images.items()})
    return overrides


if __name__ == "__main__":
    main()
