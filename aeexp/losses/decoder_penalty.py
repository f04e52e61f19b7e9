"""L2 penalty of the decoder's weights."""

from __future__ import annotations

from typing import ClassVar

from aeexp.lazy import tf
from aeexp.losses.loss import Loss
from aeexp.types import Outputs


class DecoderPenalty(Loss):
    """½·Σ w² over the weights of the decoder, without its biases: makes it smooth, so that codes stay apart.

    The L2 form of the regularized autoencoders of Ghosh, Sajjadi, Vergari, Black and Schölkopf, "From Variational to
    Deterministic Autoencoders", 2020, section 4; the value is the same for all images.
    """

    needs: ClassVar[tuple[str, ...]] = ("decoder_norm",)
    per_pixel: ClassVar[bool] = False

    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        return outputs["decoder_norm"]
