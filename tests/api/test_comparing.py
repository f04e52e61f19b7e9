"""Comparisons of runs from a program."""

from pathlib import Path

import pytest

import aeexp
from aeexp.errors import AeexpError
from tests.support.stores import copy_store
from tests.support.trainings import SWEEP


@pytest.fixture
def home(trained_stores, store) -> Path:
    """The store of a sweep over two sizes and two seeds."""
    copy_store(trained_stores.after(SWEEP), store)
    return store


def test_a_sweep_is_compared_as_by_the_command(home, aeexp):
    import aeexp as package

    (sweep,) = package.runs(home=home, kind="sweep").index
    found = package.compare(sweep, home=home)
    assert set(found.table.index) == {"latent_dim=2", "latent_dim=4"}
    assert found.table["verdict"].iloc[0] == "best"
    assert found.table["mean"].is_monotonic_decreasing
    assert (found.table["low"] < found.table["mean"]).all()
    assert found.table["difference"].isna().tolist() == [True, False]
    printed = aeexp("compare", f"runs=[{sweep}]", f"home={home}").out
    assert repr(found) == printed.rpartition("\nfigure")[0]
    assert Path(found.figure).exists()
    assert found.figures["comparison"].size[0] > 300
    assert "latent_dim=2" in found._repr_html_()
    assert len(package.runs(home=home, kind="comparison")) == 2


def test_runs_are_given_as_they_are(home):
    runs = [aeexp.load(run_id, home=home) for run_id in aeexp.runs(home=home).index[:2]]
    by_image = aeexp.compare(runs, baseline=runs[1], sort="test/ssim")
    assert "test/ssim, differences to" in by_image.title
    assert {run for ids in by_image.table["ids"] for run in ids} == {run.id for run in runs}
    assert repr(aeexp.compare(*runs)) == repr(aeexp.compare(runs[0], runs[1].id))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda runs, home: aeexp.compare(home=home), "two different trainings or more. Received 0"),
        (lambda runs, home: aeexp.compare(runs[0], runs[0]), "two different trainings or more. Received 1"),
        (lambda runs, home: aeexp.compare(runs[0], 3), "runs: give runs, sweeps or their ids. Received 3"),
        (lambda runs, home: aeexp.compare(runs[0], "nonsense"), "run=nonsense: there is no such run"),
        (lambda runs, home: aeexp.compare(*runs, sort="test/pnsr"), "Did you mean 'test/psnr'"),
        (lambda runs, home: aeexp.compare(*runs, sort=None), "sort: must be given"),
        (lambda runs, home: aeexp.compare(*runs, baseline="nonsense"), "run=nonsense: there is no such run"),
        (lambda runs, home: aeexp.compare(*runs, verbose=True), "verbose: no such key in the config"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(home, call, message):
    runs = [aeexp.load(run_id, home=home) for run_id in aeexp.runs(home=home).index[:2]]
    with pytest.raises(AeexpError, match=message) as error:
        call(runs, home)
    assert "\n" not in str(error.value)
    assert aeexp.runs(home=home, kind="comparison").empty
