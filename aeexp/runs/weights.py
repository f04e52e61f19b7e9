"""Stored weights and training states of runs."""

import shutil
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from aeexp.errors import DamagedRunError
from aeexp.models.autoencoder import Autoencoder
from aeexp.tracking.store import RunStore
from aeexp.tracking.tracker import ActiveRun
from aeexp.training.checkpoint import TrainingState

STATE = "weights/state.npz"
"""The file of a run that a longer training goes on from."""

WEIGHTS = "weights/last.weights.h5"


def write_weights(model: Autoencoder, state: TrainingState, run: ActiveRun) -> None:
    """Write the best weights, the last ones and the training state, each with its checksum."""
    final = model.get_weights()
    with TemporaryDirectory() as folder:
        best, last = (Path(folder) / f"{name}.weights.h5" for name in ("best", "last"))
        model.save_weights(last)
        if all(map(np.array_equal, state.best_weights, final)):
            shutil.copy(last, best)
        else:
            model.set_weights(state.best_weights)
            model.save_weights(best)
            model.set_weights(final)
        state.write(Path(folder) / Path(STATE).name)
        for file in sorted(Path(folder).iterdir()):
            run.write_file(file, Path(STATE).parent.name)
            run.write_text(sha256(file.read_bytes()).hexdigest(), f"weights/{file.name}.sha256")


def load_weights(model: Autoencoder, run_id: str, store: RunStore) -> None:
    """Give a model the last weights of a run.

    Raises:
        DamagedRunError: where the stored weights are damaged or do not fit the model.
    """
    with TemporaryDirectory() as folder:
        weights = store.read_file(run_id, WEIGHTS, Path(folder))
        checksum = store.read_file(run_id, f"{WEIGHTS}.sha256", Path(folder)).read_text()
        if sha256(weights.read_bytes()).hexdigest() != checksum:
            raise DamagedRunError(f"run {run_id}: {WEIGHTS} is damaged: its SHA-256 is not the recorded one.")
        try:
            model.load_weights(weights)
        except (OSError, ValueError, KeyError) as error:
            raise weights_mismatch(run_id) from error


def weights_mismatch(run_id: str) -> DamagedRunError:
    """The error for stored weights that do not fit the network of the stored config."""
    return DamagedRunError(
        f"run {run_id}: the weights do not fit the network of the stored config; was it edited? "
        "Put back what was there."
    )
