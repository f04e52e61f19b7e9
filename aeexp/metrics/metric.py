"""The contract of a metric."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import nan
from typing import Any, ClassVar

import numpy as np

from aeexp.errors import MetricError
from aeexp.lazy import tf
from aeexp.types import Shape

IMAGES, CODES, LABELS, FACTORS, COUNTS = NEEDS = ("images", "codes", "labels", "factors", "counts")


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
    """What it is called with: images, image by image; or some of the others, once for a whole split."""

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
                labels int64 [N], factors float32 [N, F], counts int64 [G, K] of the entries of a codebook
                as `Bottleneck.counts` gives them.
            kwargs: the same by name.

        Returns:
            float32 [N], or one number for the split.
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
    others = {name: metric for name, metric in metrics.items() if not metric.is_of_images}
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
