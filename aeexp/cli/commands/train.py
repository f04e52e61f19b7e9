"""`aeexp train`: train a model and record the run."""

from functools import partial

from omegaconf import DictConfig

from aeexp.cli.console import print_next, print_results, said_meanwhile
from aeexp.runtime.browser import show_page
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.artifacts import FORMAT
from aeexp.tracking.opening import open_tracker


def run(config: DictConfig) -> None:
    """Train the model of the config and print the metrics and where the page of the run is."""
    from aeexp.runs.checks import check_config, fetch_data

    check_config(config)
    open_tracker(config.tracking)  # a store that takes no runs is said before anything is built
    fetch_data(config.dataset)
    with said_meanwhile("loading TensorFlow …"):
        import_tensorflow()
        from aeexp.api.training import train_config

    title = "page" if set(config.report) <= {FORMAT} else "pictures"
    result, _ = train_config(config, partial(show_page, title, opened=config.open))
    print_results(result.metrics, result.state)
    show_page("page", result.page, opened=False)
    print_next(result.run_id)
