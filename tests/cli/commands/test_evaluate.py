"""`aeexp evaluate`: a run judged on other data, or under another corruption."""

import pytest
from mlflow.entities import Run

from tests.support.genuine_files import write_fashion_mnist
from tests.support.stores import copy_store, recorded
from tests.support.trainings import DENOISER


@pytest.fixture
def trained(trained_stores, store) -> Run:
    """A denoiser, in a store that a test may add to."""
    copy_store(trained_stores.after(DENOISER), store)
    return recorded(store)[0]


def test_evaluations_are_recorded_beneath_the_run(aeexp, store, trained, tmp_path):
    write_fashion_mnist(tmp_path / "fashion")
    other = ("dataset=fashion_mnist", f"dataset.folder={tmp_path}/fashion", "corruption=none")
    bare = ("report=none", "baseline=none")
    first = aeexp("evaluate", f"run={trained.info.run_id[:8]}", *bare)
    second = aeexp("evaluate", "run=best:val/psnr", *bare, *other)
    assert (first.code, second.code) == (0, 0)
    _, own, elsewhere = recorded(store)
    for ended, run, data in (
        (first, own, "mnist (40 test images), corruption noise(mean=0.5, std=0.5)"),
        (second, elsewhere, "fashion_mnist (10 test images), corruption none"),
    ):
        evaluated = f"run {trained.info.run_id[:8]} evaluated on {data}"
        assert ended.out.startswith(f"{evaluated}\n")
        assert evaluated in run.data.tags["mlflow.note.content"]
    for run in (own, elsewhere):
        assert run.info.status == "FINISHED"
        assert run.data.tags["mlflow.parentRunId"] == trained.info.run_id
        assert run.data.params["run"] == trained.info.run_id
    assert own.data.metrics["test/psnr"] == pytest.approx(trained.data.metrics["test/psnr"], abs=1e-4)
    assert own.data.params["corruption.noise.std"] == "0.5"
    settings = {
        key
        for key in own.data.params
        if not key.startswith(("dataset.split.", "dataset.classes", "dataset.test_classes", "dataset.binarization"))
    }
    assert settings == {
        *("run", "dataset", "dataset.limit", "corruption", "corruption.noise.mean", "corruption.noise.std"),
        *("report", "baseline"),
    }
    assert (own.data.params["dataset"], own.data.params["corruption"]) == ("mnist", "noise")
    assert (elsewhere.data.params["dataset"], elsewhere.data.params["corruption"]) == ("fashion_mnist", "none")
    assert own.info.run_name == "evaluate corruption=noise dataset=mnist"
    assert elsewhere.info.run_name.startswith("evaluate corruption=none dataset=fashion_mnist")
    assert "corruption.noise.std" not in elsewhere.data.params
    assert elsewhere.data.metrics["test/psnr"] != own.data.metrics["test/psnr"]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["run=nowhere"], "there is no such run"),
        (["run=best:val/beauty"], "no finished run has this metric"),
        (["run=latest", "corruption=downscale"], "corrupted to 14×14×1"),
        (["run=latest", "dataset.limti=3"], "Did you mean 'dataset.limit'?"),
        (["run=latest", "corruption.blur.std=3"], "it has corruption.noise.mean, corruption.noise.std"),
        (["run=latest", "dataset=folder", "dataset.path=nowhere"], "There is no folder"),
        ([], "run: a value is needed"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_in_a_line(aeexp, store, trained, words, hint):
    ended = aeexp("evaluate", *words)
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert hint in ended.err
    assert len(recorded(store)) == 1
