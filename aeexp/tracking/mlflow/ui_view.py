"""The view of MLflow's UI on the trainings of an experiment: losses and pictures first, settings by name.

MLflow keeps shared views as tags of the experiment, and opens them by an address with the name of the view.
"""

import json
import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any

from aeexp.tracking.mlflow.errors import STORE_ERRORS, first_line
from aeexp.tracking.mlflow.store import MlflowStore
from aeexp.tracking.store import RunInfo
from aeexp.tracking.tags import KIND_TAG

LOG = logging.getLogger(__name__)

VIEW = "aeexp"
VIEW_TAG = f"mlflow.sharedViewState.{VIEW}"
TRAINING_MODE = "workflowType=machine_learning"
"""Opens the UI in its mode for training models, whichever one the browser had open last."""

MAX_RUNS, MAX_AXES = 200, 6
MAX_LISTED = 5
STEP = re.compile(r"[%+]step[%+](\d+)[%+]")
LOSSES = ("val/loss", "train/loss", "val/psnr")
QUALITY = ("test/psnr", "gain/psnr", "test/ssim")
PICTURES = ("reconstructions",)
CHOICES = ("model", "dataset", "corruption", "loss")
SETTINGS = (*CHOICES, "augmentation", "optimizer", "schedule", "trainer", "seed", "experiment")
"""Params of choices, and beginnings of those of settings."""

WIDE = {"columns": 1, "cardHeight": 480}
"""Layout of a section whose one chart takes the whole width."""

FOLDED = ("baseline", "latent", "transfer")
"""Sections of charts that are shown last, and folded."""


def write_view(store: MlflowStore) -> str:
    """Keep the view with the experiment of a store.

    Returns:
        The path of the address that opens it; that of all runs in a store that cannot be written to.
    """
    experiment = store.experiment_id
    page = f"/#/experiments/{experiment}/runs?compareRunsMode=CHART&{TRAINING_MODE}"
    runs = store.list(f"tags.`{KIND_TAG}` = 'training'", limit=MAX_RUNS)
    view = view_of(runs, _last_step(store, runs))
    try:
        store.client.set_experiment_tag(experiment, VIEW_TAG, json.dumps(view))
    except STORE_ERRORS as error:
        LOG.info("the view of the UI cannot be kept with the experiment: %s", first_line(error))
        return page
    return f"{page}&viewStateShareKey={VIEW}"


def view_of(runs: Sequence[RunInfo], max_step: int = 0) -> dict[str, Any]:
    """The view, as MLflow's UI reads it.

    Args:
        runs: the trainings, of which it takes the names of metrics and the settings that differ.
        max_step: the step at which the series of pictures are shown.
    """
    metrics = {name for run in runs for name in run.metrics}
    settings = list(dict.fromkeys([*CHOICES, *_differing(runs)]))
    sections = {
        "losses": [_chart("LINE", name) for name in LOSSES if name in metrics],
        "pictures": [_pictures(name, max_step) for name in PICTURES],
        "quality": [_chart("BAR", name) for name in QUALITY if name in metrics],
        "settings": [_parallel(settings[:MAX_AXES], [name for name in QUALITY[:1] if name in metrics])],
    }
    rest = {name.rpartition("/")[0] for name in metrics - {*LOSSES, *QUALITY}} - {""}
    return {
        "searchFilter": f"tags.\"{KIND_TAG}\" = 'training'",
        "orderByKey": "attributes.`Created`",  # by `attributes.start_time` the UI would fold up sweeps
        "orderByAsc": False,
        "selectedColumns": [
            *(f"params.`{name}`" for name in settings),
            *(f"metrics.`{name}`" for name in (*LOSSES[:1], *QUALITY) if name in metrics),
        ],
        "compareRunSections": [
            *(_section(name, True) | (WIDE if len(charts) == 1 else {}) for name, charts in sections.items()),
            *(_section(name, not _is_folded(name)) for name in sorted(rest, key=lambda name: (_is_folded(name), name))),
        ],
        "compareRunCharts": [
            {**chart, "uuid": f"aeexp-{name}-{place}", "metricSectionId": f"aeexp-{name}"}
            for name, charts in sections.items()
            for place, chart in enumerate(charts)
        ],
        "isAccordionReordered": True,  # or MLflow would sort the sections by name
    }


def _differing(runs: Iterable[RunInfo]) -> list[str]:
    """Settings that are not the same in all runs; older versions recorded the paths of classes as well."""
    values: dict[str, set[str]] = {}
    for run in runs:
        for name, value in run.params.items():
            values.setdefault(name, set()).add(value)
    return [
        name
        for name, found in values.items()
        if len(found) > 1 and name.split(".")[0] in SETTINGS and not name.endswith("_target_")
    ]


def _is_folded(section: str) -> bool:
    return section.partition("/")[0] in FOLDED


def _section(name: str, display: bool) -> dict[str, Any]:
    return {"uuid": f"aeexp-{name}", "name": name, "display": display, "isReordered": False, "deleted": False}


def _chart(kind: str, metric: str) -> dict[str, Any]:
    return {**_card(kind, metric), "metricKey": metric, **(_LINE if kind == "LINE" else {})}


def _pictures(name: str, step: int) -> dict[str, Any]:
    return {**_card("IMAGE", name), "imageKeys": [name], "step": step, "showRunParams": False}


def _last_step(store: MlflowStore, runs: Iterable[RunInfo]) -> int:
    """The last step at which the newest run with pictures has some; MLflow writes it into the names of the files."""
    for run in list(runs)[:MAX_LISTED]:
        names = [each.path for each in store.client.list_artifacts(run.id, "images")]
        if steps := [int(found[1]) for name in names if (found := STEP.search(name))]:
            return max(steps)
    return 0


def _parallel(params: list[str], metrics: list[str]) -> dict[str, Any]:
    chosen = {"selectedParams": params, "selectedMetrics": metrics, "showAllRuns": False}
    return {**_card("PARALLEL", "Settings and result"), **chosen}


def _card(kind: str, name: str) -> dict[str, Any]:
    return {"type": kind, "displayName": name, "runsCountToCompare": 10, "deleted": False, "isGenerated": True}


_LINE = {
    "lineSmoothness": 0,
    "xAxisScaleType": "linear",
    "scaleType": "linear",
    "range": {},
    "xAxisKey": "step",
    "selectedXAxisMetricKey": "",
    "yAxisKey": "metric",
    "yAxisExpressions": [],
    "ignoreOutliers": False,
    "useGlobalXaxisKey": True,
    "useGlobalLineSmoothing": True,
}
"""What MLflow's charts of curves need besides."""
