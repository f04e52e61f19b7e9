"""Sampler of the prior that the model was trained with."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.samplers.sampler import Draw, Sampler


@dataclass(frozen=True, kw_only=True)
class Prior(Sampler):
    """The prior p(z) of the model itself, for bottlenecks with a density."""

    of_prior: ClassVar[bool] = True

    def check(self, model: Autoencoder) -> None:
        if model.prior is None:
            raise ConfigError(
                "this model has no prior to draw from, as its codes have no density; use sampler=gaussian_mixture, "
                "which is fitted to the codes of the training images, or train a variational model, such as "
                "model=conv_vae or model=dense_vae."
            )

    def fitted(self, model: Autoencoder, codes: np.ndarray) -> Draw:
        prior = model.prior
        assert prior is not None  # as `check` has found
        shape = tuple(model.decoder.input.shape[1:])

        def draw(seeds: tf.Tensor) -> np.ndarray:
            return prior.sample(seeds, shape).numpy()

        return draw
