"""Lanczos interpolation."""

from dataclasses import dataclass
from typing import ClassVar

from aeexp.baselines.interpolation import Interpolation


@dataclass(frozen=True)
class Lanczos(Interpolation):
    """Lanczos interpolation: a windowed sinc over 6×6 pixels."""

    method: ClassVar[str] = "lanczos3"
