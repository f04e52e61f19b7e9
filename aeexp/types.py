"""The few types that every package shares."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tensorflow as tf

Shape = tuple[int, ...]
"""The shape of one image or one code, without the batch: `(height, width, channels)` or `(latent_dim,)`."""

Outputs = Mapping[str, "tf.Tensor"]
"""What an autoencoder gives for a batch: `reconstruction` and `latent`, beside what its bottleneck adds."""
