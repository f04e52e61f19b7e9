"""Evaluation of a trained run on other data: what `aeexp evaluate` does but for its printing."""

import html
from dataclasses import dataclass, replace

from omegaconf import DictConfig

from aeexp.api.html import results_as_html
from aeexp.api.recorded import Recorded
from aeexp.config.instantiate import instantiate
from aeexp.datasets.dataset import Dataset
from aeexp.evaluation.samples import SampleSource
from aeexp.runs.factory import (
    build_baselines,
    build_corruption,
    build_metrics,
    build_reports,
    build_samplers,
    suited_reports,
)
from aeexp.runs.loading import EvaluationSetup, LoadedRun
from aeexp.runs.page import RunPage
from aeexp.runs.provenance import describe_evaluation
from aeexp.runs.reporting import write_reports
from aeexp.tracking.artifacts import figure_formats
from aeexp.tracking.tracker import Tracker


@dataclass(frozen=True, repr=False)
class Evaluation(Recorded):
    """Evaluation of a run, recorded beneath it: `test/…` with the ends of their intervals, baselines and reports.

    Args:
        state: which run was evaluated on what, in words.
    """

    state: str

    def __repr__(self) -> str:
        return f"Evaluation({self.id[:8]}, {self.state})"

    def _repr_html_(self) -> str:
        title = f"<b>{html.escape(self.state)}</b> <code>{self.id[:8]}</code>"
        return results_as_html([title], self.metrics, self.page, self.figures)


def evaluate_config(run_id: str, tracker: Tracker, config: DictConfig, data: DictConfig) -> Evaluation:
    """Evaluate a run and record the evaluation as its child.

    Args:
        tracker: where the run is recorded.
        config: that of `aeexp evaluate`.
        data: the nodes `dataset` and `corruption` in use.
    """
    reports, formats = build_reports(config.report), figure_formats(config.report)
    baselines, comparison = build_baselines(config)
    metrics = None if config.metric is None else build_metrics(config.metric)
    saved = LoadedRun.find(run_id, tracker.store, config.allow)
    dataset = instantiate(data.dataset, "dataset", Dataset)
    setup = saved.evaluation(dataset, build_corruption(data.corruption), metrics)
    spec = describe_evaluation(saved.id, data, dataset, setup.splits)
    reports = suited_reports(reports, config.report, setup.evaluator.model)
    suite = setup.baselines(baselines, comparison, [spec.datasets[split].digest for split in ("train", "test")])
    with tracker.record(spec) as run:
        page, state = RunPage(spec, run), f"run {saved.id[:8]} evaluated on {setup.evaluator.source.description}"
        evaluation = replace(setup.evaluator.all_images([]), samples=_samples(saved, setup, config))
        write_reports(evaluation, suite, reports, page, state, formats)
    return Evaluation(run.id, tracker, state)


def _samples(saved: LoadedRun, setup: EvaluationSetup, config: DictConfig) -> SampleSource:
    """The samplers of the run; fitted ones need the images that it was trained on."""
    model = setup.evaluator.model
    is_own = config.dataset is None and config.corruption is None
    return SampleSource(model, build_samplers(saved.config.sampler, model), setup.pairs["train"] if is_own else None)
