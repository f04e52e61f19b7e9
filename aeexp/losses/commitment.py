"""Commitment of the encoder to a codebook."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import ClassVar

from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.losses.loss import Loss
from aeexp.types import Outputs


@dataclass(frozen=True, kw_only=True)
class Commitment(Loss):
    """β·‖z_e − sg(e)‖² of the encoder's vectors z_e and their entries e of the codebook, summed over the code.

    Van den Oord, Vinyals and Kavukcuoglu, "Neural Discrete Representation Learning", 2017, equation 3; sg stops the
    gradient. Where the codebook is trained by gradients, ‖sg(z_e) − e‖² is added, which draws it to the vectors.

    Args:
        beta: β, at least 0.
    """

    needs: ClassVar[tuple[str, ...]] = ("commitment",)
    provided_by: ClassVar[str] = "model/bottleneck=vector_quantized or model=vq_vae"
    per_pixel: ClassVar[bool] = False

    beta: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.beta < inf:
            raise ConfigError(f"`beta` must be at least 0. Received beta={self.beta}.")

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        value = self.beta * outputs["commitment"]
        return value + outputs["codebook"] if "codebook" in outputs else value
