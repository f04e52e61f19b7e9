"""`aeexp evaluate`: evaluate a trained run on another data set or with another corruption."""

from omegaconf import DictConfig

from aeexp.cli.console import print_results
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.browser import show_page
from aeexp.runtime.tensorflow import import_tensorflow
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
    from aeexp.api.evaluation import evaluate_config

    evaluation = evaluate_config(run_id, tracker, config, data)
    print(evaluation.state)
    print_results(evaluation.metrics)
    show_page("page", evaluation.page, opened=config.open)
