"""`aeexp evaluate`: evaluate a trained run on another data set or with another corruption."""

from omegaconf import DictConfig

from aeexp.cli.console import print_results
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.browser import show_page
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.artifacts import figure_formats
from aeexp.tracking.opening import open_recorded


def run(config: DictConfig) -> None:
    """Evaluate the run, record the evaluation as its child, and print the metrics."""
    from aeexp.runs.checks import check_reports
    from aeexp.runs.chosen_data import chosen_data

    check_reports(config.report)
    tracker = open_recorded(config.tracking)
    run_id = find_trained(tracker.store, config.run)
    data = chosen_data(run_id, tracker.store, config.allow, config)
    import_tensorflow()
    from aeexp.config.instantiate import instantiate
    from aeexp.datasets.dataset import Dataset
    from aeexp.runs.factory import build_baselines, build_corruption, build_metrics, build_reports
    from aeexp.runs.loading import LoadedRun
    from aeexp.runs.page import RunPage
    from aeexp.runs.provenance import describe_evaluation
    from aeexp.runs.reporting import write_reports

    reports, formats = build_reports(config.report), figure_formats(config.report)
    baselines, comparison = build_baselines(config)
    metrics = None if config.metric is None else build_metrics(config.metric)
    saved = LoadedRun.find(run_id, tracker.store, config.allow)
    dataset = instantiate(data.dataset, "dataset", Dataset)
    setup = saved.evaluation(dataset, build_corruption(data.corruption), metrics)
    spec = describe_evaluation(saved.id, data, dataset, setup.splits)
    suite = setup.baselines(baselines, comparison, [spec.datasets[split].digest for split in ("train", "test")])
    with tracker.record(spec) as run:
        page, state = RunPage(spec, run), f"run {saved.id[:8]} evaluated on {setup.evaluator.source.description}"
        results = write_reports(setup.evaluator.all_images([]), suite, reports, page, state, formats)
    print(state)
    print_results(results)
    show_page("page", page.location, opened=config.open)
