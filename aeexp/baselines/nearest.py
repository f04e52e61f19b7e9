"""Nearest-neighbor interpolation."""

from dataclasses import dataclass
from typing import ClassVar

from aeexp.baselines.interpolation import Interpolation


@dataclass(frozen=True)
class Nearest(Interpolation):
    """Nearest-neighbor interpolation: each pixel is repeated."""

    method: ClassVar[str] = "nearest"
