"""Time of a sweep compared with hand-written scripts, and overhead of a job in addition to its training.

    python benchmarks/sweep.py                       nine denoising jobs, then 300 tiny ones with and without reports
    python benchmarks/sweep.py --only bare full --jobs 20
    python benchmarks/sweep.py --only bare --uri http://127.0.0.1:5000      recorded in an MLflow server

The scripts run with the oneDNN setting of aeexp; without it they are slower on processors without AVX-512 VNNI. The
benchmark fails unless every job of the tiny sweeps finishes with all metrics of all epochs.
"""

import argparse
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import mlflow
from mlflow.entities import Run
from speed import HERE, KERAS_RATE, write_data

from aeexp.runtime.tensorflow import choose_onednn

NINE = (
    "experiment=denoising",
    KERAS_RATE,
    "trainer.epochs=2",
    "model.latent_dim=2,8,32",
    "corruption.noise.std=0.1,0.3,0.5",
)
TINY = ("dataset=shapes", "dataset.limit=512", "model=dense_ae", "model.latent_dim=4", "trainer.epochs=2")
EXTENT = {"bare": ("report=none", "baseline=none", "tracking.log_model=false"), "full": ()}
"""What the tiny jobs record in addition to metrics and weights."""


def main() -> None:
    """Measure, and print a Markdown table for each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=["nine", *EXTENT], nargs="+", default=["nine", *EXTENT])
    parser.add_argument("--jobs", type=int, default=300, help="number of jobs of a tiny sweep")
    parser.add_argument("--uri", help="URI of an MLflow server; SQLite by default")
    options = parser.parse_args()
    choose_onednn()
    if "nine" in options.only:
        compare_nine()
    if extents := [extent for extent in EXTENT if extent in options.only]:
        compare_tiny(extents, options.jobs, options.uri)


def compare_nine() -> None:
    """Nine runs of the hand-written script, one after another, and the same trainings as sweeps."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data.npz"
        write_data(NINE[:1], data)
        script = [sys.executable, str(HERE / "handwritten" / "denoising.py"), str(data), "2"]
        sides = {
            "hand-written, one after another": [script] * 9,
            "aeexp train -m": [sweep(f"{folder}/sequential", *NINE)],
            "aeexp train -m … launch=parallel": [sweep(f"{folder}/parallel", *NINE, "launch=parallel")],
        }
        print("| nine denoising trainings of 2 epochs | total s | relative to hand-written |\n|---|---|---|")
        seconds: dict[str, float] = {}
        for side, commands in sides.items():
            seconds[side] = sum(timed(command) for command in commands)
            print(f"| {side} | {seconds[side]:.1f} | {seconds[side] / next(iter(seconds.values())):.2f} |", flush=True)


def compare_tiny(extents: Sequence[str], jobs: int, uri: str | None) -> None:
    """Many tiny jobs in two processes, without and with reports, baselines and MLflow models."""
    print(f"\n| {jobs} tiny jobs in 2 processes | total s | s per job | of which training | overhead |")
    print("|---|---|---|---|---|")
    for extent in extents:
        with TemporaryDirectory() as folder:
            where = () if uri is None else (f"tracking.uri={uri}",)
            seeds = f"seed={','.join(map(str, range(jobs)))}"
            command = sweep(folder, *TINY, *EXTENT[extent], seeds, "launch=parallel", "launch.jobs=2", *where)
            seconds = timed(command)
            whole, training = costs(mlflow.MlflowClient(uri or f"sqlite:///{folder}/mlflow.db"), jobs)
        print(f"| {extent} | {seconds:.1f} | {whole:.2f} | {training:.2f} | {whole - training:.2f} |", flush=True)


def sweep(folder: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "aeexp", "train", "-m", *words, f"tracking.folder={folder}"]


def timed(command: Sequence[str]) -> float:
    """Wall-clock seconds of a process, which must succeed."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=HERE.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begin


def costs(client: mlflow.MlflowClient, jobs: int) -> tuple[float, float]:
    """Median seconds per job of the latest sweep in a warm worker, in total and for its training.

    The training lasts from the start of the run to the metrics of its last epoch, including graph compilation.
    """
    workers: dict[str, list[Run]] = defaultdict(list)
    for run in sorted(newest_sweep(client, jobs), key=lambda run: run.info.end_time):
        workers[run.data.tags["aeexp.process"]].append(run)
    pairs = [pair for those in workers.values() for pair in pairwise(those)]
    whole = [after.info.end_time - before.info.end_time for before, after in pairs]
    training = [end_of_training(client, run) - run.info.start_time for _, run in pairs]
    return median(whole) / 1000, median(training) / 1000


def newest_sweep(client: mlflow.MlflowClient, jobs: int) -> list[Run]:
    """The runs of the latest sweep, all of which must have finished."""
    experiments = [client.get_experiment_by_name("aeexp").experiment_id]
    (parent,) = client.search_runs(experiments, "tags.`aeexp.kind` = 'sweep'", max_results=1)
    runs = client.search_runs(experiments, f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'", max_results=10 * jobs)
    if [run.info.status for run in runs] != ["FINISHED"] * jobs:
        raise SystemExit(f"{jobs} jobs have recorded {len(runs)} runs, not all of them finished")
    return list(runs)


def end_of_training(client: mlflow.MlflowClient, run: Run) -> int:
    """The time of the metrics of the last epoch in milliseconds; the metrics of both epochs must be recorded."""
    for metric in ("train/loss", "val/loss", "val/psnr"):
        history = client.get_metric_history(run.info.run_id, metric)
        if [each.step for each in history] != [1, 2]:
            raise SystemExit(f"{metric} of run {run.info.run_id} is incomplete")
    return history[-1].timestamp


if __name__ == "__main__":
    main()
