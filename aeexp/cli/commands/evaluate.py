"""`aeexp evaluate`: evaluate a trained run on another data set or with another corruption."""

from omegaconf import DictConfig

from aeexp.cli.console import print_results
from aeexp.runtime.tensorflow import import_tensorflow

DATA = ("dataset", "corruption")


def run(config: DictConfig) -> None:
    """Evaluate the run, record the evaluation as its child, and print the metrics."""
    import_tensorflow()
    from aeexp.baselines.baseline import Baseline
    from aeexp.baselines.comparison import BaselineComparison
    from aeexp.config.instantiate import instantiate, instantiate_all
    from aeexp.corruptions.chain import Chain
    from aeexp.corruptions.corruption import Corruption
    from aeexp.datasets.dataset import Dataset
    from aeexp.reports.report import Report
    from aeexp.runs.experiment import write_reports
    from aeexp.runs.loading import LoadedRun
    from aeexp.runs.provenance import describe_evaluation
    from aeexp.tracking.tracker import Tracker

    tracker = instantiate(config.tracking, "tracking", Tracker)
    tracker.open()
    reports = list(instantiate_all(config.report, "report", Report).values())
    baselines = instantiate_all(config.baseline, "baseline", Baseline)
    comparison = instantiate(config.comparison, "comparison", BaselineComparison)
    saved = LoadedRun.find(config.run, tracker, config.allow)
    data = DictConfig({key: getattr(saved.config if config[key] is None else config, key) for key in DATA})
    dataset = instantiate(data.dataset, "dataset", Dataset)
    setup = saved.trial(dataset, Chain(instantiate_all(data.corruption, "corruption", Corruption)))
    details = describe_evaluation(saved.id, data, dataset, setup.splits)
    suite = setup.rivals(baselines, comparison, details.datasets)
    with tracker.record(details) as run:
        metrics = write_reports(setup.evaluator.all_images([]), suite, reports, run)
    print_results(metrics, run.location)
