"""Training from a composed config: what `aeexp train` and `aeexp resume` do but for their printing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from omegaconf import DictConfig

from aeexp.errors import ConfigError
from aeexp.runs.checks import check_trainer
from aeexp.runs.experiment import Experiment, Result
from aeexp.runs.loading import LoadedRun
from aeexp.runs.next_steps import resume_call, store_overrides
from aeexp.runs.resumption import changed_settings, resumed_config
from aeexp.runtime.interrupts import recorded_in
from aeexp.runtime.notebook import in_notebook
from aeexp.runtime.threads import use_threads
from aeexp.tracking.tracker import Tracker

Announce = Callable[[str], None]


def train_config(
    config: DictConfig, announce: Announce | None = None, *, quiet: bool = False
) -> tuple[Result, Tracker]:
    """Train the model of a config of `aeexp train`, which `aeexp.runs.checks` has found sound.

    Args:
        announce: is told where the page of the run is as soon as it has pictures.
        quiet: show no progress.

    Returns:
        The result, and the tracker that has recorded it.
    """
    use_threads(config.trainer.threads)
    experiment = Experiment.from_config(config)
    with _interruption_told():
        return experiment.run(announce=announce, quiet=quiet), experiment.tracker


def resume_config(
    run_id: str,
    tracker: Tracker,
    config: DictConfig,
    announce: Announce | None = None,
    *,
    quiet: bool = False,
    in_program: bool = False,
) -> Result:
    """Go on with a recorded training.

    Args:
        tracker: where the run is recorded.
        config: that of `aeexp resume`.
        announce: as in `train_config`.
        quiet: show no progress.
        in_program: whether a program called, rather than the command.

    Raises:
        ConfigError: where it has finished, and is not to be trained for longer.
    """
    saved = LoadedRun.find(run_id, tracker.store, config.allow, unfinished=True)
    resumed = resumed_config(saved, config)
    check_trainer(resumed.trainer)
    if tracker.store.info(saved.id).status == "FINISHED" and resumed.trainer.epochs <= saved.config.trainer.epochs:
        name, done = tracker.store.info(saved.id).name, saved.config.trainer.epochs
        longer = resume_call(saved.id, {"trainer.epochs": str(2 * done)}) + store_overrides()
        raise ConfigError(
            f"run {saved.id[:8]} ({name}) has finished with trainer.epochs={done}. If it is the run that you mean: "
            f"{f'resume(epochs={2 * done})' if in_program else longer} trains it for longer."
        )
    resumed.name = tracker.store.info(saved.id).name  # in place of one made of the overrides
    use_threads(config.trainer.threads)
    experiment = replace(Experiment.from_config(resumed, recorded=config.trainer.mode is None), tracker=tracker)
    saved.check(experiment.task.model)
    changed = changed_settings(saved.config, resumed)
    with _interruption_told():
        return experiment.run(resumed=saved.id, changed=changed, announce=announce, quiet=quiet)


@contextmanager
def _interruption_told() -> Iterator[None]:
    """Says in a notebook, which prints no line of a command's end, how to go on with an interrupted training."""
    try:
        yield
    except KeyboardInterrupt as error:
        if (run_id := recorded_in(error)) and in_notebook():
            print(f"interrupted; {resume_call(run_id, {})} goes on with the training.", flush=True)
        raise
