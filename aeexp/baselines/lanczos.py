"""The sharpest of the usual enlargements."""

from dataclasses import dataclass
from typing import ClassVar

from aeexp.baselines.interpolation import Interpolation


@dataclass(frozen=True)
class Lanczos(Interpolation):
    """A windowed sinc over 6×6 pixels."""

    method: ClassVar[str] = "lanczos3"
