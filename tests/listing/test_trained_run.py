"""The trained run that a command is given: a sweep or an evaluation is answered with the run to take instead."""

import re
import shutil
from pathlib import Path

import mlflow
import pytest

from tests.support.stores import database, recorded, unpack_old_store


@pytest.fixture
def runs(store) -> Path:
    """A store with a sweep of four jobs and an evaluation."""
    return unpack_old_store(store.parent)


def id_of(store: Path, kind: str) -> str:
    (run,) = (run for run in recorded(store) if run.data.tags.get("aeexp.kind") == kind)
    return run.info.run_id


COMMANDS = [
    *(["evaluate", "corruption=none"], ["resume", "trainer.epochs=9"], ["reproduce"], ["register", "name=denoiser"]),
    *(["predict", "images=images", "output=my results"], ["encode", "output=codes.npz"]),
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_a_sweep_is_answered_with_its_best_job(aeexp, runs, monkeypatch, words):
    (runs.parent / "images").mkdir()
    shutil.copy(Path(__file__).parents[2] / "docs" / "vae.png", runs.parent / "images")
    monkeypatch.chdir(runs.parent)
    sweep = id_of(runs, "sweep")
    command, *others = words
    ended = aeexp(command, f"run={sweep[:8]}", *others)
    assert ended.code == 2
    (error,) = (line for line in ended.err.splitlines() if line.startswith("error: "))
    meant = (
        r"this is a sweep\. Its best job by test/psnr is (\w{8}) \(latent_dim=3 seed=.\)\. Write aeexp \w+ run=\1( |$)"
    )
    assert re.search(rf"run={sweep[:8]}: {meant}", error)
    assert f" {command} run=" in error
    assert all(word in error for word in others)


def test_one_of_several_runs_and_an_evaluation(aeexp, runs):
    sweep, evaluation = id_of(runs, "sweep"), id_of(runs, "evaluation")
    ended = aeexp("transfer", f"runs=[{sweep[:8]},latest]", "datasets=[shapes]")
    assert re.search(r"Write aeexp transfer 'runs=\[[0-9a-f]{8},latest\]' 'datasets=\[shapes\]'", ended.err)
    ended = aeexp("evaluate", f"run={evaluation}")
    assert re.search(r"this is an evaluation of run ([0-9a-f]{8})\. Write aeexp evaluate run=\1\n", ended.err)


def test_a_sweep_of_which_no_job_has_finished(aeexp, runs):
    client, sweep = mlflow.MlflowClient(database(runs)), id_of(runs, "sweep")
    for run in recorded(runs):
        client.update_run(run.info.run_id, "FAILED")
    ended = aeexp("evaluate", f"run={sweep}")
    assert "None of its jobs has finished with test/psnr" in ended.err
