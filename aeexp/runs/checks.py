"""Checks of a training's config that need neither TensorFlow nor the data, so that a mistake is refused at once.

Components of one's own are left to `runs.factory`, as their modules may import anything.
"""

from collections.abc import Mapping
from math import inf
from typing import Any, TypeVar

from hydra.utils import get_class
from omegaconf import DictConfig, OmegaConf

from aeexp.augmentations.augmentation import Augmentation
from aeexp.augmentations.chain import AugmentationChain
from aeexp.config.aliases import current_class
from aeexp.config.instantiate import instantiate
from aeexp.config.options import class_name, default_values, options
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.corruption import Corruption
from aeexp.datasets.binarization import STATIC, THRESHOLD
from aeexp.datasets.dataset import Dataset
from aeexp.errors import ConfigError
from aeexp.losses.loss import Loss
from aeexp.losses.objective import Objective, objective_names
from aeexp.metrics.metric import Metric
from aeexp.models.architectures.architecture import Architecture
from aeexp.runs.needs import check_factors
from aeexp.training.optimizer_settings import check_settings
from aeexp.training.schedules.schedule import Schedule
from aeexp.training.settings import TrainerSettings

T = TypeVar("T")

LIGHT = {"aeexp.training.trainer.Trainer": "aeexp.training.settings.TrainerSettings"}
"""Classes with the same fields and checks, for those whose modules import TensorFlow."""

REPLACED = {
    "keras.callbacks.ReduceLROnPlateau": "schedule=plateau",
    "keras.callbacks.LearningRateScheduler": "one of the group schedule, such as schedule=cosine",
}
"""Callbacks that set the learning rate of a compiled model, and what sets it here."""

WITH_EXTRA = ("aeexp.reports.umap.Umap",)
"""Reports whose package comes with an extra of aeexp; their modules import no TensorFlow."""

OUTPUTS = {
    "aeexp.models.bottlenecks.deterministic.Deterministic": ("latent", "reconstruction", "prior_latent", "decoder_norm")
}
"""What a model with a bottleneck gives, for bottlenecks without a density."""


def check_config(config: DictConfig, *, recorded: bool = False) -> None:
    """Refuse a config of which no training can be built.

    Args:
        config: that of `aeexp train`.
        recorded: whether it is that of a run, which older versions did not check as strictly.

    Raises:
        ConfigError: naming the key and how to fix it.
        DataError: where files of the data set are missing.
    """
    check_seed(config.seed)
    check_latent_dim(config.model.latent_dim)
    check_settings(config.optimizer)
    if any(probe < 0 for probe in config.probes):
        raise ConfigError(f"probes: places in the test set start at 0. Received {list(config.probes)}.")
    check_callbacks(config.callback)
    trainer = _built(config.trainer, "trainer", TrainerSettings)
    schedule = _built(config.schedule, "schedule", Schedule)
    if trainer is not None and schedule is not None:
        schedule.check(trainer.epochs, config.optimizer.get("learning_rate", inf))
    architecture = _built(config.model.architecture, "model.architecture", Architecture)
    if architecture is not None and architecture.keeps_shape:
        check_without_latent_dim(config.model)
    terms = _all_built(config.loss, "loss", Loss)
    if trainer is not None:
        metrics = _all_built(config.metric, "metric", Metric)
        once = [name for name, metric in (metrics or {}).items() if metric.is_of_densities]
        trainer.check_monitor(objective_names(config.loss), [name for name in config.metric if name not in once], once)
        if metrics is not None and terms is not None and not recorded:
            trainer.check_mode(Objective(terms).directions, metrics)
        if metrics is not None and (images := _built(config.dataset, "dataset", Dataset)) is not None:
            check_factors(metrics, images)
    if terms is not None and config.model.bottleneck.get("_target_") in OUTPUTS:
        Objective(terms).check(OUTPUTS[config.model.bottleneck._target_])
    check_data(config.dataset, config.corruption)
    check_augmentation(config.augmentation, config.dataset)
    check_reports(config.report)


def check_trainer(trainer: DictConfig) -> None:
    """Refuse settings of the training loop that cannot be.

    Raises:
        ConfigError: naming the key and how to fix it.
    """
    _built(trainer, "trainer", TrainerSettings)


def check_data(dataset: DictConfig | None, corruption: Mapping[str, Any] | None) -> None:
    """Refuse a data set and corruptions that cannot be built or do not fit each other; None is not checked.

    Raises:
        ConfigError: naming the key and how to fix it.
        DataError: where files of the data set are missing.
    """
    images = None if dataset is None else _built(dataset, "dataset", Dataset)
    if images is not None:
        images.check()
    links = None if corruption is None else _all_built(corruption, "corruption", Corruption)
    shape = getattr(images, "image_shape", None)  # of data sets that know it before they are read
    if links is not None and shape is not None:
        Chain(links).output_shape(tuple(shape))


def check_augmentation(augmentation: Mapping[str, Any], dataset: DictConfig) -> None:
    """Refuse augmentations that cannot be built, or do not fit the training images as far as these are known.

    Raises:
        ConfigError: naming the key and how to fix it.
    """
    images = _built(dataset, "dataset", Dataset)
    links = _all_built(augmentation, "augmentation", Augmentation)
    shape = getattr(images, "image_shape", None)
    if links is not None and shape is not None:
        AugmentationChain(links).check(tuple(shape))
    if images is not None and images.binarization in (THRESHOLD, STATIC):
        for name in (name for name, link in (links or {}).items() if not link.keeps_values):
            raise ConfigError(
                f"augmentation.{name}: it would make gray values of the black and white images. Received "
                f"dataset.binarization={images.binarization}; use dynamic, which draws after it, or leave {name} out."
            )


def fetch_data(dataset: DictConfig | None) -> None:
    """Download what a data set lacks on disk, before what takes seconds is loaded; None needs nothing.

    Raises:
        ConfigError: where the data set cannot be built.
        DataError: where it cannot be downloaded.
    """
    images = None if dataset is None else _built(dataset, "dataset", Dataset)
    if images is not None:
        images.fetch()


def check_callbacks(nodes: Mapping[str, Any]) -> None:
    """Refuse callbacks of Keras whose work is that of a group of the config.

    Raises:
        ConfigError: naming what to write in their place.
    """
    for name, node in nodes.items():
        target = node.get("_target_") if isinstance(node, Mapping | DictConfig) else None
        if target in REPLACED:
            kind = str(target).rpartition(".")[2]
            raise ConfigError(f"callback.{name}: {kind} needs a compiled Keras model; use {REPLACED[target]}.")


def check_reports(nodes: Mapping[str, Any]) -> None:
    """Refuse reports of which the package is not installed.

    Raises:
        ConfigError: naming the extra to install.
    """
    for name, node in nodes.items():
        if isinstance(node, DictConfig) and node.get("_target_") in WITH_EXTRA:
            from aeexp.reports.report import Report  # imports matplotlib

            _built(node, f"report.{name}", Report)


def check_seed(seed: int) -> None:
    """Refuse what NumPy does not accept as a seed.

    Raises:
        ConfigError: naming the range.
    """
    if not 0 <= seed < 2**32:
        raise ConfigError(f"seed: must be from 0 to 4294967295. Received seed={seed}.")


def check_latent_dim(latent_dim: int | None) -> None:
    """Refuse a code without dimensions.

    Raises:
        ConfigError: naming the range.
    """
    if latent_dim is not None and latent_dim < 1:
        raise ConfigError(f"model: `latent_dim` must be at least 1, or null. Received latent_dim={latent_dim}.")


def check_without_latent_dim(model: DictConfig) -> None:
    """Refuse a size of the code of an architecture whose code has the shape of the features.

    Raises:
        ConfigError: naming the models that have a `latent_dim`.
    """
    if model.latent_dim is not None:
        classes = {name: default_values("model", name)["architecture._target_"] for name in options("model")}
        others = [f"model={name}" for name, target in classes.items() if not get_class(target).keeps_shape]  # type: ignore
        raise ConfigError(
            f"model.latent_dim: {class_name(model.architecture._target_)} has none, as its code keeps the shape of the "
            f"features. Received latent_dim={model.latent_dim}; write model.latent_dim=null, or choose one of those "
            f"that have it: {', '.join(others)}."
        )


def _built(node: DictConfig, path: str, kind: type[T]) -> T | None:
    """The component of a config node, None if it is one's own."""
    if not isinstance(node, DictConfig) or "_target_" not in node:
        return instantiate(node, path, kind)  # which says what is missing
    target = current_class(node["_target_"])
    if not target.startswith("aeexp."):
        return None
    return instantiate(OmegaConf.merge(node, {"_target_": LIGHT.get(target, target)}), path, kind)  # type: ignore[arg-type]


def _all_built(nodes: Mapping[str, Any], path: str, kind: type[T]) -> dict[str, T] | None:
    """The components of a group that holds several, None if one of them is one's own."""
    built = {name: _built(node, f"{path}.{name}", kind) for name, node in nodes.items()}
    known = {name: each for name, each in built.items() if each is not None}
    return known if len(known) == len(built) else None
