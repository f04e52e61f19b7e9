"""Time of `aeexp runs`, from its start to its end, over stores of 10, 100 and 1,000 varied runs.

    python benchmarks/runs.py
    python benchmarks/runs.py --runs 10000 --repeat 3
    python benchmarks/runs.py --keep /tmp/many         leave the store there, to look at

The runs are written into the database directly: denoisers, VAEs, super-resolution, sweeps over the size of the code and
the seed, evaluations, failed and killed runs, with as many params, metrics and epochs as trainings record.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import UUID

from mlflow import MlflowClient

from aeexp.config.options import default_values, options

EPOCHS = 25
COMMANDS = {
    "aeexp runs limit=20": ("limit=20",),
    "aeexp runs": (),
    "aeexp runs sort=test/psnr": ("sort=test/psnr",),
    "aeexp runs group=seed": ("group=seed",),
    "aeexp runs format=csv": ("format=csv",),
    "aeexp --help": None,
}
METRICS = ("bce", "mse", "mae", "psnr", "ssim")
BASELINES = ("baseline/input", "baseline/median", "baseline/pca", "baseline/gaussian_blur", "baseline/total_variation")
MODELS = ("conv_ae", "dense_ae", "dense_vae", "unet", "residual")
CORRUPTIONS = ("none", "noise", "blur", "downscale", "downscale+noise")


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, nargs="+", default=[10, 100, 1000], help="sizes of the stores")
    parser.add_argument("--repeat", type=int, default=5, help="measurements of each, of which the median counts")
    parser.add_argument("--keep", type=Path, help="folder for the largest store, which stays")
    given = parser.parse_args()
    print("| seconds | " + " | ".join(f"{count:,} runs" for count in given.runs))
    print("|---" * (len(given.runs) + 1) + "|")
    with TemporaryDirectory() as folder:
        stores = [fill(Path(folder) / str(count), count) for count in given.runs]
        if given.keep:
            fill(given.keep, max(given.runs))
        for name, words in COMMANDS.items():
            seconds = [median(measured(store, words) for _ in range(given.repeat)) for store in stores]
            print(f"| `{name}` | " + " | ".join(f"{each:.2f}" for each in seconds) + " |", flush=True)


def measured(store: Path, words: tuple[str, ...] | None) -> float:
    """Seconds that a command takes, and fail where it does."""
    arguments = ["--help"] if words is None else ["runs", f"tracking.folder={store}", *words]
    environment = {name: value for name, value in os.environ.items() if name not in ("MLFLOW_TRACKING_URI", "COLUMNS")}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "aeexp", *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


@dataclass
class Store:
    """A store that is filled row by row.

    Args:
        connection: to its database.
        experiment: the id of its experiment.
        draw: all that varies.
    """

    connection: sqlite3.Connection
    experiment: str
    draw: random.Random = field(default_factory=lambda: random.Random(0))
    count: int = 0

    def add(self, name: str, status: str, params: dict[str, str], tags: dict[str, str], *, epochs: int = EPOCHS) -> str:
        """A run with the metrics of its epochs and of its end."""
        run = UUID(int=self.draw.getrandbits(128)).hex
        begin = int(time.time() * 1000) - self.draw.randrange(10**6) - (100_000 - self.count) * 10**5
        row = run, name, "LOCAL", "", "", "me", status, begin, begin + 90_000, "", "active", f"/artifacts/{run}"
        self._insert("runs", [(*row, self.experiment, None)])
        self._insert("params", [(key, value, run) for key, value in params.items()])
        tags = {"mlflow.runName": name, "aeexp.higher_is_better": "psnr ssim", **tags}
        self._insert("tags", [(key, value, run) for key, value in tags.items()])
        series = [f"{part}/{metric}" for part in ("train", "val") for metric in ("loss", *METRICS)]
        ended = [f"{part}/{metric}" for part in ("test", *BASELINES) for metric in METRICS]
        last = {metric: (self.draw.random() * 30, epochs) for metric in series if epochs}
        last |= {metric: (self.draw.random() * 30, 0) for metric in (*ended, "gain/psnr") if status == "FINISHED"}
        self._insert("latest_metrics", [(key, value, begin, step, False, run) for key, (value, step) in last.items()])
        history = ((key, value, begin, run, step, False) for key, (value, end) in last.items() for step in range(end))
        self._insert("metrics", list(history))
        self.count += 1
        return run

    def _insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            self.connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def fill(folder: Path, count: int) -> Path:
    """A store with so many runs."""
    folder.mkdir(parents=True, exist_ok=True)
    client = MlflowClient(f"sqlite:///{folder}/mlflow.db")
    experiment = client.create_experiment("aeexp", (folder / "artifacts").as_uri())
    with closing(sqlite3.connect(folder / "mlflow.db")) as connection:
        store = Store(connection, experiment)
        for _ in vary(store):
            if store.count >= count:
                break
        connection.commit()
    return folder


def vary(store: Store) -> Iterator[None]:
    """Add runs of all kinds without an end, and pause after each."""
    draw = store.draw
    while True:
        for status in ("FINISHED", "FINISHED", "FAILED", "KILLED"):
            params = params_of(draw)
            run = store.add(f"{params['model']} [{store.count}]", status, params, {"aeexp.kind": "training"})
            yield
            if status == "FINISHED":
                data = {key: value for key, value in params.items() if key.startswith(("dataset", "corruption"))}
                tags = {"aeexp.kind": "evaluation", "mlflow.parentRunId": run}
                store.add(f"evaluate dataset={params['dataset']}", status, {"run": run, **data}, tags, epochs=0)
                yield
        params = params_of(draw)
        axes = {"aeexp.kind": "sweep", "aeexp.axes": json.dumps(["model.latent_dim", "seed"])}
        sweep = store.add("sweep latent_dim × seed", "FINISHED", {}, axes, epochs=0)
        yield
        for size, seed in product((2, 4, 8, 16), (0, 1, 2)):
            own = {**params, "model.latent_dim": str(size), "seed": str(seed)}
            tags = {"aeexp.kind": "training", "mlflow.parentRunId": sweep}
            store.add(f"latent_dim={size} seed={seed}", "FINISHED", own, tags)
            yield


def params_of(draw: random.Random) -> dict[str, str]:
    """The params of a training: its choices by name and their settings, of which some are not the default."""
    chosen = {"model": draw.choice(MODELS), "dataset": draw.choice(["mnist", "shapes", "fashion_mnist"])}
    chosen |= {"corruption": draw.choice(CORRUPTIONS), "loss": "bce", "optimizer": draw.choice(["adam", "rmsprop"])}
    files = [(group, option) for group, options in chosen.items() for option in options.split("+")]
    params = {"trainer.monitor": "val/loss", "seed": str(draw.randrange(3)), **chosen}
    for group, option in [*files, ("trainer", "default"), *(("baseline", name) for name in options("baseline"))]:
        params |= {f"{group}.{key}": str(value) for key, value in default_values(group, option).items()}
    params["trainer.epochs"] = str(draw.choice([25, 25, 50]))
    if "corruption.noise.std" in params:
        params["corruption.noise.std"] = str(draw.choice([0.1, 0.3, 0.5]))
    return params


if __name__ == "__main__":
    main()
