"""Loss: the abstract base class of all loss terms."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Literal

from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.types import Outputs


@dataclass(frozen=True, kw_only=True)
class Loss(ABC):
    """One term of the objective, summed over pixels or latents.

    Because all terms are sums, their relative weights mean the same at any image size.

    Args:
        weight: factor of the term in the objective, at least 0.
    """

    needs: ClassVar[tuple[str, ...]] = ("reconstruction",)
    """The model outputs that the term requires."""

    provided_by: ClassVar[str] = "model/bottleneck=gaussian or model=conv_vae"
    """What to choose where the model lacks an output that the term requires."""

    per_pixel: ClassVar[bool] = True
    """Whether the term is reported as a mean over pixels, in addition to the sum that is minimized."""

    higher_is_better: ClassVar[bool] = False
    """Whether what is reported of the term is best where it is largest; what is minimized is best where it is least."""

    scope: ClassVar[Literal["image", "batch"]] = "image"
    """Whether the value of an image depends on that image alone, or on all images of its batch.

    In an evaluation, batches are of 500 images. A term of batches also finds in its outputs `present` float32 [N], 0
    for images that only fill a batch, which must not change the values of the others, and the scalar `dataset_size`,
    how many images there are beside those of the batch and with them.
    """

    output_activation: ClassVar[str | None] = None
    """What the decoder must end in, `sigmoid` or `linear`; None leaves it to the other terms and the architecture."""

    samples: ClassVar[int] = 0
    """How many codes of each image the term requires, in the outputs of `Autoencoder.draw`; 0 for none."""

    is_likelihood: ClassVar[bool] = False
    """Whether the term is a negative log-likelihood −log p(x|z), in nats, so that it gives `log_likelihood`."""

    weight: float

    @property
    def of_binary_pixels(self) -> bool:
        """Whether the term is a likelihood of zeros and ones, and none of gray values."""
        return False

    def __post_init__(self) -> None:
        if not 0 <= self.weight < inf:
            raise ConfigError(f"`weight` must be at least 0. Received weight={self.weight}.")

    def weight_at(self, epoch: int) -> float:
        """The weight in an epoch; epochs count from 0."""
        return self.weight

    def numbers_at(self, epoch: int) -> Mapping[str, float]:
        """Numbers of a schedule beside the weight, which the term finds in its outputs in an epoch of the training.

        Where they are absent, as in evaluations, those of the end count.
        """
        return {}

    def reported(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor | None:
        """What is reported under the name of the term in place of its value, float32 [N]; None for the value itself."""
        return None

    @property
    def learned(self) -> Mapping[str, float]:
        """Numbers that are learned beside the weights of the networks: the outputs [N] that hold them, first values."""
        return {}

    def log_likelihood(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        """log p(x|z) of a term that is a likelihood, float32 [N], in nats.

        Args:
            targets: float32 [N, H, W, C].
            outputs: `reconstruction` of one code of each image, and the numbers that are `learned`, each [N].
        """
        return -self(targets, outputs)

    @property
    def final_weight(self) -> float:
        """The weight at the end of a schedule, with which `val/loss` is computed in every epoch."""
        return self.weight

    @abstractmethod
    def __call__(self, targets: tf.Tensor, outputs: Outputs) -> tf.Tensor:
        """The unweighted term, one value per image.

        Args:
            targets: float32 [N, H, W, C], the clean images in [0, 1].
            outputs: of the model for the corrupted images.

        Returns:
            float32 [N].
        """


def sum_over_image(values: tf.Tensor) -> tf.Tensor:
    """Sum over all axes but the first, [N, …] -> [N]."""
    return tf.reduce_sum(values, axis=list(range(1, values.shape.rank)))


def batch_mean(values: tf.Tensor, outputs: Outputs) -> tf.Tensor:
    """Mean over the images of a batch, [N, …] -> […], for terms of whole batches."""
    present = outputs["present"]
    return tf.tensordot(present, values, 1) / tf.reduce_sum(present)
