"""`aeexp resume`: continue a training in the same run."""

from functools import partial

from omegaconf import DictConfig

from aeexp.cli.console import print_next, print_results
from aeexp.errors import ConfigError
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
    import_tensorflow()
    from aeexp.runs.experiment import Experiment
    from aeexp.runs.loading import LoadedRun
    from aeexp.runs.resumption import changed_settings, resumed_config
    from aeexp.runtime.threads import use_threads

    saved = LoadedRun.find(run_id, tracker.store, config.allow, unfinished=True)
    resumed = resumed_config(saved, config)
    epochs = resumed.trainer.epochs
    if tracker.store.info(saved.id).status == "FINISHED" and epochs <= saved.config.trainer.epochs:
        raise ConfigError(
            f"run {saved.id} has finished; to train for more epochs, use, for example, "
            f"trainer.epochs={2 * saved.config.trainer.epochs}."
        )
    use_threads(config.trainer.threads)
    experiment = Experiment.from_config(resumed, recorded=config.trainer.mode is None)
    saved.check(experiment.task.model)
    result = experiment.run(
        resumed=saved.id,
        changed=changed_settings(saved.config, resumed),
        announce=partial(show_page, "pictures", opened=config.open),
    )
    print_results(result.metrics, result.state)
    show_page("page", result.page, opened=False)
    print_next(result.run_id)
