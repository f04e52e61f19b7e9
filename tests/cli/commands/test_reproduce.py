"""`aeexp reproduce`: a run trained once more and compared."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from tests.support.stores import copy_store, folder_of, meant_by, recorded, run_named
from tests.support.trainings import NOISY_AND_VARIATIONAL


@pytest.fixture
def runs(trained_stores, store) -> Path:
    """The store of a denoiser and a variational autoencoder."""
    copy_store(trained_stores.after(*NOISY_AND_VARIATIONAL), store)
    return store


@pytest.fixture
def reproduce(aeexp, runs):
    """Reproduces the run of a name."""
    return lambda name, *words: aeexp(
        "reproduce", f"run={run_named(runs, name).info.run_id}", "tracking.log_model=false", *words
    )


def edit(path: Path, pattern: str, replacement: str) -> int:
    """Replace text in a file, and say how often."""
    text, count = re.subn(pattern, replacement, path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    return count


def test_a_run_is_reproduced_to_the_last_bit_and_recorded_where_the_command_says(reproduce, runs, tmp_path):
    """Neither store nor cache nor checkpoints of a run from a shared server is taken from its stored config."""
    first = run_named(runs, "noisy")
    place, elsewhere = folder_of(first) / "config.yaml", f"{tmp_path}/elsewhere"
    hostile = {
        "tracking": {"_target_": "aeexp.tracking.mlflow.tracker.MlflowTracker", "folder": elsewhere},
        "trainer": {"checkpoints": elsewhere},
        "comparison": {"cache": elsewhere},
    }
    OmegaConf.save(OmegaConf.merge(OmegaConf.load(place), hostile), place)
    ended = reproduce("noisy")
    assert ended.code == 0, ended
    assert "PASS" in ended.out
    again = recorded(runs)[-1]
    assert again.data.tags["aeexp.reproduces"] == first.info.run_id
    assert again.data.params == first.data.params
    assert meant_by(runs, "latest") == run_named(runs, "variational").info.run_id
    assert not (tmp_path / "elsewhere").exists()


def test_what_differs_is_named_with_what_has_changed(reproduce, runs):
    with sqlite3.connect(runs / "mlflow.db") as database:
        database.execute("update metrics set value = value * 1.01 where key = 'val/mse' and step = 2")
        database.execute("update tags set value = 'another commit' where key = 'mlflow.source.git.commit'")
        database.execute("update datasets set digest = 'other ' || digest")
    circumstances = folder_of(run_named(runs, "variational")) / "environment.json"
    before = json.loads(circumstances.read_text())
    circumstances.write_text(json.dumps({**before, "numpy": "0.9", "processors": "99"}))
    ended = reproduce("variational")
    assert ended.code == 1
    assert "1 of" in ended.err
    assert re.search(r"val/mse .* 1 .* 2 .* 0\.0099", ended.out)
    for changed in ("another commit", "data .test. .*other", "numpy .*0.9", "processors .*99"):
        assert re.search(changed, ended.out), ended.out
    assert reproduce("variational", "tolerance=0.02").code == 0


def test_a_config_of_another_version_names_it(reproduce, runs):
    folder = folder_of(run_named(runs, "noisy"))
    assert edit(folder / "config.yaml", r"^comparison:\n( .*\n)*", "") == 1
    ended = reproduce("noisy")
    assert ended.code == 2
    assert f"recorded by aeexp {json.loads((folder / 'model.json').read_text())['aeexp']}" in ended.err
    assert "comparison" in ended.err
