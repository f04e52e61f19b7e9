"""`aeexp resume` on runs of this test: what it refuses stays as it was."""

import json
import os
import re
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run

from aeexp.tracking.mlflow.liveness import PROCESS, identity
from aeexp.tracking.mlflow.outbox import Outbox
from aeexp.tracking.mlflow.tracker import MlflowTracker
from tests.cli.commands.test_train import BARE, recorded
from tests.conftest import TINY

QUICK = (*TINY, *BARE, "baseline=none")


def files(run: Run) -> dict[str, bytes]:
    folder = Path(run.info.artifact_uri.removeprefix("file://"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def killed(aeexp, store) -> Run:
    """A run that counts as killed."""
    assert aeexp("train", *QUICK).code == 0
    (run,) = recorded(store)
    mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db").update_run(run.info.run_id, status="KILLED")
    return recorded(store)[0]


@pytest.fixture
def refused(aeexp, store, killed):
    """Resumes the killed run, which must be refused and change nothing, and gives the line that says why."""

    def resume(*words: str) -> str:
        before = files(killed)
        ended = aeexp("resume", f"run={killed.info.run_id}", *words)
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1), ended
        (after,) = recorded(store)
        assert (after.info.status, after.data.metrics, files(after)) == ("KILLED", killed.data.metrics, before)
        return ended.err

    return resume


def edit(run: Run, name: str, before: str, after: str) -> None:
    path = Path(run.info.artifact_uri.removeprefix("file://")) / name
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_while_another_process_is_at_work(aeexp, store, killed, refused):
    outbox = Outbox(store / "outbox" / killed.info.run_id, lambda entry: None)
    assert "is at work in another process; wait for it" in refused("trainer.epochs=2")
    outbox.close(0)
    assert aeexp("resume", f"run={killed.info.run_id}", "trainer.epochs=2").code == 0


def test_a_network_edited_by_hand(killed, refused):
    edit(killed, "config.yaml", "- 512", "- 256")
    assert "do not fit the network of the stored config; was it edited? Put back" in refused()


def test_an_optimizer_edited_by_hand(killed, refused):
    edit(killed, "config.yaml", "keras.optimizers.Adam", "keras.optimizers.Nadam")
    assert "does not fit the network or the optimizer" in refused("trainer.epochs=2")


def test_a_config_of_another_version(killed, refused):
    edit(killed, "config.yaml", "\nprobes:", "\nsamples:")
    version = json.loads(files(killed)["model.json"])["aeexp"]
    assert "config.yaml is not the config of a training" in refused()
    edit(killed, "config.yaml", "\nsamples:", "\nprobes:")
    edit(killed, "config.yaml", "\nname:", "\ntitle:")
    assert "not one of this version" in refused()
    edit(killed, "config.yaml", "\ntitle: null", "")
    assert f"recorded by aeexp {version}, whose config has no name; train it with that version" in refused()


def test_a_damaged_checkpoint(aeexp, store, killed, refused):
    path = store / "checkpoints" / f"{killed.info.run_id}.npz"
    path.write_bytes(files(killed)["weights/state.npz"][:-100])
    line = refused("trainer.epochs=2")
    assert f"'{path}' is damaged" in line
    assert "delete it to have the run trained from its beginning" in line
    path.unlink()
    assert aeexp("resume", f"run={killed.info.run_id}", "trainer.epochs=2").code == 0
    assert recorded(store)[0].info.status == "FINISHED"


def test_latest_is_the_training_that_was_killed_last(aeexp, store):
    for name in ("finished", "killed"):
        assert aeexp("train", *QUICK, f"name={name}").code == 0
    finished, killed = recorded(store)
    mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db").update_run(killed.info.run_id, status="KILLED")
    assert (
        MlflowTracker(uri=None, folder=str(store), experiment="aeexp", log_model=False).store.find("latest")
        == finished.info.run_id
    )
    assert aeexp("resume", "run=latest").code == 0
    assert [run.info.status for run in recorded(store)] == ["FINISHED", "FINISHED"]


def test_paths_with_spaces_and_unicode(aeexp, tmp_path):
    """The store, the checkpoints and what is printed of them."""
    store = tmp_path / "meine Läufe, (100%) 日本"
    places = (f"tracking.folder={store}", f"comparison.cache={store}/cache")
    checkpoints = f"trainer.checkpoints={store}/check points"
    ended = aeexp("train", *TINY, "report=loss_curves", "baseline=none", *places, checkpoints)
    assert ended.code == 0, ended.err
    (pictures,) = re.findall(r"pictures  (.*)", ended.out)
    assert os.listdir(pictures) == ["loss_curves.png"]
    for command in (
        ("resume", "run=latest", "trainer.epochs=2", *places, checkpoints),
        ("register", "run=latest", "name=mine", places[0]),
        ("evaluate", "run=mine", "report=none", "baseline=none", *places),
        ("encode", "run=mine", f"output={store}/größe 1.npz", places[0]),
    ):
        ended = aeexp(*command)
        assert ended.code == 0, (command, ended.err)
    assert (store / "größe 1.npz").exists()


def test_names_the_process_that_goes_on(aeexp, store, killed):
    mlflow.MlflowClient(f"sqlite:///{store}/mlflow.db").set_tag(killed.info.run_id, PROCESS, "elsewhere 1 0")
    assert aeexp("resume", f"run={killed.info.run_id}", "trainer.epochs=2").code == 0
    (resumed,) = recorded(store)
    assert resumed.data.tags[PROCESS] == identity()
