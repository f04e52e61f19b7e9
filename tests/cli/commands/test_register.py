"""`aeexp register`: runs under names of their own."""

from pathlib import Path

import mlflow
import numpy as np
import pytest

from aeexp.tracking.mlflow.current_store import current_store
from tests.support.stores import copy_store, database, meant_by, run_named
from tests.support.trainings import NOISY_AND_VARIATIONAL


@pytest.fixture
def runs(trained_stores, store) -> Path:
    """The store of two runs, of which the variational one has an MLflow model."""
    copy_store(trained_stores.after(*NOISY_AND_VARIATIONAL), store)
    return store


def test_a_registered_run_is_found_by_its_name_and_alias(aeexp, runs):
    run_id = run_named(runs, "variational").info.run_id
    for _ in range(2):
        ended = aeexp("register", f"run={run_id[:10]}", "name=digits", "alias=champion")
        assert "digits version 1" in ended.out
    assert meant_by(runs, "digits") == meant_by(runs, "digits@champion") == run_id
    with current_store(database(runs)):
        model = mlflow.pyfunc.load_model("models:/digits@champion")
    assert model.predict(np.zeros((1, 28, 28, 1), np.float32)).any()


def test_mlflow_finds_a_registered_model_of_a_moved_store_after_any_command(aeexp, runs):
    assert aeexp("register", f"run={run_named(runs, 'variational').info.run_id}", "name=digits").code == 0
    moved = runs.rename(runs.with_name("elsewhere"))
    assert "the store was moved" in aeexp("runs", f"home={moved}").err
    with current_store(database(moved)):
        assert mlflow.pyfunc.load_model("models:/digits/1").metadata.signature is not None


def test_a_run_without_a_model_is_refused_with_the_setting_that_keeps_it(aeexp, runs):
    ended = aeexp("register", f"run={run_named(runs, 'noisy').info.run_id}", "name=denoiser")
    assert "tracking.log_model=true" in ended.err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["name=a/b"], "Names cannot contain '/' or ':'"),
        (["name=latest"], "already means another run"),
        (["name=good", "alias=latest"], "reserved"),
        ([], "name: a value is needed"),
    ],
)
def test_names_that_cannot_be_are_refused_in_a_line(aeexp, runs, words, hint):
    ended = aeexp("register", f"run={run_named(runs, 'variational').info.run_id}", *words)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert hint in ended.err
