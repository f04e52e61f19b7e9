"""The schema of each command's config, and where configs and runs live. Loads nothing heavy."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra.core.config_store import ConfigStore
from omegaconf import MISSING, OmegaConf

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "conf" / "train.yaml").exists() else None
CONF = CHECKOUT / "conf" if CHECKOUT else PACKAGE / "conf"


def mlruns() -> str:
    """The absolute folder of all runs: that of the checkout, or `mlruns` where an installed `aeexp` is started."""
    return str((CHECKOUT or Path.cwd()) / "mlruns")


@dataclass
class Model:
    """An architecture on either side of a bottleneck."""

    architecture: Any = MISSING
    bottleneck: Any = MISSING
    latent_dim: int | None = MISSING


@dataclass
class Sweep:
    """How the jobs of a sweep are compared, and whether those that are done run again."""

    metric: str = MISSING
    mode: str = MISSING
    rerun: bool = MISSING


@dataclass
class Train:
    """`aeexp train`. Components are checked against their own classes when they are built."""

    dataset: Any = MISSING
    corruption: dict[str, Any] = field(default_factory=dict)
    model: Model = field(default_factory=Model)
    loss: dict[str, Any] = field(default_factory=dict)
    optimizer: Any = MISSING
    trainer: Any = MISSING
    report: dict[str, Any] = field(default_factory=dict)
    baseline: dict[str, Any] = field(default_factory=dict)
    comparison: Any = MISSING
    tracking: Any = MISSING
    launch: dict[str, Any] = field(default_factory=dict)
    sweep: Sweep = field(default_factory=Sweep)
    name: str | None = MISSING
    seed: int = MISSING
    probes: list[int] = MISSING


@dataclass
class Resume:
    """`aeexp resume`."""

    run: str = MISSING
    trainer: dict[str, Any] = field(default_factory=dict)
    comparison: Any = MISSING
    tracking: Any = MISSING
    allow: list[str] = MISSING


@dataclass
class Evaluate:
    """`aeexp evaluate`. What is null is taken from the run."""

    run: str = MISSING
    dataset: Any = None
    corruption: Any = None
    report: dict[str, Any] = field(default_factory=dict)
    baseline: dict[str, Any] = field(default_factory=dict)
    comparison: Any = MISSING
    tracking: Any = MISSING
    allow: list[str] = MISSING


@dataclass
class Transfer:
    """`aeexp transfer`."""

    runs: list[str] = MISSING
    datasets: list[str] = MISSING
    baseline: dict[str, Any] = field(default_factory=dict)
    comparison: Any = MISSING
    tracking: Any = MISSING
    limit: int | None = MISSING
    allow: list[str] = MISSING


@dataclass
class Report:
    """`aeexp report`."""

    sweep: str = MISSING
    metric: str = MISSING
    mode: str = MISSING
    tracking: Any = MISSING


@dataclass
class Predict:
    """`aeexp predict`."""

    run: str = MISSING
    images: str = MISSING
    output: str = MISSING
    colour: str = MISSING
    corrupt: bool = MISSING
    max_pixels: int = MISSING
    tracking: Any = MISSING
    allow: list[str] = MISSING


@dataclass
class Encode:
    """`aeexp encode`. What is null is taken from the run."""

    run: str = MISSING
    output: str = MISSING
    dataset: Any = None
    corruption: Any = None
    tracking: Any = MISSING
    allow: list[str] = MISSING


@dataclass
class Reproduce:
    """`aeexp reproduce`."""

    run: str = MISSING
    tolerance: float = MISSING
    cache: str = MISSING
    checkpoints: str = MISSING
    tracking: Any = MISSING
    allow: list[str] = MISSING


@dataclass
class Runs:
    """`aeexp runs`."""

    filter: str = MISSING
    sort: str | None = MISSING
    limit: int = MISSING
    metrics: list[str] = MISSING
    tracking: Any = MISSING


@dataclass
class Register:
    """`aeexp register`."""

    run: str = MISSING
    name: str = MISSING
    alias: str | None = MISSING
    tracking: Any = MISSING


@dataclass
class Sync:
    """`aeexp sync`."""

    tracking: Any = MISSING


@dataclass
class Ui:
    """`aeexp ui`."""

    tracking: Any = MISSING
    host: str = MISSING
    port: int = MISSING


def register() -> None:
    """Make schemas and the `mlruns` resolver known to Hydra."""
    store = ConfigStore.instance()
    commands = (Train, Resume, Evaluate, Transfer, Report, Predict, Encode, Reproduce, Runs, Register, Sync, Ui)
    for schema in commands:
        store.store(f"{schema.__name__.lower()}_schema", schema)
    OmegaConf.register_new_resolver("mlruns", mlruns, replace=True)
