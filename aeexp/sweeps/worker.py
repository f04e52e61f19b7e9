"""The worker of a sweep, which trains its jobs in any process. Imports nothing heavy, as it is unpickled early."""

import _thread
import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from aeexp.errors import AeexpError
from aeexp.metrics.direction import resolve_mode
from aeexp.runtime.compat import release_custom_gradients
from aeexp.runtime.credentials import without_credentials
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.sweeps.jobs import KEY_VERSION, key_of, name_of
from aeexp.tracking.mlflow.liveness import SECONDS_BETWEEN_BEATS, Heartbeat, beat
from aeexp.tracking.store import direction
from aeexp.tracking.tags import BEAT_TAG, KEY_TAG, KEY_VERSION_TAG, PARENT_TAG

if TYPE_CHECKING:
    from aeexp.datasets.dataset import Dataset, LabelledImages, Split
    from aeexp.tracking.tracker import RunSpec

log = logging.getLogger(__name__)

MAX_DATASETS = 1
"""Data sets that a process keeps in memory for its next jobs."""

_loaded: "dict[str, dict[Split, LabelledImages]]" = {}


@dataclass(frozen=True)
class SweepWorker:
    """Trains the jobs of one sweep, in the process that it is sent to.

    Args:
        mlruns: the folder of all runs, the same in every process.
        folder: where the sweep was started; modules of the user's own that configs name are imported from there.
        parent: the id of the sweep's run.
        axes: the swept keys.
        quiet: whether to leave the terminal to the progress table of the sweep.
    """

    mlruns: str
    folder: str
    parent: str
    axes: tuple[str, ...]
    quiet: bool

    def __reduce__(self) -> tuple[Callable[..., "SweepWorker"], tuple[Any, ...]]:
        return _unpickle, astuple(self)

    def __call__(self, config: DictConfig) -> str | None:
        """Train one job, unless the sweep has ended.

        Returns:
            Why it failed, or None. Errors are not raised, as some cannot be pickled and would end the other jobs.
        """
        try:
            _load_libraries()
            try:
                self._train(config)
            finally:
                _free_models()
        except AeexpError as error:
            return without_credentials(str(error))
        except Exception as error:  # classes of the user's own may raise anything
            log.exception("job %s failed:", name_of(self._point()))
            return without_credentials(f"{type(error).__name__}: {error}")
        return None

    def _train(self, config: DictConfig) -> None:
        from aeexp.runs.experiment import Experiment
        from aeexp.runtime.threads import use_threads
        from aeexp.tracking.mlflow.opening import as_mlflow

        use_threads(config.trainer.threads)
        experiment = Experiment.from_config(config, load_once)
        uri = as_mlflow(experiment.tracker, "records sweeps").tracking_uri
        if not self._has_ended(uri):
            spec = self._spec(experiment.spec, config)
            replace(experiment, spec=spec).run(quiet=self.quiet, context=lambda run: self._heartbeat(uri, run.id))

    def _spec(self, spec: "RunSpec", config: DictConfig) -> "RunSpec":
        """The specification of the run, named after the swept values, as a child of the sweep's run."""
        tags = {
            PARENT_TAG: self.parent,
            KEY_TAG: key_of(config),
            KEY_VERSION_TAG: KEY_VERSION,
            **beat(),
        }
        return replace(spec, name=name_of(self._point()), tags={**spec.tags, **tags})

    def _point(self) -> dict[str, str]:
        """The swept values of the job by their keys."""
        words = (word.lstrip("+~").partition("=") for word in HydraConfig.get().overrides.task)
        return {key: value for key, _, value in words if key in self.axes}

    def _heartbeat(self, uri: str, run: str) -> Heartbeat:
        """Tags the run as alive at intervals, and interrupts it when the sweep has ended."""
        from mlflow import MlflowClient

        def once() -> None:
            MlflowClient(uri).set_tag(run, BEAT_TAG, beat()[BEAT_TAG])
            if self._has_ended(uri):
                _thread.interrupt_main()

        return Heartbeat(once, SECONDS_BETWEEN_BEATS)

    def _has_ended(self, uri: str) -> bool:
        from mlflow import MlflowClient

        return MlflowClient(uri).get_run(self.parent).info.status != "RUNNING"


def _unpickle(mlruns: str, folder: str, *fields: Any) -> SweepWorker:
    """A worker in the process that it was sent to, which is prepared for it."""
    OmegaConf.register_new_resolver("mlruns", lambda home=None: mlruns, replace=True)
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "1"
    if folder not in sys.path:
        sys.path.append(folder)
    return SweepWorker(mlruns, folder, *fields)


def check(worker: SweepWorker, names: Sequence[str], configs: Sequence[DictConfig]) -> str | None:
    """Build the experiments of jobs without training them.

    Args:
        worker: sent along because unpickling it prepares the process.
        names: of the jobs.
        configs: of the jobs.

    Returns:
        What is wrong with the first invalid job, or None.
    """
    _load_libraries()
    from aeexp.runs.checks import check_seed
    from aeexp.runs.experiment import Experiment
    from aeexp.runtime.threads import use_threads

    checked: set[str] = set()
    for name, config in zip(names, configs, strict=True):
        try:
            check_seed(config.seed)
            if (key := key_of(config, "seed")) not in checked:
                use_threads(config.trainer.threads)
                spec = Experiment.from_config(config, load_once).spec
                sweep = config.sweep
                resolve_mode(sweep.mode, sweep.metric, direction(sweep.metric, spec.tags), "sweep.mode")
                checked.add(key)
                _free_models()
        except AeexpError as error:
            return without_credentials(f"{name}: {error}")
    return None


def load_once(dataset: "Dataset") -> "dict[Split, LabelledImages]":
    """The splits of a data set, loaded by the first job of a process that needs them."""
    key = repr(dataset)
    if key not in _loaded:
        while len(_loaded) >= MAX_DATASETS:
            del _loaded[next(iter(_loaded))]
        _loaded[key] = dataset.splits()
    return _loaded[key]


@cache
def _load_libraries() -> None:
    """Import everything heavy, and exclude it from garbage collection from then on."""
    import_tensorflow()
    import aeexp.runs.experiment  # noqa: F401

    gc.freeze()


def _free_models() -> None:
    """Free the memory of a job's models, as a worker may train hundreds."""
    import keras

    release_custom_gradients()
    keras.backend.clear_session()  # collects garbage as well
    keras.utils.disable_interactive_logging()  # clear_session enables it
