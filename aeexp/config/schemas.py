"""The schema of each command's config. Loads nothing heavy."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import MISSING, OmegaConf

from aeexp.config.paths import logs, mlruns
from aeexp.config.run_schemas import (
    EncodeConfig,
    ExploreConfig,
    InterpolateConfig,
    PredictConfig,
    ReproduceConfig,
    RunConfig,
    SampleConfig,
    StoreConfig,
)


@dataclass
class ModelConfig:
    """An architecture on either side of a bottleneck, and the prior of its codes."""

    architecture: Any = MISSING
    bottleneck: Any = MISSING
    prior: Any = MISSING
    latent_dim: int | None = MISSING


@dataclass
class SweepConfig:
    """How the jobs of a sweep are compared, and whether those that are done run again."""

    metric: str = MISSING
    mode: str | None = MISSING
    rerun: bool = MISSING


@dataclass
class TrainConfig(StoreConfig):
    """`aeexp train`. Components are checked against their own classes when they are built."""

    dataset: Any = MISSING
    augmentation: dict[str, Any] = field(default_factory=dict)
    corruption: dict[str, Any] = field(default_factory=dict)
    model: ModelConfig = field(default_factory=ModelConfig)
    loss: dict[str, Any] = field(default_factory=dict)
    metric: dict[str, Any] = field(default_factory=dict)
    optimizer: Any = MISSING
    schedule: Any = MISSING
    trainer: Any = MISSING
    callback: dict[str, Any] = field(default_factory=dict)
    sampler: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    baseline: dict[str, Any] = field(default_factory=dict)
    comparison: Any = MISSING
    launch: dict[str, Any] = field(default_factory=dict)
    sweep: SweepConfig = field(default_factory=SweepConfig)
    name: str | None = MISSING
    seed: int = MISSING
    probes: list[int] = MISSING
    open: bool = False


@dataclass
class ResumeConfig(RunConfig):
    """`aeexp resume`."""

    trainer: dict[str, Any] = field(default_factory=dict)
    optimizer: dict[str, Any] = field(default_factory=dict)
    comparison: Any = MISSING
    open: bool = MISSING


@dataclass
class EvaluateConfig(RunConfig):
    """`aeexp evaluate`. What is null is taken from the run."""

    dataset: Any = None
    corruption: Any = None
    metric: dict[str, Any] | None = None
    report: dict[str, Any] = field(default_factory=dict)
    baseline: dict[str, Any] = field(default_factory=dict)
    comparison: Any = MISSING
    open: bool = MISSING


@dataclass
class TransferConfig(StoreConfig):
    """`aeexp transfer`."""

    runs: list[str] = MISSING
    datasets: list[str] = MISSING
    baseline: dict[str, Any] = field(default_factory=dict)
    comparison: Any = MISSING
    report: dict[str, Any] = field(default_factory=dict)
    limit: int | None = MISSING
    allow: list[str] = MISSING


@dataclass
class CompareConfig(StoreConfig):
    """`aeexp compare`."""

    runs: list[str] = MISSING
    reference: str | None = MISSING
    sort: str = MISSING
    report: dict[str, Any] = field(default_factory=dict)


@dataclass
class ReportConfig(StoreConfig):
    """`aeexp report`."""

    sweep: str = MISSING
    sort: str | None = MISSING
    mode: str | None = MISSING
    report: dict[str, Any] = field(default_factory=dict)
    open: bool = MISSING


@dataclass
class RunsConfig(StoreConfig):
    """`aeexp runs`."""

    filter: str = MISSING
    sort: str | None = MISSING
    limit: int | None = MISSING
    columns: Any = MISSING
    group: Any = MISSING
    expand: bool = MISSING
    format: str = MISSING


@dataclass
class ShowConfig(StoreConfig):
    """`aeexp show`."""

    run: str = MISSING
    format: str = MISSING


@dataclass
class RegisterConfig(StoreConfig):
    """`aeexp register`."""

    run: str = MISSING
    name: str = MISSING
    alias: str | None = MISSING


@dataclass
class SyncConfig(StoreConfig):
    """`aeexp sync`."""


@dataclass
class UiConfig(StoreConfig):
    """`aeexp ui`."""

    host: str = MISSING
    port: int = MISSING


SCHEMAS = {
    "train": TrainConfig,
    "resume": ResumeConfig,
    "evaluate": EvaluateConfig,
    "transfer": TransferConfig,
    "compare": CompareConfig,
    "report": ReportConfig,
    "predict": PredictConfig,
    "encode": EncodeConfig,
    "sample": SampleConfig,
    "interpolate": InterpolateConfig,
    "explore": ExploreConfig,
    "reproduce": ReproduceConfig,
    "runs": RunsConfig,
    "show": ShowConfig,
    "register": RegisterConfig,
    "sync": SyncConfig,
    "ui": UiConfig,
}
"""Of each command."""


@cache
def register_schemas() -> None:
    """Make schemas, and the resolvers of the folders of runs and logs, known to Hydra."""
    store = ConfigStore.instance()
    for command, schema in SCHEMAS.items():
        store.store(f"{command}_schema", schema)
    OmegaConf.register_new_resolver("mlruns", mlruns, replace=True)
    OmegaConf.register_new_resolver("logs", logs, replace=True)
