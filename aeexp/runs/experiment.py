"""A training run from its beginning to its end."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from omegaconf import DictConfig

from aeexp.baselines.comparison import BaselineSuite
from aeexp.datasets.dataset import Dataset
from aeexp.evaluation.augmented import augmented_images
from aeexp.evaluation.evaluator import Evaluator
from aeexp.evaluation.result import EvaluationResult
from aeexp.evaluation.samples import SampleSource
from aeexp.reports.report import Report
from aeexp.runs.callbacks import EpochMetrics, LivePage, ProgressImages
from aeexp.runs.evaluators import evaluator_of
from aeexp.runs.factory import Components, Load, restoration_task
from aeexp.runs.needs import check_densities, check_needs
from aeexp.runs.next_steps import resume_call
from aeexp.runs.outcome import state_in_words, title
from aeexp.runs.page import RunPage
from aeexp.runs.params import command_overrides
from aeexp.runs.provenance import describe_run
from aeexp.runs.reporting import write_reports
from aeexp.runs.resumption import record_changes, stored_state
from aeexp.runs.soundness import record_end, record_standstill, warn_of_doubts
from aeexp.runs.weights import write_weights
from aeexp.runtime.notebook import stage
from aeexp.runtime.precision import warn_where_slow
from aeexp.tracking.tags import PROTOCOL_TAG
from aeexp.tracking.tracker import ActiveRun, RunSpec, Tracker
from aeexp.training.checkpoint import Checkpoint, TrainingState
from aeexp.training.divergence import DivergenceError
from aeexp.training.progress import progress_display
from aeexp.training.trainer import Trainer, TrainingTask

NOTHING: Mapping[str, str] = MappingProxyType({})
RunContext = Callable[[ActiveRun], AbstractContextManager]


@dataclass(frozen=True)
class Result:
    """Result of a finished run.

    Args:
        run_id: of the run.
        page: path or address of its page.
        metrics: those of the last epoch, of the test images, of the baselines and of the reports.
        state: which epochs were trained, which was the best, and how long it took, in words.
    """

    run_id: str
    page: str
    metrics: dict[str, float]
    state: str


@dataclass(frozen=True)
class Experiment:
    """Experiment: all parts of a training run, checked, built and ready to train.

    Args:
        test: evaluates the trained model once, at the end.
    """

    spec: RunSpec
    task: TrainingTask
    test: Evaluator
    trainer: Trainer
    reports: list[Report]
    formats: tuple[str, ...]
    tracker: Tracker
    baselines: BaselineSuite

    @classmethod
    def from_config(cls, config: DictConfig, load: Load = Dataset.splits, *, recorded: bool = False) -> "Experiment":
        """Build and check everything; nothing is trained, no run is begun and no global state is changed.

        Args:
            config: that of `aeexp train`.
            load: reads the splits of the data set, or remembers them.
            recorded: whether the config is that of a run, which older versions did not check as strictly.

        Raises:
            ConfigError, DataError: for whatever is wrong with the config or the data.
        """
        parts = Components.from_config(config, load, recorded=recorded)
        check_needs(parts.metrics, parts.dataset, parts.splits)
        check_densities(parts.metrics, parts.model, parts.objective, parts.pairs("test", config.seed))
        train = parts.pairs("train", config.seed)
        if not recorded:
            parts.trainer.check_mode(parts.objective.directions, parts.metrics)  # which may be one's own
        spec = describe_run(config, parts)
        samples = SampleSource(parts.model, parts.samplers, train)
        evaluate = partial(evaluator_of, parts, config, spec.name, samples)
        test = evaluate("test", strict=not recorded)
        validation = evaluate("validation", alike=test) if "validation" in parts.splits else test
        digests = [spec.datasets[split].digest for split in ("train", "test")]
        restoration = restoration_task(parts.model, parts.corruption, train.images.shape[1:])
        return cls(
            spec=spec,
            task=TrainingTask(
                parts.model, parts.objective, parts.rate, parts.augmented(train), validation, parts.callbacks
            ),
            test=test,
            trainer=parts.trainer,
            reports=parts.reports,
            formats=parts.formats,
            tracker=parts.tracker,
            baselines=BaselineSuite.for_task(restoration, parts.baselines, parts.comparison, train, digests),
        )

    def run(
        self,
        *,
        quiet: bool = False,
        context: RunContext = nullcontext,
        resumed: str | None = None,
        changed: Mapping[str, str] = NOTHING,
        announce: Callable[[str], None] | None = None,
    ) -> Result:
        """Train, evaluate, and record both.

        Args:
            quiet: show no progress.
            context: is open as long as the run is.
            resumed: the id of the run to go on with; None begins a new one.
            changed: its settings that are others from here on, as `old -> new`.
            announce: is told where the run's page is within the first epoch; with None it is written at the end alone.

        Raises:
            StoreUnreachableError: where no run can be recorded.
            RunBusyError: where another process trains the run.
            DamagedRunError: where what the run goes on from is damaged.
            OutcomeError: where the training ends otherwise than hoped.
        """
        begin = time.monotonic()
        warn_where_slow(self.trainer.precision)
        warn_of_doubts(self.task, len(self.test.pairs), None if quiet else self.trainer.batch_size)
        self.tracker.open()
        with self.tracker.record(self.spec, resumed) as run, self._checkpoint(run) as checkpoint, context(run):
            start = None if resumed is None else self._resume(run, checkpoint, changed)
            page = RunPage(self.spec, run)
            with self._good_epochs_kept(page, checkpoint, begin):
                trained = self._fit(run, checkpoint, start, quiet, self._live(page, announce))
            with stage("evaluating the test images" + ", drawing the report" * bool(self.reports), quiet=quiet):
                evaluation, state = self._evaluate(trained.history), self._state(trained, begin)
                record_standstill(run, trained.history, evaluation)
                metrics = write_reports(evaluation, self.baselines, self.reports, page, state, self.formats)
                run.write_model(self.task.model.functional(), evaluation.inputs[:2])
            checkpoint.remove()
        return Result(run.id, page.location, metrics, state)

    def _live(self, page: RunPage, announce: Callable[[str], None] | None) -> list[LivePage]:
        validation = self.task.validation
        if announce is None or not validation.probes:
            return []
        return [LivePage(page, validation.probe_images, self.trainer.epochs, len(self.task.train), announce)]

    def _evaluate(self, history: list[dict[str, float]]) -> EvaluationResult:
        best = self.trainer.stopping(self.task).best_epoch(history)
        augmented = augmented_images(self.task.train, len(history))
        return replace(self.test.all_images(history), best_epoch=best, augmented=augmented)

    def _state(self, trained: TrainingState, begin: float) -> str:
        best, seconds = self.trainer.stopping(self.task).best_epoch(trained.history), time.monotonic() - begin
        return state_in_words(trained, self.trainer.monitor, best, self.spec.tags[PROTOCOL_TAG], seconds)

    def _checkpoint(self, run: ActiveRun) -> Checkpoint:
        return Checkpoint(Path(self.trainer.checkpoints) / f"{run.id}.npz")

    def _resume(self, run: ActiveRun, checkpoint: Checkpoint, changed: Mapping[str, str]) -> TrainingState | None:
        """The state to go on from; whoever resumes or repeats the run later must know what it goes on with."""
        start = stored_state(run, checkpoint, self.tracker.store, self.task)
        run.write_text(self.spec.texts["config.yaml"], "config.yaml")
        run.status_before = None  # from here on it is no longer the run that it was
        record_changes(run, changed, start, self.tracker.store)
        return start

    def _fit(
        self,
        run: ActiveRun,
        checkpoint: Checkpoint,
        start: TrainingState | None,
        quiet: bool,
        callbacks: list[LivePage],
    ) -> TrainingState:
        better = [f"val/{name}" for name, each in self.task.validation.metrics.items() if each.higher_is_better]
        shown = ["train/loss", "val/loss", *better[:1]]
        drawn = self.reports if self.task.validation.probes else []
        progress_images = ProgressImages(drawn, self.task.validation.probe_images, run)
        name = title(self.spec.name, command_overrides())
        with progress_display()(name, self.trainer.epochs, len(self.task.train), shown) as bar:
            listeners = [progress_images, *callbacks, EpochMetrics(run), *([] if quiet else [bar])]
            state = self.trainer.fit(self.task, listeners, start, checkpoint)
        write_weights(self.task.model, state, run)
        record_end(run, state.ended_by, resumed=start is not None)
        return state

    @contextmanager
    def _good_epochs_kept(self, page: RunPage, checkpoint: Checkpoint, begin: float) -> Iterator[None]:
        """Where the training inside diverges, record what was good until then, and say how to go on from it."""
        try:
            yield
        except DivergenceError as error:
            again = resume_call(page.run.id, {"optimizer.learning_rate": f"{self.task.rate.base / 10:.2g}"})
            if error.state is None:
                raise DivergenceError(f"{error} Begin it again: {again}", None) from error
            self.task.model.set_weights(error.state.best_weights)
            write_weights(self.task.model, error.state, page.run)
            checkpoint.remove()  # of a later epoch than the best one
            evaluation = self._evaluate(error.state.history)
            state = f"diverged after {self._state(error.state, begin)}"
            write_reports(evaluation, self.baselines, self.reports, page, state, self.formats)
            message = f"{error} The run keeps its best weights; go on from them: {again}"
            raise DivergenceError(message, error.state) from error
