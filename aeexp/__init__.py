"""Experiments with autoencoders: configured by Hydra, trained by Keras, tracked by MLflow.

Importing this package loads nothing heavy and changes nothing; each name is loaded when it is first used.

- `train`, `sweep`, `load`, `runs`, `compare` and `compose` do what the commands do; `options`, `models`, `datasets` and
  the like list what there is.
- `Run`, `SweepResult`, `Evaluation`, `Comparison` and `Explorer` are what these give.
- Components of one's own are made of the contract of their kind, such as `Corruption`, and raise the errors.
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
    "Comparison": "aeexp.api.comparison",
    "ConfigError": "aeexp.errors",
    "Corruption": "aeexp.corruptions.corruption",
    "DataError": "aeexp.errors",
    "Dataset": "aeexp.datasets.dataset",
    "Evaluation": "aeexp.api.evaluation",
    "EvaluationResult": "aeexp.evaluation.result",
    "Explorer": "aeexp.explorer.serving",
    "LabelledImages": "aeexp.datasets.dataset",
    "Loss": "aeexp.losses.loss",
    "Metric": "aeexp.metrics.metric",
    "Outputs": "aeexp.types",
    "Prior": "aeexp.models.priors.prior",
    "Report": "aeexp.reports.report",
    "Run": "aeexp.api.run",
    "Shape": "aeexp.types",
    "SweepResult": "aeexp.api.sweep",
    "Tracker": "aeexp.tracking.tracker",
    "augmentations": "aeexp.api.listing",
    "baselines": "aeexp.api.listing",
    "compare": "aeexp.api.comparing",
    "compose": "aeexp.api.calls",
    "corruptions": "aeexp.api.listing",
    "datasets": "aeexp.api.listing",
    "load": "aeexp.api.calls",
    "losses": "aeexp.api.listing",
    "metrics": "aeexp.api.listing",
    "models": "aeexp.api.listing",
    "options": "aeexp.api.listing",
    "reports": "aeexp.api.listing",
    "runs": "aeexp.api.listing",
    "sweep": "aeexp.api.sweep",
    "train": "aeexp.api.calls",
}
"""Where each public name comes from."""

_PACKAGES = ("augmentations", "baselines", "corruptions", "datasets", "losses", "metrics", "models", "reports", "runs")
"""Names of packages, which can be called as the functions of these names."""

__all__ = ["__version__", *_MODULES]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return import_module("importlib.metadata").version("aeexp")  # reads a file, which few need
    if name not in _MODULES:
        raise AttributeError(f"module 'aeexp' has no attribute '{name}'")
    if name in _PACKAGES:
        return import_module(f"aeexp.{name}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from aeexp.api.calls import compose as compose
    from aeexp.api.calls import load as load
    from aeexp.api.calls import train as train
    from aeexp.api.comparing import compare as compare
    from aeexp.api.comparison import Comparison as Comparison
    from aeexp.api.evaluation import Evaluation as Evaluation
    from aeexp.api.listing import augmentations as augmentations
    from aeexp.api.listing import baselines as baselines
    from aeexp.api.listing import corruptions as corruptions
    from aeexp.api.listing import datasets as datasets
    from aeexp.api.listing import losses as losses
    from aeexp.api.listing import metrics as metrics
    from aeexp.api.listing import models as models
    from aeexp.api.listing import options as options
    from aeexp.api.listing import reports as reports
    from aeexp.api.listing import runs as runs
    from aeexp.api.run import Run as Run
    from aeexp.api.sweep import SweepResult as SweepResult
    from aeexp.api.sweep import sweep as sweep
    from aeexp.augmentations.augmentation import Augmentation as Augmentation
    from aeexp.baselines.baseline import Baseline as Baseline
    from aeexp.corruptions.corruption import Corruption as Corruption
    from aeexp.datasets.dataset import Dataset as Dataset
    from aeexp.datasets.dataset import LabelledImages as LabelledImages
    from aeexp.errors import AeexpError as AeexpError
    from aeexp.errors import ConfigError as ConfigError
    from aeexp.errors import DataError as DataError
    from aeexp.evaluation.result import EvaluationResult as EvaluationResult
    from aeexp.explorer.serving import Explorer as Explorer
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
