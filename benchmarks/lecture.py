"""Trains the experiments of the lecture and writes the tables of results, with published and baseline values.

    python benchmarks/lecture.py                          all rows; takes some hours on two cores
    python benchmarks/lecture.py --only denoising --epochs 2 --seeds 0
    python benchmarks/lecture.py --cifar dataset=folder dataset.path=photos/cifar10
    python benchmarks/lecture.py --held-out               the table in which held-out images choose the learning rate

A run that has finished in the store is not trained again, so the script can be interrupted and restarted at any time;
with --finished it trains nothing and uses the existing runs. Unless --epochs or --only is given, the table is written
between the marks in docs/lecture.md, and figures of the runs are copied to docs/.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean, stdev

import mlflow
from lecture_rows import ROWS
from mlflow.entities import Run

import aeexp
from aeexp.evaluation.statistics import over_runs

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "lecture.md"


DENOISERS = ("denoising", "fashion_denoising")
"""Rows that are also evaluated on the data set of the other."""

FIGURES = {"denoising": ("denoising", "reconstructions"), "vae": ("vae_lecture", "latent_manifold")}
"""Name of the file in docs/: the row and the name of its figure."""

HELD_OUT = ("autoencoder", "denoising", "super_resolution")
"""Rows that are trained once more, with a learning rate that held-out images choose."""

CHOSEN_BY = "val/bce"
GRID = ("dataset.split.validation=10000", "optimizer.learning_rate=0.0005,0.001,0.002,0.004", "seed=0,1,2")


def main() -> None:
    """Train the missing runs, then write the tables of all finished runs."""
    options = _options()
    if not options.held_out:
        _rows_of_the_lecture(options)
    if options.held_out or (options.epochs is None and not options.only):
        table = "\n".join(_held_out(options.store, options.only or HELD_OUT))
        print(table)
        _write("held-out", table)


def _held_out(store: Path, names: Sequence[str]) -> Iterator[str]:
    """The table of trainings whose learning rate held-out images chose; a sweep that is done is not repeated."""
    yield "| | learning rate chosen | `val/bce`, held out | `test/bce` (95 % interval) | lecture | PSNR (dB), test |"
    yield "|---|---|---|---|---|---|"
    for name in (name for name in names if name in HELD_OUT):
        row = ROWS[name]
        metric = f"sweep.metric={CHOSEN_BY}"
        found = aeexp.sweep(*row.words, *GRID, metric, home=store, parallel=True, open=False)
        rate = found.table["learning_rate"][0]
        jobs = found.runs[found.runs["optimizer.learning_rate"] == rate]
        low, high = over_runs(list(jobs["test/bce"]))
        yield (
            f"| {row.title} | {rate:g} | {_spread(jobs[CHOSEN_BY], 4)} | {jobs['test/bce'].mean():.4f} "
            f"({low:.4f} to {high:.4f}) | {row.lecture} | {_spread(jobs['test/psnr'], 2)} |"
        )


def _rows_of_the_lecture(options: argparse.Namespace) -> None:
    runs: dict[str, list[Run]] = {}
    for name in options.only or ROWS:
        row = ROWS[name]
        for seed in options.seeds[: row.seeds]:
            words = row.command(seed, options.epochs, options.cifar)
            run_name = f"lecture {' '.join(words)}"
            if not (options.finished or _finished(options.store, run_name)):
                _train(options.store, [*words, f"name='{run_name}'"])
            if found := _finished(options.store, run_name):
                runs.setdefault(name, []).append(found[0])
    table = "\n".join(_lines(runs, options.epochs))
    print(table)
    if options.epochs is None and not options.only:
        pairs = [runs[name][0].info.run_id for name in DENOISERS if name in runs]
        across = _transfer(options.store, pairs) if len(pairs) == len(DENOISERS) else ""
        _write("lecture", table)
        _write("transfer", across)
        for file, (name, figure) in FIGURES.items():
            if name in runs:
                shutil.copy(_figure(runs[name][0], figure), PAGE.with_name(f"{file}.png"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=ROWS, help="rows of the table")
    parser.add_argument("--epochs", type=int, help="number of epochs in place of that of each experiment")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--held-out", action="store_true", help="train and write the table with held-out images alone")
    parser.add_argument("--finished", action="store_true", help="train nothing; write the table of the finished runs")
    parser.add_argument("--store", type=Path, default=ROOT / "mlruns", help="folder of the runs")
    parser.add_argument("--cifar", nargs="+", default=[], metavar="WORD", help="overrides for the location of CIFAR-10")
    return parser.parse_args()


def _train(store: Path, words: list[str]) -> None:
    print("aeexp train", *words, flush=True)
    command = [sys.executable, "-m", "aeexp", "train", *words, f"tracking.folder={store.resolve()}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _transfer(store: Path, run_ids: list[str]) -> str:
    """The table of each denoiser on both data sets."""
    words = [f"runs=[{','.join(run_ids)}]", "datasets=[mnist,fashion_mnist]", f"tracking.folder={store.resolve()}"]
    subprocess.run([sys.executable, "-m", "aeexp", "transfer", *words], check=True, stdout=subprocess.DEVNULL)
    client = _client(store)
    ids = [experiment.experiment_id for experiment in client.search_experiments()]
    run = client.search_runs(ids, "tags.`aeexp.kind` = 'transfer'", max_results=1)[0]
    shutil.copy(_figure(run, "transfer"), PAGE.with_name("transfer.png"))
    rows = mlflow.artifacts.load_dict(f"{run.info.artifact_uri}/tables/transfer.json")["data"]
    lines = ["| trained on | evaluated on | PSNR (dB) | SSIM | best baseline (dB) |", "|---|---|---|---|---|"]
    for trained, tested, psnr, ssim, baseline, baseline_psnr in rows:
        lines.append(f"| {trained.split()[0]} | {tested} | {psnr:.2f} | {ssim:.3f} | {baseline} {baseline_psnr:.2f} |")
    return "\n".join(lines)


def _figure(run: Run, name: str) -> Path:
    return Path(mlflow.artifacts.download_artifacts(f"{run.info.artifact_uri}/figures/{name}.png"))


def _client(store: Path) -> mlflow.MlflowClient:
    return mlflow.MlflowClient(f"sqlite:///{store.resolve()}/mlflow.db")


def _finished(store: Path, run_name: str) -> list[Run]:
    if not (store / "mlflow.db").exists():
        return []
    client = _client(store)
    ids = [experiment.experiment_id for experiment in client.search_experiments()]
    named = client.search_runs(ids, "attributes.status = 'FINISHED' and tags.`aeexp.kind` = 'training'")
    return [run for run in named if run.info.run_name == run_name]


def _lines(runs: dict[str, list[Run]], epochs: int | None) -> Iterator[str]:
    yield "| | `aeexp train …` | seeds | metric | lecture | aeexp | PSNR (dB) | best baseline (dB) | gain (dB) |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for name, found in runs.items():
        row = ROWS[name]
        words = " ".join(row.words) + ("" if epochs is None else f" trainer.epochs={epochs}")
        psnr, gain = (_spread([run.data.metrics[key] for run in found], 2) for key in ("test/psnr", "gain/psnr"))
        value = _spread([run.data.metrics[row.metric] for run in found], 2 if row.metric == "val/loss" else 4)
        seeds = ", ".join(run.data.params["seed"] for run in found)
        cells = (
            row.title,
            f"`{words}`",
            seeds,
            f"`{row.metric}`",
            row.lecture,
            value,
            psnr,
            _best_baseline(found),
            gain,
        )
        yield f"| {' | '.join(cells)} |"


def _spread(values: Sequence[float], digits: int) -> str:
    middle = f"{mean(values):.{digits}f}"
    return f"{middle} ± {stdev(values):.{digits}f}" if len(values) > 1 else middle


def _best_baseline(found: Sequence[Run]) -> str:
    names = {key.split("/")[1] for run in found for key in run.data.metrics if key.startswith("baseline/")}
    means = {name: mean(run.data.metrics[f"baseline/{name}/psnr"] for run in found) for name in names - {"input"}}
    if not means:
        return "–"
    best = max(means, key=lambda name: means[name])
    return f"{best} {means[best]:.2f}"


def _write(marked: str, table: str) -> None:
    """Put a table between the marks of a name on the page."""
    marks = re.compile(rf"(<!-- {marked} -->\n).*?(<!-- /{marked} -->)", re.DOTALL)
    PAGE.write_text(marks.sub(lambda marks: f"{marks[1]}{table}\n{marks[2]}", PAGE.read_text()))


if __name__ == "__main__":
    main()
