"""Checks of what metrics need: images of some size; labels and factors, which not every data set has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aeexp.config.suggestions import did_you_mean
from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.errors import ConfigError
from aeexp.metrics.metric import COUNTS, DENSITIES, FACTORS, IMAGES, LABELS, NEEDS, Metric
from aeexp.types import Shape

if TYPE_CHECKING:
    from aeexp.datasets.pairs import CorruptedPairs
    from aeexp.losses.objective import Objective
    from aeexp.models.autoencoder import Autoencoder
    from aeexp.models.bottlenecks.bottleneck import Bottleneck


def check_needs(metrics: Mapping[str, Metric], dataset: Dataset, splits: Mapping[Split, LabelledImages]) -> None:
    """Refuse metrics of what the images do not have.

    Raises:
        ConfigError: naming the metric and how to do without it.
    """
    check_factors(metrics, dataset)
    evaluated = [images.labels for split, images in splits.items() if split != "train"]
    for name, metric in metrics.items():
        metric.check(splits["test"].images.shape[1:])
        if LABELS in metric.needs and any(labels is None for labels in evaluated):
            raise ConfigError(
                f"metric.{name}: needs labels, and the images of {_name(dataset)} have none; give them classes, or "
                f"{_without(name, metrics)}."
            )


def check_counts(metrics: Mapping[str, Metric], bottleneck: Bottleneck) -> None:
    """Refuse metrics of a codebook where the codes are no choice among its entries.

    Raises:
        ConfigError: naming the metric and how to do without it.
    """
    for name, metric in metrics.items():
        if COUNTS in metric.needs and not bottleneck.has_entries:
            raise ConfigError(
                f"metric.{name}: needs codes that are a choice among entries, and those of {type(bottleneck).__name__} "
                f"are not; use model=vq_vae, or {_without(name, metrics)}."
            )


def check_densities(
    metrics: Mapping[str, Metric], model: Autoencoder, objective: Objective, images: CorruptedPairs
) -> None:
    """Refuse metrics of densities that the model does not have.

    Args:
        images: that are evaluated.

    Raises:
        ConfigError: naming the metric and what has them.
    """
    for name in (name for name, metric in metrics.items() if metric.is_of_densities):
        if model.density() is None:
            raise ConfigError(
                f"metric.{name}: needs codes with a density, and those of {type(model.bottleneck).__name__} have none; "
                f"use a variational model, such as model=dense_vae, or {_without(name, metrics)}."
            )
        if (likelihood := objective.likelihood) is None:
            raise ConfigError(
                f"metric.{name}: needs a likelihood of the pixels, and {'+'.join(objective.terms)} is none; use "
                f"'loss=[bce,kl]' for black and white pixels, 'loss=[gaussian,kl]' for gray ones, or "
                f"{_without(name, metrics)}."
            )
        if likelihood.of_binary_pixels and not images.are_binary:
            raise ConfigError(
                f"metric.{name}: needs black and white pixels, as its likelihood is of zeros and ones, and the "
                f"images are gray; use dataset.binarization=static or dynamic, or 'loss=[gaussian,kl]', or "
                f"{_without(name, metrics)}."
            )


def check_single_images(metrics: Mapping[str, Metric], image_shape: Shape) -> None:
    """Refuse metrics of a whole split where images are measured one by one.

    Raises:
        ConfigError: naming the metric and how to do without it.
        DataError: for files of a metric that are missing.
    """
    for name, metric in metrics.items():
        if not metric.is_of_images:
            raise ConfigError(
                f"metric.{name}: is of a whole split, and not of single images; {_without(name, metrics)}."
            )
        metric.check(image_shape)


def check_factors(metrics: Mapping[str, Metric], dataset: Dataset) -> None:
    """The part of it that needs no images.

    Raises:
        ConfigError: as `check_needs`, and for needs that there are not.
    """
    for name, metric in metrics.items():
        _check_names(name, metric.needs)
        if FACTORS in metric.needs and not dataset.has_factors:
            raise ConfigError(
                f"metric.{name}: needs the factors that images were made of, and {_name(dataset)} has none; use "
                f"dataset=shapes, or {_without(name, metrics)}."
            )


def _check_names(name: str, needs: object) -> None:
    others = [each for each in NEEDS if each not in (IMAGES, DENSITIES)]
    if needs in ((IMAGES,), (DENSITIES,)) or (isinstance(needs, tuple) and needs and set(needs) <= set(others)):
        return
    unknown = [str(each) for each in needs if each not in NEEDS] if isinstance(needs, tuple) else []
    hint = did_you_mean(unknown[0], NEEDS) if unknown else ""
    raise ConfigError(
        f"metric.{name}: `needs` of its class must be a tuple, ('images',), ('densities',) or of {', '.join(others)}. "
        f"Received needs={needs!r}.{hint}"
    )


def _without(name: str, metrics: Mapping[str, Metric]) -> str:
    """How to leave a metric out."""
    return f"leave it out: 'metric=[{','.join(each for each in metrics if each != name)}]'"


def _name(dataset: Dataset) -> str:
    return type(dataset).__module__.rpartition(".")[2]
