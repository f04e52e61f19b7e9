"""`aeexp evaluate`: a trained run on another data set, or under another corruption."""

from omegaconf import DictConfig

from aeexp.commands.results import print_results
from aeexp.quiet import import_tensorflow

DATA = ("dataset", "corruption")


def run(config: DictConfig) -> None:
    """Evaluate, record the evaluation beneath the trained run, and say what came out."""
    import_tensorflow()
    from aeexp.build import build, build_all
    from aeexp.corruptions.chain import Chain
    from aeexp.corruptions.corruption import Corruption
    from aeexp.datasets.dataset import Dataset
    from aeexp.experiment import write_reports
    from aeexp.provenance import describe_evaluation
    from aeexp.reports.report import Report
    from aeexp.saved_run import SavedRun
    from aeexp.tracking.tracker import Tracker

    tracker = build(config.tracking, "tracking", Tracker)
    tracker.open()
    reports = list(build_all(config.report, "report", Report).values())
    saved = SavedRun.find(config.run, tracker, config.allow)
    data = DictConfig({key: getattr(saved.config if config[key] is None else config, key) for key in DATA})
    dataset = build(data.dataset, "dataset", Dataset)
    corruption = Chain(build_all(data.corruption, "corruption", Corruption))
    split = dataset.load("test")
    evaluator = saved.evaluator(split, dataset.class_names, corruption)
    with tracker.record(describe_evaluation(saved.id, data, dataset, split)) as recorded:
        metrics = write_reports(evaluator.all_images([]), reports, recorded)
    print_results(metrics, recorded.location)
