"""Recorded runs: from an id back to the config and the trained model."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from aeexp.baselines.baseline import Baseline
from aeexp.baselines.comparison import BaselineComparison, BaselineSuite
from aeexp.config.infrastructure import is_infrastructure
from aeexp.config.schemas import TrainConfig
from aeexp.corruptions.chain import Chain
from aeexp.datasets.binarization import NONE
from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import ConfigError, DamagedRunError, IncompatibleRunError
from aeexp.evaluation.evaluator import Evaluator
from aeexp.metrics.metric import Metric
from aeexp.models.autoencoder import Autoencoder
from aeexp.runs.factory import (
    build_corruption,
    build_metrics,
    build_model,
    build_objective,
    build_pairs,
    restoration_task,
)
from aeexp.runs.needs import check_counts, check_densities, check_needs
from aeexp.runs.provenance import MODEL_FORMAT, describe_source, weight_shapes
from aeexp.runs.soundness import existing_probes
from aeexp.runs.trust import check_trust, read_config
from aeexp.runs.weights import load_weights, weights_mismatch
from aeexp.tracking.store import RunStore
from aeexp.types import Shape


@dataclass(frozen=True)
class LoadedRun:
    """A recorded training. Its config may come from a shared server and is treated as untrusted.

    Args:
        id: of the run.
        config: as it was composed for the training.
        image_shape: of the clean images it was trained on, (H, W, C).
        version: of the aeexp that recorded it.
        weights: the shape of each weight; None in a run that does not say.
        store: where the run is recorded.
    """

    id: str
    config: DictConfig
    image_shape: Shape
    version: str
    weights: list[list[int]] | None
    store: RunStore

    @classmethod
    def find(
        cls, selector: str, store: RunStore, allow: Sequence[str] = (), *, unfinished: bool = False
    ) -> "LoadedRun":
        """The run that a selector means: an id or its beginning, `latest`, `best:<metric>`, a registered model's name.

        Args:
            allow: modules outside aeexp and Keras whose classes the stored config may name.
            unfinished: whether `latest` may be a training that has not finished.

        Raises:
            TrackingError: where there is no such run, or what it stores is damaged, too new, or not to be trusted.
        """
        run_id = store.find(selector, unfinished=unfinished)
        with TemporaryDirectory() as folder:
            config = read_config(store.read_file(run_id, "config.yaml", Path(folder)), run_id)
            about = _read_about(store.read_file(run_id, "model.json", Path(folder)), run_id)
        check_trust(config, allow, run_id)
        shape, weights = tuple(about["image_shape"]), about.get("weights")
        return cls(run_id, OmegaConf.create(config), shape, about["aeexp"], weights, store)

    @property
    def name(self) -> str:
        """A short name for tables: the data set that it was trained on, and the beginning of its id."""
        return f"{self.config.dataset._target_.split('.')[-2]} {self.id[:4]}"

    def corruption(self) -> Chain:
        """The corruption that it was trained with."""
        return build_corruption(self.config.corruption)

    @property
    def binarization(self) -> str:
        """That of the images which it was trained on."""
        return OmegaConf.select(self.config, "dataset.binarization", default=NONE)

    def metrics(self, names: Collection[str] | None = None) -> dict[str, Metric]:
        """The metrics that it was evaluated by, or those of some names among them."""
        nodes = self.config.metric
        return build_metrics({name: nodes[name] for name in nodes if names is None or name in names})

    def model(self) -> Autoencoder:
        """The network, rebuilt from the config, with its trained weights.

        Raises:
            DamagedRunError: where the stored weights are damaged or do not fit the config.
        """
        model = build_model(self.config, self.corruption(), self.image_shape)
        self.check(model)
        load_weights(model, self.id, self.store)
        return model

    def check(self, model: Autoencoder) -> None:
        """Refuse a network that is not the one which was trained.

        Raises:
            DamagedRunError: where its weights have other shapes.
        """
        if self.weights not in (None, weight_shapes(model)):
            raise weights_mismatch(self.id)

    def training_config(self) -> DictConfig:
        """The stored config as this version of aeexp knows it, for training; whoever trains adds the infrastructure.

        Raises:
            IncompatibleRunError: where it is one of another version, which is named.
        """
        try:
            config = OmegaConf.merge(OmegaConf.structured(TrainConfig), self.config)
        except OmegaConfBaseException as error:
            reason = str(error).strip().split("\n")[0]
            raise IncompatibleRunError(
                f"run {self.id}: its config is not one of this version of aeexp ({reason})."
            ) from error
        if missing := {key for key in OmegaConf.missing_keys(config) if not is_infrastructure(key)}:
            raise IncompatibleRunError(
                f"run {self.id} was recorded by aeexp {self.version}, whose config has no {min(missing)}; "
                "train it with that version."
            )
        return config  # type: ignore[return-value]

    def evaluation(
        self, dataset: Dataset, corruption: Chain, metrics: Mapping[str, Metric] | None = None
    ) -> "EvaluationSetup":
        """The setup for evaluating the model on a data set under a corruption.

        Args:
            metrics: to measure; None takes the run's own.

        Raises:
            ConfigError: where the network does not take such images.
        """
        splits = dataset.splits()
        shape = splits["test"].images.shape[1:]
        _check_shapes(self, corruption.output_shape(shape), shape)
        pairs = {split: build_pairs(dataset, each, corruption, self.config.seed) for split, each in splits.items()}
        test = pairs["test"]
        metrics = self.metrics() if metrics is None else metrics
        check_needs(metrics, dataset, splits)
        model, objective = self.model(), build_objective(self.config.loss)
        check_counts(metrics, model.bottleneck)
        check_densities(metrics, model, objective, test)
        evaluator = Evaluator(
            model=model,
            objective=objective,
            pairs=test,
            metrics=metrics,
            labels=splits["test"].labels,
            class_names=dataset.class_names,
            names=splits["test"].names,
            probes=existing_probes(self.config.probes, len(test)),
            trained=self.corruption(),
            factors=dataset.factors("test"),
            source=describe_source(self.store.info(self.id).name, dataset, corruption, len(test)),
        )
        return EvaluationSetup(splits, corruption, pairs, evaluator)


@dataclass(frozen=True)
class EvaluationSetup:
    """A trained model and the images that it is evaluated on.

    Args:
        splits: of the data set.
        corruption: of the images.
        pairs: of each split; the baselines learn from the training images, which the model does not see.
        evaluator: evaluates the model on the test images.
    """

    splits: dict[Split, LabelledImages]
    corruption: Chain
    pairs: dict[Split, CorruptedPairs]
    evaluator: Evaluator

    def evaluator_of(self, split: Split) -> Evaluator:
        """Evaluates the model on the images of a split; validation images are test images where a run has no others."""
        if split not in self.splits or split == "test":
            return self.evaluator
        images = self.splits[split]
        return replace(
            self.evaluator,
            pairs=self.pairs[split],
            labels=images.labels,
            names=images.names,
            probes=(),
            factors=None,
            source=replace(self.evaluator.source, images=len(images), split=split),
        )

    def baselines(
        self, baselines: Mapping[str, Baseline], comparison: BaselineComparison, digests: Sequence[str]
    ) -> BaselineSuite:
        """The baselines that make sense for the task of the model.

        Args:
            digests: of the training and the test images.
        """
        train = self.pairs["train"]
        shape = tuple(train.images.shape[1:])
        task = restoration_task(self.evaluator.model, self.corruption, shape)
        return BaselineSuite.for_task(task, baselines, comparison, train, digests)


def _check_shapes(saved: LoadedRun, corrupted: Shape, clean: Shape) -> None:
    expected = saved.corruption().output_shape(saved.image_shape)
    if (corrupted, clean) != (expected, saved.image_shape):
        raise ConfigError(
            f"run {saved.id}: its network makes {_size(saved.image_shape)} of {_size(expected)}. Received images of "
            f"{_size(clean)}, corrupted to {_size(corrupted)}; choose another data set or corruption."
        )


def _size(shape: Shape) -> str:
    return "×".join(map(str, shape))


def _read_about(path: Path, run_id: str) -> dict[str, Any]:
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        newer, shape = about["format"] > MODEL_FORMAT, about["image_shape"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedRunError(f"run {run_id}: model.json is damaged; it cannot be read.") from error
    if newer:
        raise IncompatibleRunError(
            f"run {run_id} was recorded by aeexp {about['aeexp']}; install that version or a later one."
        )
    if not isinstance(shape, list) or len(shape) != 3 or not all(type(side) is int and side > 0 for side in shape):
        raise DamagedRunError(f"run {run_id}: model.json is damaged; it gives {shape} for the shape of the images.")
    return about
