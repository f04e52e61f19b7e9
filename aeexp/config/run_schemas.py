"""The schemas of the configs of commands that take one recorded run. Loads nothing heavy."""

from dataclasses import dataclass, field
from typing import Any

from omegaconf import MISSING


@dataclass
class StoreConfig:
    """What every command needs: where runs are recorded."""

    home: str | None = None
    tracking: Any = MISSING


@dataclass
class RunConfig(StoreConfig):
    """Commands that take a recorded run."""

    run: str = MISSING
    allow: list[str] = MISSING


@dataclass
class PredictConfig(RunConfig):
    """`aeexp predict`."""

    images: str = MISSING
    output: str = MISSING
    color: str = MISSING
    corrupt: bool = MISSING
    max_pixels: int = MISSING
    metric: dict[str, Any] = field(default_factory=dict)


@dataclass
class EncodeConfig(RunConfig):
    """`aeexp encode`. What is null is taken from the run."""

    output: str = MISSING
    dataset: Any = None
    corruption: Any = None


@dataclass
class SampleConfig(RunConfig):
    """`aeexp sample`."""

    sampler: dict[str, Any] | None = None
    n: int = MISSING
    output: str = MISSING
    seed: int = MISSING


@dataclass(init=False, repr=False, eq=False)  # whose code would have `from` as the name of a variable
class InterpolateConfig(RunConfig):
    """`aeexp interpolate`."""

    __annotations__ = {"from": str, "to": str, "n": int, "output": str}
    locals().update(dict.fromkeys(__annotations__, MISSING))


@dataclass
class ExploreConfig(RunConfig):
    """`aeexp explore`."""

    beside: str | None = MISSING
    map: str = MISSING
    split: str = MISSING
    limit: int = MISSING
    static: str | None = MISSING
    open: bool = MISSING
    host: str = MISSING
    port: int = MISSING


@dataclass
class ReproduceConfig(RunConfig):
    """`aeexp reproduce`."""

    tolerance: float = MISSING
    cache: str = MISSING
    checkpoints: str = MISSING
