"""The composition root: the only place that sees all packages."""

import math
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
import tensorflow as tf
from omegaconf import DictConfig

from aeexp.baselines.baseline import Baseline, RestorationTask
from aeexp.baselines.comparison import BaselineComparison, BaselineSuite
from aeexp.config.hints import did_you_mean
from aeexp.config.instantiate import instantiate, instantiate_all
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.corruption import Corruption
from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import ConfigError, FileMissingError
from aeexp.evaluation.evaluator import Evaluator
from aeexp.evaluation.result import EvaluationResult
from aeexp.losses.loss import Loss
from aeexp.losses.objective import Objective
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.bottleneck import Bottleneck
from aeexp.reports.report import Report
from aeexp.runs.callbacks import EpochMetrics, ProgressPictures
from aeexp.runs.provenance import describe_run
from aeexp.runtime.interrupts import check_interrupt
from aeexp.runtime.precision import use_precision
from aeexp.runtime.threads import use_threads
from aeexp.tracking.tracker import ActiveRun, RunSpec, Tracker
from aeexp.training.checkpoint import Checkpoint, TrainingState
from aeexp.training.memory import check_memory
from aeexp.training.optimizer_settings import check_settings
from aeexp.training.progress import ProgressBar
from aeexp.training.trainer import Trainer
from aeexp.types import Shape

Load = Callable[[Dataset, Split], LabelledImages]
Beside = Callable[[ActiveRun], AbstractContextManager]

TESTED = ("bce", "mse", "psnr", "ssim")
"""The image metrics recorded at the end, as `test/…`."""


STATE = "weights/state.npz"
"""The file of a run that a longer training goes on from."""


@dataclass(frozen=True)
class Result:
    """Where a finished run is, and the numbers it ended with."""

    run_id: str
    location: str
    metrics: dict[str, float]


@dataclass(frozen=True)
class Experiment:
    """A run in all its parts: checked, built, and ready to train."""

    details: RunSpec
    train: CorruptedPairs
    evaluator: Evaluator
    model: Autoencoder
    objective: Objective
    optimizer: keras.optimizers.Optimizer
    trainer: Trainer
    reports: list[Report]
    tracker: Tracker
    rivals: BaselineSuite

    @classmethod
    def from_config(cls, config: DictConfig, load: Load = Dataset.load) -> "Experiment":
        """Build and check everything; nothing is trained and no run is begun.

        Args:
            config: that of `aeexp train`.
            load: reads a split of the data set, or remembers it.

        Raises:
            AeexpError: for whatever is wrong with the config, the data or the tracking.
        """
        trainer = instantiate(config.trainer, "trainer", Trainer)
        use_threads(trainer.threads)
        use_precision(trainer.precision)
        dataset = instantiate(config.dataset, "dataset", Dataset)
        corruption = Chain(instantiate_all(config.corruption, "corruption", Corruption))
        objective = Objective(instantiate_all(config.loss, "loss", Loss))
        optimizer = instantiate(config.optimizer, "optimizer", keras.optimizers.Optimizer)
        reports = list(instantiate_all(config.report, "report", Report).values())
        tracker = instantiate(config.tracking, "tracking", Tracker)
        baselines = instantiate_all(config.baseline, "baseline", Baseline)
        comparison = instantiate(config.comparison, "comparison", BaselineComparison)
        splits = {"train": load(dataset, "train"), "test": load(dataset, "test")}
        model = build_model(config, corruption, splits["test"].images.shape[1:])
        objective.check(model.output_names)
        check_numbers(config, trainer, objective)
        check_memory(model, min(trainer.batch_size, len(splits["train"].images)))
        tracker.open()
        train, test = (CorruptedPairs(tf.constant(split.images), corruption, config.seed) for split in splits.values())
        probes = tuple(probe for probe in config.probes if probe < len(test))
        details = describe_run(config, dataset, splits, model)
        task = describe_task(model, corruption, splits["test"].images.shape[1:])
        return cls(
            details=details,
            train=train,
            evaluator=Evaluator(model, test, splits["test"].labels, dataset.class_names, probes, objective=objective),
            model=model,
            objective=objective,
            optimizer=optimizer,
            trainer=trainer,
            reports=reports,
            tracker=tracker,
            rivals=BaselineSuite.suited_to(
                task, baselines, comparison, train, [each.digest for each in details.datasets.values()]
            ),
        )

    def run(self, *, quiet: bool = False, beside: Beside = nullcontext, resumed: str | None = None) -> Result:
        """Train, evaluate, and record both.

        Args:
            quiet: show no progress.
            beside: what goes on as long as the run does.
            resumed: the id of the run to go on with; None begins a new one.

        Raises:
            TrackingError: where another process trains the run, or what it goes on from is damaged.
        """
        with self.tracker.record(self.details, resumed) as run, self._checkpoint(run) as checkpoint, beside(run):
            start = None
            if resumed is not None:
                start = self._stored_state(run, checkpoint)
                # Perhaps for longer: who goes on or repeats it must know.
                run.write_text(self.details.texts["config.yaml"], "config.yaml")
            history = self._fit(run, checkpoint, start, quiet)
            evaluation = self.evaluator.all_images(history)
            metrics = write_reports(evaluation, self.rivals, self.reports, run)
            run.write_model(self.model.functional(), evaluation.inputs[:2])
            checkpoint.remove()
        return Result(run.id, run.location, {**history[-1], **metrics})

    def _checkpoint(self, run: ActiveRun) -> Checkpoint:
        return Checkpoint(Path(self.trainer.checkpoints) / f"{run.id}.npz")

    def _fit(
        self, run: ActiveRun, checkpoint: Checkpoint, start: TrainingState | None, quiet: bool
    ) -> list[dict[str, float]]:
        bar = ProgressBar(self.details.name, self.trainer.epochs, len(self.train))
        pictures = ProgressPictures(self.reports, self.evaluator.probe_images, run)
        with bar:
            state = self.trainer.fit(
                self.model,
                self.objective,
                self.optimizer,
                self.train,
                self.evaluator,
                [pictures, EpochMetrics(run), *([] if quiet else [bar])],
                start=start,
                keep=checkpoint.keep,
            )
        self._write_weights(state, run)
        return state.history

    def _stored_state(self, run: ActiveRun, checkpoint: Checkpoint) -> TrainingState | None:
        """What a run goes on from, checked before anything in it is changed."""
        state = checkpoint.read() or self._final_state(run)
        if state is not None:
            self.optimizer.build(self.model.trainable_variables)
            state.check(self.model.weights, self.optimizer.variables)
        return state

    def _final_state(self, run: ActiveRun) -> TrainingState | None:
        """That of a run which had finished and is to be trained for longer."""
        if not run.epochs_written:
            return None
        with TemporaryDirectory() as folder:
            try:
                path = self.tracker.store.read_file(run.id, STATE, Path(folder))
            except FileMissingError:
                return None  # it was killed before its first checkpoint
            return TrainingState.read(path)

    def _write_weights(self, state: TrainingState, run: ActiveRun) -> None:
        final = self.model.get_weights()
        with TemporaryDirectory() as folder:
            best, last = (Path(folder) / f"{name}.weights.h5" for name in ("best", "last"))
            self.model.save_weights(last)
            if all(map(np.array_equal, state.best_weights, final)):
                shutil.copy(last, best)
            else:
                self.model.set_weights(state.best_weights)
                self.model.save_weights(best)
                self.model.set_weights(final)
            state.write(Path(folder) / Path(STATE).name)
            for file in sorted(Path(folder).iterdir()):
                run.write_file(file, Path(STATE).parent.name)
                run.write_text(sha256(file.read_bytes()).hexdigest(), f"weights/{file.name}.sha256")


def write_reports(
    evaluation: EvaluationResult, rivals: BaselineSuite, reports: Sequence[Report], run: ActiveRun
) -> dict[str, float]:
    """Write the mean of each image metric as `test/…`, those of the baselines, and what the reports have to show.

    Returns:
        The metrics.
    """
    restored, compared = rivals.compare(evaluation)
    metrics = {f"test/{name}": float(evaluation.metrics[name].mean()) for name in TESTED} | compared
    run.write_metrics(metrics, step=0)
    for report in reports:
        check_interrupt()
        for item in report(replace(evaluation, baselines=restored)):
            run.write(item)
    return metrics


def build_model(config: DictConfig, corruption: Chain, image_shape: Shape) -> Autoencoder:
    """The autoencoder of a config: the corruption decides its input shape, the data set its output shape.

    Raises:
        ConfigError: for parts that do not fit one another or the images.
    """
    latent_dim = config.model.latent_dim
    if latent_dim is not None and latent_dim < 1:
        raise ConfigError(f"model: `latent_dim` must be at least 1, or null. Received latent_dim={latent_dim}.")
    check_seed(config.seed)
    keras.utils.set_random_seed(config.seed)
    architecture = instantiate(config.model.architecture, "model.architecture", Architecture)
    bottleneck = instantiate(config.model.bottleneck, "model.bottleneck", Bottleneck)
    body = architecture.encoder(corruption.output_shape(image_shape))
    encoder = keras.Model(body.inputs, bottleneck.heads(body.outputs[0], latent_dim), name="encoder")
    latent = bottleneck.draw(encoder.output, None)
    return Autoencoder(encoder, bottleneck.draw, architecture.decoder(latent.shape[1:], image_shape))


def describe_task(model: Autoencoder, corruption: Chain, image_shape: Shape) -> RestorationTask:
    """What the baselines must know of the model."""
    code_size = math.prod(model.decoder.input.shape[1:])
    return RestorationTask(corruption.output_shape(image_shape), tuple(image_shape), bool(corruption.links), code_size)


def check_seed(seed: int) -> None:
    """Refuse what NumPy takes for no seed.

    Raises:
        ConfigError: naming the range.
    """
    if not 0 <= seed < 2**32:
        raise ConfigError(f"seed: must be from 0 to 4294967295. Received seed={seed}.")


def check_numbers(config: DictConfig, trainer: Trainer, objective: Objective) -> None:
    """Refuse what no single component can judge.

    Raises:
        ConfigError: naming the key and the mend.
    """
    check_settings(config.optimizer)
    if any(probe < 0 for probe in config.probes):
        raise ConfigError(f"probes: places in the test set start at 0. Received {list(config.probes)}.")
    known = trainer.metric_names(objective)
    if trainer.monitor not in known:
        raise ConfigError(
            f"trainer: `monitor` must be a logged metric. Received monitor={trainer.monitor}."
            f"{did_you_mean(trainer.monitor, known)} Choose from {', '.join(known)}."
        )
