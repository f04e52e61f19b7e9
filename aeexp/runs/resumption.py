"""Resumption: the state that a recorded run goes on from."""

from pathlib import Path
from tempfile import TemporaryDirectory

from aeexp.errors import FileMissingError
from aeexp.runs.weights import STATE
from aeexp.tracking.store import RunStore
from aeexp.tracking.tracker import ActiveRun
from aeexp.training.checkpoint import Checkpoint, TrainingState
from aeexp.training.trainer import TrainingTask


def stored_state(run: ActiveRun, checkpoint: Checkpoint, store: RunStore, task: TrainingTask) -> TrainingState | None:
    """The state of a run that was killed or is to be trained for longer, checked before anything is changed.

    Returns:
        The checkpoint of this machine, else the state that a finished run has; None where there is neither.

    Raises:
        DamagedRunError: where the state is damaged, or does not fit the network or the optimizer.
    """
    state = checkpoint.read()
    if state is None and run.epochs_written:
        state = _final_state(run.id, store)
    if state is not None:
        task.optimizer.build(task.model.trainable_variables)
        state.check(task.model.weights, task.optimizer.variables)
    return state


def _final_state(run_id: str, store: RunStore) -> TrainingState | None:
    """The training state of a run that has finished; None where the run was killed before it kept one."""
    with TemporaryDirectory() as folder:
        try:
            return TrainingState.read(store.read_file(run_id, STATE, Path(folder)))
        except FileMissingError:
            return None
