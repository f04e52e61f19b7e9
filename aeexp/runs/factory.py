"""Factory of a run's components from its config, checked against one another. Building has no side effects."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
import tensorflow as tf
from omegaconf import DictConfig, OmegaConf

from aeexp.augmentations.augmentation import Augmentation
from aeexp.augmentations.chain import AugmentationChain
from aeexp.baselines.baseline import Baseline, RestorationTask
from aeexp.baselines.comparison import BaselineComparison
from aeexp.config.instantiate import instantiate, instantiate_all
from aeexp.config.options import train_defaults
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.corruption import Corruption
from aeexp.datasets.binarization import DYNAMIC
from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.losses.loss import Loss
from aeexp.losses.objective import Objective
from aeexp.metrics.metric import Metric
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.bottlenecks.bottleneck import Bottleneck
from aeexp.models.learned_numbers import LearnedNumbers
from aeexp.models.priors.prior import Prior
from aeexp.models.samplers.sampler import Sampler
from aeexp.reports.report import Report
from aeexp.runs.checks import check_config, check_latent_dim, check_seed
from aeexp.runs.needs import check_counts
from aeexp.runtime.initializers import seeded_initializers
from aeexp.runtime.precision import built_in_precision
from aeexp.tracking.artifacts import FORMAT, figure_formats
from aeexp.tracking.tracker import Tracker
from aeexp.training.fused_update import fuse
from aeexp.training.learning_rate import LearningRate
from aeexp.training.memory import check_code_memory, check_memory, network_within_memory
from aeexp.training.optimizer_settings import with_floats
from aeexp.training.schedules.schedule import Schedule
from aeexp.training.trainer import Trainer
from aeexp.types import Shape

Load = Callable[[Dataset], dict[Split, LabelledImages]]
"""Reads the splits of a data set, or remembers them."""

OF_TRAINING = {"loss_curves", "augmentations", "probe_arrays"}
"""Reports that are chosen by default for a training and not for an evaluation."""

OF_LATER_VERSIONS = {"codebook_usage"}
"""Reports that have become default ones since; runs of older versions chose all others by default."""


@dataclass(frozen=True)
class Components:
    """Components of a training.

    Args:
        splits: the images of the data set; without `validation` where the test images are used for it.
    """

    trainer: Trainer
    dataset: Dataset
    splits: dict[Split, LabelledImages]
    augmentation: AugmentationChain
    corruption: Chain
    model: Autoencoder
    objective: Objective
    metrics: dict[str, Metric]
    rate: LearningRate
    callbacks: list[keras.callbacks.Callback]
    samplers: dict[str, Sampler]
    reports: list[Report]
    formats: tuple[str, ...]
    tracker: Tracker
    baselines: dict[str, Baseline]
    comparison: BaselineComparison

    @classmethod
    def from_config(cls, config: DictConfig, load: Load = Dataset.splits, *, recorded: bool = False) -> "Components":
        """Build and check everything.

        Args:
            config: that of `aeexp train`.
            recorded: whether it is that of a run, which older versions did not check as strictly.

        Raises:
            ConfigError, DataError: for whatever is wrong with the config or the data.
        """
        check_config(config, recorded=recorded)
        trainer = instantiate(config.trainer, "trainer", Trainer)
        dataset = instantiate(config.dataset, "dataset", Dataset)
        corruption, objective = build_corruption(config.corruption), build_objective(config.loss)
        metrics = build_metrics(config.metric)
        reports, formats = build_reports(config.report), figure_formats(config.report)
        baselines, comparison = build_baselines(config)
        splits = load(dataset)
        model = build_model(config, corruption, splits["test"].images.shape[1:])
        objective.check(model.output_names)
        check_counts(metrics, model.bottleneck)
        check_memory(model, min(trainer.batch_size, len(splits["train"].images)), objective.samples)
        return cls(
            trainer=trainer,
            dataset=dataset,
            splits=splits,
            augmentation=build_augmentation(config.augmentation, splits["train"].images.shape[1:]),
            corruption=corruption,
            model=model,
            objective=objective,
            metrics=metrics,
            rate=build_rate(config, trainer, len(splits["train"].images)),
            callbacks=list(instantiate_all(config.callback, "callback", keras.callbacks.Callback).values()),
            samplers=build_samplers(config.sampler, model),
            reports=suited_reports(reports, config.report, model),
            formats=formats,
            tracker=instantiate(config.tracking, "tracking", Tracker),
            baselines=baselines,
            comparison=comparison,
        )

    def pairs(self, split: Split, seed: int) -> CorruptedPairs:
        """The images of a split with the corruption, as they are evaluated and as baselines see them."""
        return build_pairs(self.dataset, self.splits[split], self.corruption, seed)

    def augmented(self, pairs: CorruptedPairs) -> CorruptedPairs:
        """The pairs as the model is trained on them."""
        return replace(pairs, augmentation=self.augmentation) if self.augmentation.links else pairs


def build_pairs(dataset: Dataset, split: LabelledImages, corruption: Chain, seed: int) -> CorruptedPairs:
    """The images of a split of a data set with a corruption."""
    return CorruptedPairs(tf.constant(split.images), corruption, seed, dataset.binarization == DYNAMIC)


def build_augmentation(nodes: Mapping[str, Any], image_shape: Shape) -> AugmentationChain:
    """The chosen augmentations as one, for images of a shape."""
    augmentation = AugmentationChain(instantiate_all(nodes, "augmentation", Augmentation))
    augmentation.check(image_shape)
    return augmentation


def build_rate(config: DictConfig, trainer: Trainer, images: int) -> LearningRate:
    """The optimizer of a training on so many images, and its learning rate under the schedule."""
    optimizer = fuse(instantiate(with_floats(config.optimizer), "optimizer", keras.optimizers.Optimizer))
    schedule = instantiate(config.schedule, "schedule", Schedule)
    return LearningRate.scheduled(optimizer, schedule, trainer.epochs, trainer.steps_per_epoch(images))


def build_corruption(nodes: Mapping[str, Any]) -> Chain:
    """The chosen corruptions as one."""
    return Chain(instantiate_all(nodes, "corruption", Corruption))


def build_objective(nodes: Mapping[str, Any]) -> Objective:
    """The chosen loss terms as one."""
    return Objective(instantiate_all(nodes, "loss", Loss))


def build_metrics(nodes: Mapping[str, Any]) -> dict[str, Metric]:
    """The chosen metrics by their names."""
    return instantiate_all(nodes, "metric", Metric)


def build_samplers(nodes: Mapping[str, Any], model: Autoencoder) -> dict[str, Sampler]:
    """The chosen samplers by their names, without that of the prior where the model has none.

    Raises:
        ConfigError: for a sampler that does not fit the codes of the model.
    """
    samplers = instantiate_all(nodes, "sampler", Sampler)
    chosen = {name: each for name, each in samplers.items() if not (each.of_prior and model.prior is None)}
    for sampler in chosen.values():
        sampler.check(model)
    return chosen


def build_reports(nodes: Mapping[str, Any]) -> list[Report]:
    """The chosen reports."""
    chosen = {name: node for name, node in nodes.items() if name != FORMAT}
    return list(instantiate_all(chosen, "report", Report).values())


def suited_reports(reports: Sequence[Report], nodes: Mapping[str, Any], model: Autoencoder) -> list[Report]:
    """The chosen reports; of those that are chosen by default not the ones that can show nothing of the model."""
    is_default = set(train_defaults()["report"]) - OF_TRAINING - OF_LATER_VERSIONS <= set(nodes)
    return [each for each in reports if not (is_default and each.of_codes and model.keeps_resolution)]


def build_baselines(config: DictConfig) -> tuple[dict[str, Baseline], BaselineComparison]:
    """The chosen baselines by their names, and how they are compared with a model."""
    comparison = instantiate(config.comparison, "comparison", BaselineComparison)
    return instantiate_all(config.baseline, "baseline", Baseline), comparison


def build_model(config: DictConfig, corruption: Chain, image_shape: Shape) -> Autoencoder:
    """Autoencoder of a config: the corruption decides its input shape, the data set its output shape.

    Raises:
        ConfigError: for parts that do not fit one another or the images.
    """
    check_latent_dim(latent_dim := config.model.latent_dim)
    check_seed(config.seed)
    precision = OmegaConf.select(config, "trainer.precision", default="float32")
    objective = build_objective(config.loss)
    with seeded_initializers(config.seed), built_in_precision(precision), network_within_memory():
        architecture = instantiate(config.model.architecture, "model.architecture", Architecture)
        architecture = architecture.with_output_activation(objective.output_activation)
        bottleneck = instantiate(config.model.bottleneck, "model.bottleneck", Bottleneck)
        prior = instantiate(config.model.prior, "model.prior", Prior)
        body = architecture.encoder(corruption.output_shape(image_shape))
        check_code_memory(math.prod(body.outputs[0].shape[1:]), latent_dim)
        encoder = keras.Model(body.inputs, bottleneck.parameters(body.outputs[0], latent_dim), name="encoder")
        latent = bottleneck.sample(encoder.output, None)
        decoder = architecture.decoder(latent.shape[1:], image_shape)
        learned = LearnedNumbers(objective.learned) if objective.learned else None
        return Autoencoder(encoder, bottleneck, decoder, prior, learned, objective.needs)


def restoration_task(model: Autoencoder, corruption: Chain, image_shape: Shape) -> RestorationTask:
    """What the baselines must know of the model."""
    code_size = math.prod(model.decoder.input.shape[1:])
    return RestorationTask(corruption.output_shape(image_shape), tuple(image_shape), bool(corruption.links), code_size)
