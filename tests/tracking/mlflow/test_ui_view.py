"""The view of MLflow's UI: losses and pictures first, settings by name, baselines last and folded."""

import json
import re
from datetime import datetime

from mlflow.environment_variables import MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT

from aeexp.tracking.mlflow.ui_view import VIEW_TAG, view_of, write_view
from aeexp.tracking.store import RunInfo
from aeexp.tracking.tracker import RunSpec
from tests.support.stores import tracker_of

METRICS = ("baseline/median/psnr", "gain/psnr", "latent/linear_accuracy", "test/psnr", "train/loss", "val/loss")
RUNS = [
    RunInfo(
        id=std,
        name="a",
        status="FINISHED",
        begin=datetime(2026, 1, 1),
        params={"model": "conv_ae", "corruption.noise.std": std, "report": std, "noise._target_": std, "seed": "0"},
        metrics=dict.fromkeys(METRICS, 1.0),
    )
    for std in ("0.1", "0.2")
]


def charts(view: dict, section: str) -> list[str]:
    return [each["displayName"] for each in view["compareRunCharts"] if each["metricSectionId"] == f"aeexp-{section}"]


def test_opens_on_losses_and_pictures():
    view = view_of(RUNS)
    names = [each["name"] for each in view["compareRunSections"]]
    assert names[:4] == ["losses", "pictures", "quality", "settings"]
    assert charts(view, "losses") == ["val/loss", "train/loss"]
    assert charts(view, "pictures") == ["reconstructions"]
    assert charts(view, "quality") == ["test/psnr", "gain/psnr"]
    assert names[-2:] == ["baseline/median", "latent"]
    folded = [each["name"] for each in view["compareRunSections"] if not each["display"]]
    assert folded == ["baseline/median", "latent"]


def test_the_order_has_a_name():
    assert re.fullmatch(r".+\.`(.+)`", view_of([])["orderByKey"])[1] == "Created"


def test_shows_the_choices_and_the_settings_that_differ():
    view = view_of(RUNS)
    settings = ["model", "dataset", "corruption", "loss", "corruption.noise.std"]
    assert view["selectedColumns"][:5] == [f"params.`{name}`" for name in settings]
    (parallel,) = (each for each in view["compareRunCharts"] if each["type"] == "PARALLEL")
    assert parallel["selectedParams"] == settings


def test_is_kept_with_the_experiment(store):
    tracker = tracker_of(store)
    tracker.open()
    assert write_view(tracker.store).endswith(
        "/runs?compareRunsMode=CHART&workflowType=machine_learning&viewStateShareKey=aeexp"
    )
    tags = tracker.store.client.get_experiment(tracker.store.experiment_id).tags
    assert json.loads(tags[VIEW_TAG]) == view_of([])


def test_mlflow_prints_no_address_of_a_store(store, monkeypatch):
    """It would print the user name and password of a tracking server."""
    monkeypatch.setenv("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "false")
    tracker_of(store).open()
    assert MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT.get()


def test_more_params_than_one_request_takes(store):
    tracker = tracker_of(store)
    tracker.open()
    params = {f"setting.{number}": "x" * 7000 for number in range(120)}
    with tracker.record(RunSpec("a", params)) as run:
        pass
    recorded = tracker.store.info(run.id).params
    assert recorded.keys() == params.keys()
    assert {len(value) for value in recorded.values()} == {6000}
