"""`kill -9` at random moments: what is left can always be gone on with, and ends with the same numbers."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run

from tests.support.processes import start
from tests.support.stores import database, folder_of
from tests.support.trainings import DENOISER

pytestmark = pytest.mark.slow

PROGRAM = """
from aeexp.training import checkpoint as state
state.SECONDS_BETWEEN = 0.0
from aeexp.cli.main import main
main()
"""

WORDS = (
    *("dataset=shapes", "dataset.train_size=2000", "dataset.test_size=200", "trainer.epochs=30", "probes=[0,1]"),
    *("report=reconstructions", "report.reconstructions.every=2", "corruption=noise", "baseline=none"),
)
KILLS = int(os.environ.get("AEEXP_KILLS", "6"))
"""More of them meet rarer moments."""


def begin(store: Path, *words: str) -> subprocess.Popen[str]:
    places = [
        f"tracking.folder={store}",
        f"trainer.checkpoints={store}/checkpoints",
        f"comparison.cache={store}/cache",
    ]
    return start(*words, *places, program=("-c", PROGRAM))


def last_run(store: Path) -> Run | None:
    client = mlflow.MlflowClient(database(store))
    experiment = client.get_experiment_by_name("aeexp")
    runs = client.search_runs([experiment.experiment_id], max_results=1) if experiment else []
    return runs[0] if runs else None


def go_on(store: Path) -> subprocess.Popen[str]:
    """Resume the last run, or begin one where it has finished or was killed before it had stored its config."""
    run = last_run(store) if (store / "mlflow.db").exists() else None
    begun = run and run.info.status != "FINISHED" and (folder_of(run) / "model.json").exists()
    return begin(store, "resume", f"run={run.info.run_id}") if begun else begin(store, "train", *WORDS)


def finished(store: Path) -> list[Run]:
    client = mlflow.MlflowClient(database(store))
    return client.search_runs([client.get_experiment_by_name("aeexp").experiment_id], "status = 'FINISHED'")


def history(store: Path, run: Run) -> dict[str, list[tuple[int, float]]]:
    client = mlflow.MlflowClient(database(store))
    return {
        name: [(point.step, point.value) for point in client.get_metric_history(run.info.run_id, name)]
        for name in ("train/loss", "val/loss", "val/psnr")
    }


@pytest.mark.parametrize("seconds", [0.0, 0.2, 0.5, 0.9])
def test_killed_while_the_database_is_created(aeexp, tmp_path, seconds):
    folder = tmp_path / "killed"
    process = begin(folder, "train", *WORDS)
    while not list(folder.glob("mlflow.*")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    time.sleep(seconds)
    process.kill()
    process.communicate()
    ended = aeexp(*DENOISER, f"tracking.folder={folder}")
    assert ended.code == 0, ended.err
    assert last_run(folder).info.status == "FINISHED"


def test_killed_at_random_moments(tmp_path):
    straight, killed = tmp_path / "straight", tmp_path / "killed"
    process = begin(straight, "train", *WORDS)
    clock = time.monotonic()
    process.stdout.readline()
    start_up = time.monotonic() - clock
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    moments, kills = random.Random(0), 0
    while kills < KILLS or last_run(killed).info.status != "FINISHED":
        process = go_on(killed)
        if kills < KILLS:
            epochs = moments.randrange(8)
            for _ in range(epochs):
                process.stdout.readline()
            time.sleep(moments.uniform(0, 1 if epochs else start_up))
            process.kill()
        _, errors = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), errors
        kills += process.returncode != 0
    expected = last_run(straight)
    for run in finished(killed):
        assert history(killed, run) == history(straight, expected)
        assert run.data.metrics["test/psnr"] == expected.data.metrics["test/psnr"]
    assert not list((killed / "checkpoints").glob("*.npz"))
