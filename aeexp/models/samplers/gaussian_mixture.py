"""Sampler of a mixture of normal distributions, fitted to the codes of the training images."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn import mixture
from sklearn.exceptions import ConvergenceWarning

from aeexp.errors import ConfigError
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.samplers.components import drawn_from
from aeexp.models.samplers.sampler import Draw, FittedSampler


@dataclass(frozen=True, kw_only=True)
class GaussianMixture(FittedSampler):
    """Σ_k w_k · N(μ_k, Σ_k) with full covariance matrices, fitted by expectation maximization (scikit-learn).

    Ghosh et al., "From Variational to Deterministic Autoencoders", 2020, section 4, who take 10 components.

    Args:
        components: number of normal distributions, at least 1; fewer where there are fewer codes.
        seed: of the first components.
    """

    components: int
    seed: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.components < 1:
            raise ConfigError(f"`components` must be at least 1. Received components={self.components}.")

    def fitted(self, model: Autoencoder, codes: np.ndarray) -> Draw:
        flat = codes.reshape(len(codes), -1).astype(float)
        components = min(self.components, len(np.unique(flat, axis=0)))
        density = mixture.GaussianMixture(components, random_state=self.seed)
        if len(flat) < 2:  # which scikit-learn refuses
            return drawn_from(np.ones(1), flat, np.zeros((1, flat.shape[1], flat.shape[1])), codes.shape[1:])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # a little more likelihood changes no picture
            density.fit(flat)
        return drawn_from(density.weights_, density.means_, density.covariances_, codes.shape[1:])
