"""Experiments with autoencoders: configured by Hydra, trained by Keras, tracked by MLflow.

Importing this package loads nothing heavy and changes nothing. Its names are what components of one's own are made of:
the contract of each kind of component, and the errors. Each is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__version__: str

_MODULES = {
    "AeexpError": "aeexp.errors",
    "Architecture": "aeexp.models.architectures.architecture",
    "Artifact": "aeexp.tracking.artifacts",
    "Augmentation": "aeexp.augmentations.augmentation",
    "Baseline": "aeexp.baselines.baseline",
    "Bottleneck": "aeexp.models.bottlenecks.bottleneck",
    "ConfigError": "aeexp.errors",
    "Corruption": "aeexp.corruptions.corruption",
    "DataError": "aeexp.errors",
    "Dataset": "aeexp.datasets.dataset",
    "EvaluationResult": "aeexp.evaluation.result",
    "LabelledImages": "aeexp.datasets.dataset",
    "Loss": "aeexp.losses.loss",
    "Metric": "aeexp.metrics.metric",
    "Outputs": "aeexp.types",
    "Prior": "aeexp.models.priors.prior",
    "Report": "aeexp.reports.report",
    "Shape": "aeexp.types",
    "Tracker": "aeexp.tracking.tracker",
}
"""Where each public name comes from."""

__all__ = ["__version__", *_MODULES]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("aeexp")  # reads a file, which few need
    if name not in _MODULES:
        raise AttributeError(f"module 'aeexp' has no attribute '{name}'")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from aeexp.augmentations.augmentation import Augmentation as Augmentation
    from aeexp.baselines.baseline import Baseline as Baseline
    from aeexp.corruptions.corruption import Corruption as Corruption
    from aeexp.datasets.dataset import Dataset as Dataset
    from aeexp.datasets.dataset import LabelledImages as LabelledImages
    from aeexp.errors import AeexpError as AeexpError
    from aeexp.errors import ConfigError as ConfigError
    from aeexp.errors import DataError as DataError
    from aeexp.evaluation.result import EvaluationResult as EvaluationResult
    from aeexp.losses.loss import Loss as Loss
    from aeexp.metrics.metric import Metric as Metric
    from aeexp.models.architectures.architecture import Architecture as Architecture
    from aeexp.models.bottlenecks.bottleneck import Bottleneck as Bottleneck
    from aeexp.models.priors.prior import Prior as Prior
    from aeexp.reports.report import Report as Report
    from aeexp.tracking.artifacts import Artifact as Artifact
    from aeexp.tracking.tracker import Tracker as Tracker
    from aeexp.types import Outputs as Outputs
    from aeexp.types import Shape as Shape
