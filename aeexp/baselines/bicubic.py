"""Bicubic interpolation."""

from dataclasses import dataclass
from typing import ClassVar

from aeexp.baselines.interpolation import Interpolation


@dataclass(frozen=True)
class Bicubic(Interpolation):
    """Bicubic interpolation: cubic convolution over 4×4 pixels (Keys, 1981)."""

    method: ClassVar[str] = "bicubic"
