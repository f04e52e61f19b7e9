"""The contract of a sampler."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.autoencoder import Autoencoder

Draw = Callable[[tf.Tensor], np.ndarray]
"""New codes, float32 [N, …], of seeds uint32 [N, 2]; a code depends on its own seed alone."""

MAX_NUMBERS = 1024
"""Numbers of a code of which a covariance matrix is estimated: it has their square."""


@dataclass(frozen=True, kw_only=True)
class Sampler(ABC):
    """Sampler: a density from which codes of new images are drawn, fitted after training where it needs to be."""

    of_prior: ClassVar[bool] = False
    """Whether it is the prior, which some models have and which needs no codes."""

    @abstractmethod
    def check(self, model: Autoencoder) -> None:
        """Refuse a model whose codes have no such density.

        Raises:
            ConfigError: naming what would do.
        """

    @abstractmethod
    def fitted(self, model: Autoencoder, codes: np.ndarray) -> Draw:
        """The density of codes of training images.

        Args:
            codes: the most likely ones of training images, float32 [N, …], all of them finite, N > 0.
        """


@dataclass(frozen=True, kw_only=True)
class FittedSampler(Sampler):
    """A sampler that is fitted to codes of training images, of any bottleneck whose codes are real numbers.

    Args:
        images: number of training images at most to whose codes it is fitted, spread evenly over all, at least 2.
    """

    images: int

    def __post_init__(self) -> None:
        if self.images < 2:
            raise ConfigError(f"`images` must be at least 2. Received images={self.images}.")

    def check(self, model: Autoencoder) -> None:
        name = type(self).__name__
        if model.bottleneck.support != "real":
            raise ConfigError(
                f"sampler: {name} is of real numbers, and the codes of {type(model.bottleneck).__name__} are none; "
                "use sampler=prior."
            )
        numbers = math.prod(model.decoder.input.shape[1:])
        if numbers > MAX_NUMBERS:
            raise ConfigError(
                f"sampler: {name} takes codes of at most {MAX_NUMBERS:,} numbers, and this model has {numbers:,}; set "
                "a smaller model.latent_dim, or use sampler=prior."
            )
