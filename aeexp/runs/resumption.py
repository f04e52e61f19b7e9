"""Resumption: the state that a recorded run goes on from."""

import logging
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from omegaconf import DictConfig, OmegaConf

from aeexp.config.options import flatten
from aeexp.errors import DamagedRunError, FileMissingError
from aeexp.runs.loading import LoadedRun
from aeexp.runs.weights import STATE
from aeexp.tracking.changed import with_changes
from aeexp.tracking.store import RunStore
from aeexp.tracking.tags import CHANGED_TAG
from aeexp.tracking.tracker import ActiveRun
from aeexp.training.checkpoint import Checkpoint, TrainingState
from aeexp.training.trainer import TrainingTask

LOG = logging.getLogger(__name__)

GROUPS = ("optimizer", "trainer")
"""Parts of a config that may have other values from the last epoch on."""

UNRECORDED = ("trainer.threads", "trainer.checkpoints")
"""Settings of the machine at hand."""


def resumed_config(saved: LoadedRun, given: DictConfig) -> DictConfig:
    """The config that a run goes on with: its own, but for what is given.

    Args:
        given: the config of `aeexp resume`, in which null keeps what the run has.
    """
    config = saved.training_config()
    for group in GROUPS:
        config[group] = {**config[group], **{key: value for key, value in given[group].items() if value is not None}}
    config.trainer.threads = given.trainer.threads
    return OmegaConf.merge(config, {"tracking": given.tracking, "comparison": given.comparison})  # type: ignore


def changed_settings(before: DictConfig, after: DictConfig) -> dict[str, str]:
    """The settings of a training that differ between two configs, each as `old -> new`."""
    old, new = (_settings(config) for config in (before, after))
    return {key: f"{old.get(key)} -> {value}" for key, value in new.items() if old.get(key) != value}


def record_changes(run: ActiveRun, changed: Mapping[str, str], start: TrainingState | None, store: RunStore) -> None:
    """Record, and say, which settings are others after the epochs that a run has; its params keep the first values."""
    if not changed:
        return
    epochs = len(start.history) if start else 0
    earlier = store.info(run.id).tags.get(CHANGED_TAG)
    told = [f"{key} {values}" for key, values in changed.items() if key != "trainer.epochs"]
    if told:
        print(f"goes on with {', '.join(told)}; recorded in config.yaml and the tag {CHANGED_TAG}", flush=True)
    run.write_tags({CHANGED_TAG: with_changes(earlier, epochs, changed)})


def _settings(config: DictConfig) -> dict[str, Any]:
    plain: Any = OmegaConf.to_container(config, resolve=True)
    settings = flatten({group: plain[group] for group in GROUPS})
    return {key: value for key, value in settings.items() if key not in UNRECORDED}


def stored_state(run: ActiveRun, checkpoint: Checkpoint, store: RunStore, task: TrainingTask) -> TrainingState | None:
    """The state of a run that was killed or is to be trained for longer, checked before anything is changed.

    Returns:
        The checkpoint of this machine, else the state that a finished run has; None where there is neither.

    Raises:
        DamagedRunError: where the state is damaged, does not fit the network or the optimizer, or is missing from a
            run that has finished.
        StoreUnreachableError: where the store does not give it.
    """
    state = checkpoint.read()
    if state is None and run.epochs_written:
        state = _final_state(run, store)
    if state is not None:
        task.optimizer.build(task.model.trainable_variables)
        state.check(task.model.weights, task.optimizer.variables)
    return state


def _final_state(run: ActiveRun, store: RunStore) -> TrainingState | None:
    """The training state of a run that has ended; None where the run was killed before it kept one."""
    with TemporaryDirectory() as folder:
        try:
            return TrainingState.read(store.read_file(run.id, STATE, Path(folder)))
        except FileMissingError as error:
            if run.status_before == "FINISHED":
                raise DamagedRunError(
                    f"run {run.id} has finished, but its file {STATE} is missing; put it back, or train a new run."
                ) from error
    LOG.warning("run %s left no training state that is found from here; it is trained from epoch 1", run.id)
    return None
