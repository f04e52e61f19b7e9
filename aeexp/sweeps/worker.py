"""What a worker does with the jobs of a sweep. Imports nothing heavy: a pickle of it may arrive anywhere."""

import _thread
import gc
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from aeexp.errors import AeexpError
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.sweeps.jobs import KEY_VERSION, key_of, name_of
from aeexp.tracking.mlflow.liveness import BEAT, SECONDS_BETWEEN_BEATS, Heartbeat, beat

if TYPE_CHECKING:
    from aeexp.datasets.dataset import Dataset, LabelledImages, Split
    from aeexp.tracking.tracker import RunSpec


@dataclass(frozen=True)
class SweepWorker:
    """Trains the jobs of one sweep, in whatever process it arrives.

    Args:
        mlruns: the folder of all runs, the same in every process.
        folder: where the sweep was started: classes named by the user's own configs may lie there.
        parent: the id of the sweep's run.
        axes: the swept keys.
        quiet: whether the terminal belongs to somebody else.
    """

    mlruns: str
    folder: str
    parent: str
    axes: tuple[str, ...]
    quiet: bool

    def __reduce__(self) -> tuple[Callable[..., "SweepWorker"], tuple[Any, ...]]:
        return _arrive, astuple(self)

    def __call__(self, config: DictConfig) -> str | None:
        """Train one job, unless the sweep is over.

        Returns:
            Why it failed, or None. Errors are not raised, as not all of them survive the way back.
        """
        _load_libraries()
        try:
            self._train(config)
        except AeexpError as error:
            return str(error)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            _forget_models()
        return None

    def _train(self, config: DictConfig) -> None:
        from aeexp.runs.experiment import Experiment
        from aeexp.runtime.threads import use_threads
        from aeexp.tracking.mlflow.opening import as_mlflow

        use_threads(config.trainer.threads)
        experiment = Experiment.from_config(config, load_once)
        uri = as_mlflow(experiment.tracker, "records sweeps").tracking_uri
        if not self._is_over(uri):
            spec = self._spec(experiment.spec, config)
            replace(experiment, spec=spec).run(quiet=self.quiet, beside=lambda run: self._heartbeat(uri, run.id))

    def _spec(self, spec: "RunSpec", config: DictConfig) -> "RunSpec":
        """As of any run, under the name of what is swept."""
        words = (word.lstrip("+~").partition("=") for word in HydraConfig.get().overrides.task)
        point = {key: value for key, _, value in words if key in self.axes}
        tags = {
            "mlflow.parentRunId": self.parent,
            "aeexp.key": key_of(config),
            "aeexp.key_version": KEY_VERSION,
            **beat(),
        }
        params = {**point, **spec.params}
        return replace(spec, name=name_of(point), params=params, tags={**spec.tags, **tags})

    def _heartbeat(self, uri: str, run: str) -> Heartbeat:
        """Keeps saying that the run is alive, and ends it with its sweep."""
        from mlflow import MlflowClient

        def once() -> None:
            MlflowClient(uri).set_tag(run, BEAT, beat()[BEAT])
            if self._is_over(uri):
                _thread.interrupt_main()

        return Heartbeat(once, SECONDS_BETWEEN_BEATS)

    def _is_over(self, uri: str) -> bool:
        from mlflow import MlflowClient

        return MlflowClient(uri).get_run(self.parent).info.status != "RUNNING"


def _arrive(mlruns: str, folder: str, *fields: Any) -> SweepWorker:
    """Make a process ready for work that was sent to it."""
    OmegaConf.register_new_resolver("mlruns", lambda: mlruns, replace=True)
    os.environ["MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT"] = "1"
    if folder not in sys.path:
        sys.path.append(folder)
    return SweepWorker(mlruns, folder, *fields)


def check(work: SweepWorker, names: Sequence[str], configs: Sequence[DictConfig]) -> str | None:
    """Build all that jobs would train, and train nothing.

    Returns:
        What is wrong with the first bad one, or None.
    """
    _load_libraries()
    from aeexp.runs.experiment import Experiment
    from aeexp.runs.factory import check_seed
    from aeexp.runtime.threads import use_threads

    checked: set[str] = set()
    for name, config in zip(names, configs, strict=True):
        try:
            check_seed(config.seed)
            if (key := key_of(config, "seed")) not in checked:
                use_threads(config.trainer.threads)
                Experiment.from_config(config, load_once)
                checked.add(key)
                _forget_models()
        except AeexpError as error:
            return f"{name}: {error}"
    return None


def load_once(dataset: "Dataset", split: "Split") -> "LabelledImages":
    """A split of a data set, read by the first job that a process runs on it."""
    key = (repr(dataset), split)
    if key not in _loaded:
        while len(_loaded) >= SPLITS_KEPT:
            del _loaded[next(iter(_loaded))]
        _loaded[key] = dataset.load(split)
    return _loaded[key]


SPLITS_KEPT = 2
_loaded: "dict[tuple[str, Split], LabelledImages]" = {}


@cache
def _load_libraries() -> None:
    """Load everything heavy, and spare the garbage collector the sight of it from then on."""
    import_tensorflow()
    import aeexp.runs.experiment  # noqa: F401

    gc.freeze()


def _forget_models() -> None:
    """Free what a job leaves behind, for a worker may take hundreds."""
    import keras
    from tensorflow.python.framework.ops import gradient_registry

    # tf.custom_gradient registers each gradient for good, and with it the graph that it was traced in.
    for name in [name for name in gradient_registry.list() if name.startswith("CustomGradient-")]:
        del gradient_registry._registry[name]
    keras.backend.clear_session()  # collects garbage as well
    keras.utils.disable_interactive_logging()  # which the line before forgets as well
