"""The contract of a metric."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from aeexp.lazy import tf


class Metric(ABC):
    """How near reconstructions come to their targets, one value per image.

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

    @abstractmethod
    def __call__(self, targets: tf.Tensor, reconstructions: tf.Tensor) -> tf.Tensor:
        """The metric of each image of a batch, inside or outside a graph.

        Args:
            targets: float32 [N, H, W, C] in [0, 1].
            reconstructions: the same shape and range.

        Returns:
            float32 [N].
        """


def measure(metrics: Mapping[str, Metric], targets: tf.Tensor, reconstructions: tf.Tensor) -> dict[str, tf.Tensor]:
    """Each metric of a batch by its name, float32 [N]."""
    return {name: metric(targets, reconstructions) for name, metric in metrics.items()}


def axis_label(metric: Metric) -> str:
    """Such as `PSNR (dB)`."""
    return f"{metric.label} ({metric.unit})" if metric.unit else metric.label
