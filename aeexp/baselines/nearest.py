"""The coarsest enlargement."""

from dataclasses import dataclass
from typing import ClassVar

from aeexp.baselines.interpolation import Interpolation


@dataclass(frozen=True)
class Nearest(Interpolation):
    """Repeats the nearest pixel."""

    method: ClassVar[str] = "nearest"
