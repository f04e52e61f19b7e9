"""Ctrl-C and a scheduler's end."""

import os
import signal
import subprocess
import sys

import mlflow
import pytest


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ends_as_killed(sent, store):
    words = ["dataset.limit=40", "trainer.epochs=100000", "model=dense_ae", "report=none", "baseline=none"]
    places = [f"tracking.folder={store}", f"trainer.checkpoints={store}/checkpoints"]
    command = [sys.executable, "-m", "aeexp", "train", *words, *places]
    environment = {name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert "epoch 1/100000" in process.stdout.readline()
    process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    client = mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db")
    experiment = client.get_experiment_by_name("aeexp")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "KILLED"
