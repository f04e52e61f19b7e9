"""The contract of a prior."""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

import keras
import tensorflow as tf
from keras import layers

from aeexp.types import Outputs, Shape


class Density(ABC):
    """Density p(z) of codes, which those of each image are held against."""

    @abstractmethod
    def log_prob(self, latent: tf.Tensor) -> tf.Tensor:
        """The log density of codes [N, …], float32 [N], in nats."""

    def kl(self, parameters: Outputs, latent: tf.Tensor, log_posterior: tf.Tensor) -> tf.Tensor:
        """The divergence KL(q(z|x) ‖ p(z)) of each image, in nats.

        Here its unbiased estimate from one sample, log q(z|x) − log p(z); a prior that knows a closed form for the
        posterior at hand gives that.

        Args:
            parameters: of the posterior q(z|x), the encoder's outputs.
            latent: drawn from it, [N, …].
            log_posterior: the log density of the latent under it, [N].

        Returns:
            float32 [N].
        """
        return log_posterior - self.log_prob(latent)


class Prior(layers.Layer, Density):
    """Prior distribution p(z): what codes are compared with, and what new codes are drawn from.

    A Keras layer whose constructor arguments are its config. Weights of its own are made in `build`, which is given
    the shape of one code, and are trained, saved and resumed with those of the networks.
    """

    support: ClassVar[str] = "real"
    """Where its codes lie: `real` numbers, the unit `sphere`, or one-hot `categories`; as that of a bottleneck."""

    is_standard_normal: ClassVar[bool] = False
    """Whether it is N(0, 1), so that codes can be shown on its scale."""

    scope: ClassVar[Literal["image", "batch"]] = "image"
    """Whether `density` takes work that a batch does once, or none, as for most priors."""

    def connect(self, encoder: keras.Model) -> None:
        """Told the encoder of the model, before the prior is built; for a prior that is made of posteriors.

        Raises:
            ConfigError: where its posteriors are not of the kind that the prior needs.
        """

    def density(self, encoder: keras.Model | None = None) -> Density:
        """The density for one batch, with what its codes share computed once; here the prior itself.

        Args:
            encoder: one with the same weights as that of `connect`, which may be faster.
        """
        return self

    @abstractmethod
    def sample(self, seeds: tf.Tensor, shape: Shape) -> tf.Tensor:
        """New codes, float32 [N, *shape].

        Args:
            seeds: uint32 [N, 2], one per code, for the draws of `aeexp.runtime.random`.
            shape: of one code.
        """

    def kl_per_dimension(self, parameters: Outputs) -> tf.Tensor | None:
        """The parts of the divergence by dimension of the code, [N, …]; None where it is no sum over dimensions."""
        return None
