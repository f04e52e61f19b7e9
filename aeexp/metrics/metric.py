"""The contract of a metric."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from math import nan
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np

from aeexp.errors import MetricError
from aeexp.lazy import tf
from aeexp.types import Shape

NEEDS = ("images", "codes", "labels", "factors", "counts", "densities")
IMAGES, CODES, LABELS, FACTORS, COUNTS, DENSITIES = NEEDS


class AggregateSamples(NamedTuple):
    """Log densities of one code of each of some images, drawn from its posterior, each float64 [N] in nats."""

    log_posterior: np.ndarray
    """Under the posterior of its own image, log q(z|x)."""
    log_prior: np.ndarray
    """Under the prior, log p(z)."""
    log_aggregate: np.ndarray
    """Under the mean of the posteriors of all images, log q(z)."""


class Densities(Protocol):
    """The densities that a trained model gives the images of a split."""

    def log_weights(self, samples: int) -> Iterator[np.ndarray]:
        """log p(x|z)·p(z)/q(z|x) of several codes drawn from the posterior of each image, in nats.

        Yields:
            float64 [n, samples] of the next n images, in order.
        """

    def divergence_and_distortion(self) -> tuple[np.ndarray, np.ndarray]:
        """KL(q(z|x) ‖ p(z)) and −log p(x|z) with one code of each image, each float32 [N] in nats."""

    def aggregate(self, images: int) -> AggregateSamples:
        """The log densities of one code of each of the first images; those of all images form the aggregate."""


class Metric(ABC):
    """How near reconstructions come to their targets, one value per image; or a property of the codes of a split.

    A metric is a frozen dataclass. It carries what others need to know of it, so that nobody else keeps lists of names.
    """

    label: ClassVar[str]
    """What stands on an axis or above a column, such as `PSNR`."""

    unit: ClassVar[str] = ""
    """Such as `dB`; empty where it has none."""

    range: ClassVar[tuple[float, float]]
    """The least and the largest value that it can have."""

    higher_is_better: ClassVar[bool]
    """Whether the best value is the largest one."""

    needs: ClassVar[tuple[str, ...]] = (IMAGES,)
    """What it is called with: images, image by image; some of codes, labels, factors and counts, once for a split; or
    the densities of a trained model, once, when the run ends.
    """

    @property
    def is_of_densities(self) -> bool:
        """Whether it is measured of the trained model alone, and not after each epoch."""
        return self.needs == (DENSITIES,)

    @property
    def is_of_split(self) -> bool:
        """Whether it is one number for a whole split, measured after each epoch."""
        return not self.is_of_images and not self.is_of_densities

    @property
    def is_of_images(self) -> bool:
        """Whether it has a value for each image, and not one for a whole split."""
        return self.needs == (IMAGES,)

    def check(self, image_shape: Shape) -> None:  # noqa: B027
        """Refuse images [H, W, C] that it cannot measure, and files of its own that are missing.

        Raises:
            ConfigError, DataError: saying how to fix it.
        """

    @abstractmethod
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The metric of each image of a batch, inside or outside a graph; or that of a whole split, outside.

        Args:
            args: of a metric of images, targets and reconstructions, float32 [N, H, W, C] in [0, 1]; of any other
                metric, NumPy arrays in the order of `needs`: codes float32 [N, D], the most likely ones as vectors,
                labels int64 [N], factors float32 [N, F], counts int64 [G, K] of the entries of a codebook as
                `Bottleneck.counts` gives them; of one of densities, these.
            kwargs: the same by name.

        Returns:
            float32 [N], or one number for the split; either of densities.
        """


def of_images(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """Those that have a value for each image."""
    return {name: metric for name, metric in metrics.items() if metric.is_of_images}


def measure(metrics: Mapping[str, Metric], targets: tf.Tensor, reconstructions: tf.Tensor) -> dict[str, tf.Tensor]:
    """Each metric of images of a batch by its name, float32 [N]."""
    return {name: metric(targets, reconstructions) for name, metric in of_images(metrics).items()}


def measure_split(metrics: Mapping[str, Metric], arrays: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Each of the other metrics of a split by its name.

    Args:
        arrays: the codes, labels, factors and counts of the same images, as far as there are any. Of codes that are not
            finite, each metric is NaN: the training has diverged.

    Raises:
        MetricError: where one of them gives more than a number.
    """
    others = {name: metric for name, metric in metrics.items() if metric.is_of_split}
    if not np.isfinite(arrays[CODES]).all():
        return dict.fromkeys(others, nan)
    return {name: _number(name, metric(*(arrays[need] for need in metric.needs))) for name, metric in others.items()}


def _number(name: str, value: Any) -> float:
    if np.shape(value):
        raise MetricError(
            f"metric.{name}: must return one number for a whole split. Received an array of shape "
            f"{list(np.shape(value))}; correct its class."
        )
    return float(value)


def axis_label(metric: Metric) -> str:
    """Such as `PSNR (dB)`."""
    return f"{metric.label} ({metric.unit})" if metric.unit else metric.label
