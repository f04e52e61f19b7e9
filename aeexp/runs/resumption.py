"""Resumption: the state that a recorded run goes on from."""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from aeexp.errors import DamagedRunError, FileMissingError
from aeexp.runs.weights import STATE
from aeexp.tracking.store import RunStore
from aeexp.tracking.tracker import ActiveRun
from aeexp.training.checkpoint import Checkpoint, TrainingState
from aeexp.training.trainer import TrainingTask

LOG = logging.getLogger(__name__)


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
