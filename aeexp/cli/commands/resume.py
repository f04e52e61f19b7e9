"""`aeexp resume`: continue a training in the same run."""

from functools import partial

from omegaconf import DictConfig, OmegaConf

from aeexp.cli.console import print_next, print_results
from aeexp.errors import ConfigError
from aeexp.runtime.browser import show_page
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_tracker


def run(config: DictConfig) -> None:
    """Rebuild the run from its stored config and train the remaining epochs."""
    tracker = open_tracker(config.tracking)
    import_tensorflow()
    from aeexp.runs.experiment import Experiment
    from aeexp.runs.loading import LoadedRun
    from aeexp.runtime.threads import use_threads

    saved = LoadedRun.find(config.run, tracker.store, config.allow, unfinished=True)
    epochs = config.trainer.epochs or saved.config.trainer.epochs
    if tracker.store.info(saved.id).status == "FINISHED" and epochs <= saved.config.trainer.epochs:
        raise ConfigError(
            f"run {saved.id} has finished; to train for more epochs, use, for example, trainer.epochs={2 * epochs}."
        )
    here = {
        "tracking": config.tracking,
        "comparison": config.comparison,
        "trainer": {**config.trainer, "epochs": epochs},
    }
    use_threads(config.trainer.threads)
    experiment = Experiment.from_config(OmegaConf.merge(saved.training_config(), here))  # type: ignore[arg-type]
    saved.check(experiment.task.model)
    result = experiment.run(resumed=saved.id, announce=partial(show_page, "pictures", opened=config.open))
    print_results(result.metrics, result.state)
    show_page("page", result.page, opened=False)
    print_next(result.run_id)
