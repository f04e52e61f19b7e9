"""The usual enlargement."""

from dataclasses import dataclass
from typing import ClassVar

from aeexp.baselines.interpolation import Interpolation


@dataclass(frozen=True)
class Bicubic(Interpolation):
    """Cubic convolution over 4×4 pixels (Keys, 1981)."""

    method: ClassVar[str] = "bicubic"
