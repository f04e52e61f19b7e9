"""Sweeps from a program: what `aeexp train -m` does."""

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig

from aeexp.api.components import is_component
from aeexp.api.figures import Figures
from aeexp.api.html import as_picture
from aeexp.api.memory_data import has_arrays
from aeexp.api.overrides import Overrides, text
from aeexp.api.run import Run
from aeexp.config.composition import as_overrides, explained, hydra_of
from aeexp.config.hydra_overrides import deferred
from aeexp.config.known_names import LISTS
from aeexp.config.options import defaults_of
from aeexp.config.overrides import is_group
from aeexp.runtime.notebook import html_table, page_link
from aeexp.runtime.tensorflow import keras_as_before
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tags import MODE_TAG

if TYPE_CHECKING:
    import pandas as pd

    from aeexp.sweeps.results import Results
    from aeexp.sweeps.sweep_run import SweepRun

LOGGING_AS_BEFORE = ("hydra/job_logging=none", "hydra/hydra_logging=none")
"""Of a program, which has set up its own."""


@dataclass(frozen=True, repr=False)
class SweepResult:
    """Result of a sweep: its jobs, compared by its metric.

    Args:
        id: of the sweep's own run.
        tracker: that has recorded it.
        overrides: of the call.
    """

    id: str
    tracker: MlflowTracker
    overrides: Overrides

    def __repr__(self) -> str:
        return f"SweepResult({self.id[:8]}, {self.summary!r})"

    def _repr_html_(self) -> str:
        table = self.table
        rows = [tuple(map(_cell, row)) for row in table.itertuples(index=False)]
        parts = [
            f"<b>{html.escape(self.summary)}</b>",
            f"<div style='overflow-x: auto'>{html_table(tuple(table.columns), rows)}</div>",
            as_picture(self.figures["comparison"]),
            f"<code>.figures[…]</code>: {html.escape(', '.join(self.figures))}",
            f"report: {page_link(self.report)}",
        ]
        return "".join(f"<div>{part}</div>" for part in parts)

    @property
    def summary(self) -> str:
        """The best point and its distance to the second best, in words."""
        from aeexp.sweeps.summary import headline

        return headline(self._results)

    @property
    def table(self) -> "pd.DataFrame":
        """A row a point, the best first: mean, deviation and interval over seeds, difference to the best."""
        from aeexp.sweeps.leaderboard import leaderboard

        return leaderboard(self._results)

    @property
    def runs(self) -> "pd.DataFrame":
        """A row a job: the swept values and every metric."""
        return self._results.runs.copy()

    @property
    def best(self) -> Run:
        """The job of the best point; of several seeds the one with the best value.

        With several tasks, such as levels of noise, it is the best of the first of them.
        """
        found = self._results
        jobs = found.runs[found.runs["run"].isin(found.jobs(found.ranked[0]))]
        values = jobs[found.metric]
        best = jobs.loc[values.idxmin() if found.mode == "min" else values.idxmax(), "run"]
        return Run.recorded(best, self.tracker, self.overrides)

    @property
    def report(self) -> str:
        """The path or address of the report's page."""
        from aeexp.sweeps.report import PAGE, location

        return f"{location(self._sweep_run)}/{PAGE}"

    @cached_property
    def figures(self) -> Figures:
        """The figures of the report by their names, as images of Pillow."""
        return Figures(self.id, self.tracker.store, "report")

    @cached_property
    def _sweep_run(self) -> "SweepRun":
        from aeexp.sweeps.sweep_run import SweepRun

        return SweepRun(self.tracker.tracking_uri, self.tracker.store.experiment_id, self.id)

    @cached_property
    def _results(self) -> "Results":
        from aeexp.sweeps.results import Results

        info = self.tracker.store.info(self.id)
        return Results.from_run(self._sweep_run, self._sweep_run.metric, info.tags.get(MODE_TAG) or None)


def _cell(value: Any) -> str:
    """A value of the table in four digits; empty for none."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.4g}"
    return str(value)


def sweep(*overrides: str | Mapping[str, Any], parallel: bool = False, **settings: Any) -> SweepResult:
    """Train every combination of some values, recorded as by `aeexp train -m`; the same call goes on after a kill.

        aeexp.sweep("corruption=noise", "model.latent_dim=2,8", seed=range(3), parallel=True)

    Args:
        overrides: as `aeexp.train` takes them; several values of a key are a list, or separated by commas in a string.
            A list for a key that takes one, such as `corruption` or `dataset.image_shape`, is a single value.
        parallel: train side by side in processes, on all cores.
        settings: overrides as keywords.

    Raises:
        ConfigError, DataError: for whatever is wrong with any job, before the first is trained.
        SweepFailedError: if some jobs failed; the same call tries them again.
    """
    parts = [each if isinstance(each, str) else _swept(each) for each in (*overrides, settings)]
    given = Overrides.of(parts, {"launch": "parallel"} if parallel else {})
    words = [*deferred(as_overrides("train", given.named_words)), *LOGGING_AS_BEFORE]
    with explained("train", given.named_words), hydra_of("train") as application, keras_as_before():
        assert application.hydra
        sweep_run, tracker = application.hydra.multirun("train", _no_task, words, with_log_configuration=False)
    return SweepResult(sweep_run.parent, tracker, given)


def _swept(given: Any) -> Any:
    """Settings in which a list stands for several values where its key takes one."""
    if not isinstance(given, Mapping):
        return given
    return {key: _several(str(key).replace("__", "."), value) for key, value in given.items()}


def _several(key: str, value: Any) -> Any:
    is_several = isinstance(value, list | tuple | range) and len(value) > 0
    if not is_several or key in LISTS or any(isinstance(each, list) for each in defaults_of(key)):
        return value
    options = value if is_group(key) else map(text, value)
    return value if any(map(is_component, value)) or has_arrays(value) else ",".join(map(str, options))


def _no_task(config: DictConfig) -> None:
    """What Hydra's own sweeper would call for each job; that of the package calls its workers."""
