"""`aeexp resume`: continue a training in the same run."""

from functools import partial

from omegaconf import DictConfig

from aeexp.cli.console import print_next, print_results, said_meanwhile
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.browser import show_page
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_recorded


def run(config: DictConfig) -> None:
    """Rebuild the run from its stored config and train the remaining epochs."""
    from aeexp.runs.chosen_data import chosen_data

    tracker = open_recorded(config.tracking)
    run_id = find_trained(tracker.store, config.run, unfinished=True)
    chosen_data(run_id, tracker.store, config.allow)  # which is refused before anything is loaded
    with said_meanwhile("loading TensorFlow …"):
        import_tensorflow()
        from aeexp.api.training import resume_config

    result = resume_config(run_id, tracker, config, partial(show_page, "pictures", opened=config.open))
    print_results(result.metrics, result.state)
    show_page("page", result.page, opened=False)
    print_next(result.run_id)
