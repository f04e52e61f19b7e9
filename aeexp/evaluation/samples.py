"""Samples: codes of new images, drawn by samplers that are fitted to the codes of the training images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import tensorflow as tf

from aeexp.datasets.pairs import CorruptedPairs
from aeexp.errors import DataError
from aeexp.evaluation.encoding import codes_of
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.samplers.sampler import Draw, FittedSampler, Sampler
from aeexp.runtime.random import EVALUATION_EPOCH, image_seeds

BLOCK = 500
"""Training images read at a time."""


@dataclass(frozen=True)
class SampleSource:
    """Samplers of a trained model, each fitted where it is first drawn from.

    Args:
        model: the trained model.
        samplers: by their names, all of them checked against the model.
        training: the images that it was trained on, as they are evaluated; None where they are not at hand, which only
            a prior can do without.
    """

    model: Autoencoder
    samplers: Mapping[str, Sampler]
    training: CorruptedPairs | None

    @property
    def names(self) -> list[str]:
        """The samplers that can be drawn from, in the order of the config."""
        return [name for name, each in self.samplers.items() if each.of_prior or self.training is not None]

    def codes(self, name: str, count: int, seed: int, start: int = 0) -> np.ndarray:
        """New codes of a sampler, float32 [count, …], from a place in its sequence on.

        Raises:
            DataError: where no code of the training images is a finite number.
        """
        codes = self._draws[name](image_seeds(seed, EVALUATION_EPOCH, tf.range(start, start + count)))
        return np.asarray(self.model.bottleneck.nearest(codes))  # which a decoder has learned

    def clean_blocks(self, images: int) -> Iterator[np.ndarray]:
        """The first clean training images, each block float32 [n, H, W, C]; none where they are not at hand."""
        if self.training is None:
            return
        count = min(images, len(self.training))
        for start in range(0, count, BLOCK):
            indices = tf.range(start, min(start + BLOCK, count))
            yield self.training.batch(indices, EVALUATION_EPOCH, EVALUATION_EPOCH).clean.numpy()

    @cached_property
    def _draws(self) -> dict[str, Draw]:
        most = max((each.images for each in self.samplers.values() if isinstance(each, FittedSampler)), default=0)
        codes = self._training_codes(most) if most and self.training is not None else None
        return {name: self._fitted(self.samplers[name], codes) for name in self.names}

    def _fitted(self, sampler: Sampler, codes: np.ndarray | None) -> Draw:
        if codes is None or not isinstance(sampler, FittedSampler):
            return sampler.fitted(self.model, np.zeros((0, 1)))
        return sampler.fitted(self.model, codes[evenly(len(codes), sampler.images)])

    def _training_codes(self, images: int) -> np.ndarray:
        assert self.training is not None
        codes = codes_of(self.model, self.training, evenly(len(self.training), images))
        finite = codes[np.isfinite(codes.reshape(len(codes), -1)).all(axis=1)]
        if not len(finite):
            raise DataError("sampler: no code of the training images is a finite number; the training has diverged.")
        return finite


def evenly(count: int, chosen: int) -> np.ndarray:
    """At most so many of `count` places, spread evenly, as a folder may hold the images class by class."""
    return np.arange(count) if count <= chosen else np.linspace(0, count - 1, chosen).round().astype(int)
