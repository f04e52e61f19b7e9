"""Sparsity of the code (L1)."""

from __future__ import annotations

from typing import ClassVar

from aeexp.lazy import tf
from aeexp.losses.loss import Loss, sum_over_image
from aeexp.types import Outputs


class Sparsity(Loss):
    """Σ_d |z_d|, summed over the code: draws the numbers of a code to 0 that the reconstruction can do without.

    Sparse coding by the L1 norm, as in Ng, "Sparse autoencoder", 2011, with the norm in place of a target rate. A
    decoder with large weights makes up for small codes, so it goes well with `decoder_penalty`.
    """

    needs: ClassVar[tuple[str, ...]] = ("latent",)
    per_pixel: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return sum_over_image(tf.abs(outputs["latent"]))
