"""`aeexp resume`: it goes on with a run, or refuses and leaves all as it was."""

import json
import re
from pathlib import Path

import mlflow
import pytest
from mlflow.entities import Run

from aeexp.tracking.mlflow.liveness import identity
from aeexp.tracking.mlflow.outbox import Outbox
from aeexp.tracking.tags import PROCESS_TAG
from tests.support.stores import copy_store, database, files_of, folder_of, meant_by, recorded
from tests.support.trainings import BARE, DENOISER, SHAPES, TINY


def contents(run: Run) -> dict[str, bytes]:
    return {name: (folder_of(run) / name).read_bytes() for name in files_of(run)}


@pytest.fixture
def finished(trained_stores, store) -> Run:
    """A run of one epoch, in a store that a test may change."""
    copy_store(trained_stores.after(DENOISER), store)
    return recorded(store)[0]


@pytest.fixture
def killed(finished, store) -> Run:
    """The same, but that it counts as killed."""
    mlflow.MlflowClient(database(store)).update_run(finished.info.run_id, status="KILLED")
    return recorded(store)[0]


@pytest.fixture
def resume(aeexp):
    """Resumes a run for two epochs."""
    return lambda run: aeexp("resume", f"run={run}", "trainer.epochs=2", "tracking.log_model=false")


@pytest.fixture
def refused(aeexp, store, killed):
    """Resumes the killed run, which must be refused and change nothing, and gives the line that says why."""

    def refuse(*words: str) -> str:
        before = contents(killed)
        ended = aeexp("resume", f"run={killed.info.run_id}", *words)
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1), ended
        (after,) = recorded(store)
        assert (after.info.status, after.data.metrics, contents(after)) == ("KILLED", killed.data.metrics, before)
        return ended.err

    return refuse


def edit(run: Run, name: str, before: str, after: str) -> None:
    path = folder_of(run) / name
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


@pytest.mark.parametrize("epochs", ["3x", "2.5", "[2]", "true"])
def test_epochs_that_are_no_number_are_refused(refused, epochs):
    assert refused(f"trainer.epochs={epochs}").startswith("error: trainer.epochs: must be")


def test_a_run_at_which_another_process_is_at_work_is_left_to_it(resume, store, killed, refused):
    """And then the record names the process that goes on."""
    outbox = Outbox(store / "outbox" / killed.info.run_id, lambda entry: None)
    assert "is at work in another process; wait for it" in refused("trainer.epochs=2")
    outbox.close(0)
    mlflow.MlflowClient(database(store)).set_tag(killed.info.run_id, PROCESS_TAG, "elsewhere 1 0")
    assert resume(killed.info.run_id).code == 0
    (resumed,) = recorded(store)
    assert resumed.data.tags[PROCESS_TAG] == identity()


def test_a_network_edited_by_hand_is_refused(killed, refused):
    edit(killed, "config.yaml", "- 16\n", "- 8\n")
    assert "do not fit the network of the stored config; was it edited? Put back" in refused()


def test_an_optimizer_edited_by_hand_is_refused(killed, refused):
    edit(killed, "config.yaml", "keras.optimizers.Adam", "keras.optimizers.Nadam")
    assert "does not fit the network or the optimizer" in refused("trainer.epochs=2")


def test_a_config_of_another_version_is_refused(killed, refused):
    edit(killed, "config.yaml", "\nprobes:", "\nsamples:")
    version = json.loads(contents(killed)["model.json"])["aeexp"]
    assert "config.yaml is not the config of a training" in refused()
    edit(killed, "config.yaml", "\nsamples:", "\nprobes:")
    edit(killed, "config.yaml", "\nname:", "\ntitle:")
    assert "not one of this version" in refused()
    edit(killed, "config.yaml", "\ntitle: null", "")
    assert f"recorded by aeexp {version}, whose config has no name; train it with that version" in refused()


def test_a_damaged_checkpoint_is_refused_until_it_is_deleted(resume, store, killed, refused):
    path = store / "checkpoints" / f"{killed.info.run_id}.npz"
    path.write_bytes(contents(killed)["weights/state.npz"][:-100])
    line = refused("trainer.epochs=2")
    assert f"'{path}' is damaged" in line
    assert "delete it to have the run trained from its beginning" in line
    path.unlink()
    assert resume(killed.info.run_id).code == 0
    assert recorded(store)[0].info.status == "FINISHED"


def test_latest_is_the_training_that_was_killed_last(aeexp, resume, store, finished):
    assert aeexp(*DENOISER).code == 0
    killed = recorded(store)[1]
    mlflow.MlflowClient(database(store)).update_run(killed.info.run_id, status="KILLED")
    assert meant_by(store, "latest") == finished.info.run_id
    assert resume("latest").code == 0
    again = recorded(store)[1]
    assert (again.info.run_id, again.info.status) == (killed.info.run_id, "FINISHED")


def test_paths_may_have_spaces_and_letters_of_any_language(aeexp, tmp_path):
    """The store, the checkpoints and what is printed of them."""
    store = tmp_path / "meine Läufe, (100%) 日本"
    places = (f"tracking.folder={store}", f"comparison.cache={store}/cache")
    checkpoints = f"trainer.checkpoints={store}/check points"
    ended = aeexp("train", *TINY, *BARE, *SHAPES, "report=loss_curves", *places, checkpoints)
    assert ended.code == 0, ended.err
    (page,) = re.findall(r"^page +(.*)", ended.out, re.MULTILINE)
    assert "Loss curves" in Path(page).read_text()
    for command in (
        ("resume", "run=latest", "trainer.epochs=2", *places, checkpoints),
        ("register", "run=latest", "name=mine", places[0]),
        ("evaluate", "run=mine", "report=none", "baseline=none", *places),
        ("encode", "run=mine", f"output={store}/größe 1.npz", places[0]),
    ):
        ended = aeexp(*command)
        assert ended.code == 0, (command, ended.err)
    assert (store / "größe 1.npz").exists()
