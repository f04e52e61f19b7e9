"""Sampler of one normal distribution, fitted to the codes of the training images."""

from dataclasses import dataclass

import numpy as np

from aeexp.models.autoencoder import Autoencoder
from aeexp.models.samplers.components import drawn_from
from aeexp.models.samplers.sampler import Draw, FittedSampler


@dataclass(frozen=True, kw_only=True)
class Gaussian(FittedSampler):
    """N(μ, Σ) with the mean and the full covariance matrix of the codes.

    The simpler of the two densities of Ghosh et al., "From Variational to Deterministic Autoencoders", 2020, section 4.
    """

    def fitted(self, model: Autoencoder, codes: np.ndarray) -> Draw:
        flat = codes.reshape(len(codes), -1).astype(float)
        mean = flat.mean(axis=0)
        covariance = (flat - mean).T @ (flat - mean) / len(flat)
        return drawn_from(np.ones(1), mean[np.newaxis], covariance[np.newaxis], codes.shape[1:])
