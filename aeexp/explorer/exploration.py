"""Exploration of a trained run: its images, codes and networks, ready to be asked again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import tensorflow as tf

from aeexp.config.instantiate import instantiate
from aeexp.datasets.dataset import Dataset, Split
from aeexp.datasets.readers.picture import to_uint8
from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.explorer.directions import Directions
from aeexp.explorer.latent_map import LatentMap
from aeexp.inference.codec import Codec
from aeexp.runs.factory import build_corruption
from aeexp.runs.loading import LoadedRun
from aeexp.runtime.random import EVALUATION_EPOCH, image_seeds

STEPS = 9
"""Images of an interpolation."""


@dataclass(frozen=True)
class ExploredRun:
    """A trained run and what it makes of the images.

    Args:
        id: of the run.
        name: of the run.
        evaluation: of the images.
        codec: its network.
    """

    id: str
    name: str
    evaluation: EvaluationResult
    codec: Codec

    @classmethod
    def of(cls, saved: LoadedRun, data: Mapping[str, Any], split: Split) -> "ExploredRun":
        """A loaded run on the images of some data.

        Args:
            data: the config nodes `dataset` and `corruption`.
            split: whose images.

        Raises:
            ConfigError: where its network does not take such images.
        """
        dataset = instantiate(data["dataset"], "dataset", Dataset)
        setup = saved.evaluation(dataset, build_corruption(data["corruption"]), {})
        evaluation = setup.evaluator_of(split).all_images([])
        return cls(saved.id, saved.store.info(saved.id).name, evaluation, Codec(evaluation.model))


@dataclass(frozen=True)
class Exploration:
    """Exploration of one run, or of two on the same images.

    Args:
        runs: the explored run, and the one beside it if there is one.
        corruption: of the images.
        seed: of the corruption of drawn images.
        method: of the map, `pca`, `tsne` or `umap`.
    """

    runs: tuple[ExploredRun, ...]
    corruption: Any
    seed: int
    method: str

    @property
    def first(self) -> EvaluationResult:
        """The evaluation of the explored run."""
        return self.runs[0].evaluation

    @cached_property
    def codes(self) -> np.ndarray:
        """The codes of the images as vectors, float32 [N, D]: of all images, or those that memory allows.

        Raises:
            ConfigError: for codes that are not finite.
        """
        codes = self.first.codes.astype(np.float32)
        if not np.isfinite(codes).all():
            raise ConfigError(f"run {self.runs[0].id} gives codes that are not finite; explore another run.")
        return codes.reshape(len(codes), -1)

    @cached_property
    def map(self) -> LatentMap:
        """The map of the codes."""
        return LatentMap.of(self.codes, self.method)

    @cached_property
    def directions(self) -> Directions:
        """The directions that the sliders move along."""
        return Directions.of(self.first, self.codes)

    @property
    def errors(self) -> list[np.ndarray]:
        """The mean squared error of each image by each run, [N]."""
        count = len(self.codes)
        return [
            np.square(run.evaluation.targets[:count] - run.evaluation.outputs["reconstruction"][:count]).mean((1, 2, 3))
            for run in self.runs
        ]

    def image(self, kind: str, index: int) -> np.ndarray:
        """The `target`, `input` or output of an image, uint8 [H, W, C]; outputs by the place of the run, `0` or `1`.

        Raises:
            KeyError, IndexError: where there is no such image.
        """
        if not 0 <= index < len(self.codes):
            raise IndexError(index)
        if kind.isdigit():
            return to_uint8(self.runs[int(kind)].evaluation.outputs["reconstruction"][index])
        return to_uint8({"target": self.first.targets, "input": self.first.inputs}[kind][index])

    def code_at(self, index: int, place: np.ndarray | None, sliders: Mapping[int, float]) -> np.ndarray:
        """The code, [D], of an image that was moved on the map and then along some directions."""
        code = self.codes[index] if place is None else self.map.code_at(index, place)
        for number, value in sliders.items():
            code = self.directions.moved(code, number, value)
        return code

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The images of codes, or of the nearest ones that the bottleneck can give, [N, D] -> uint8 [N, H, W, C]."""
        shaped = tf.constant(codes.reshape(len(codes), *self.runs[0].codec.code_shape), tf.float32)
        return to_uint8(self._decoder(shaped).numpy())

    def interpolate(self, first: int, second: int) -> np.ndarray:
        """Images of codes on the line between those of two images, uint8 [STEPS, H, W, C]."""
        fractions = np.linspace(0, 1, STEPS, dtype=np.float32)[:, np.newaxis]
        return self.decode((1 - fractions) * self.codes[first] + fractions * self.codes[second])

    def restore(self, image: np.ndarray, strengths: Mapping[str, float]) -> tuple[np.ndarray, list[np.ndarray]]:
        """An image after corruption, and what each run makes of it, all uint8 [H, W, C].

        Args:
            image: uint8 [H, W, C].
            strengths: of the corruption, by the names of `Chain.strengths`.

        Raises:
            ConfigError: for a strength that cannot be.
        """
        chain = self.corruption
        for name, value in strengths.items():
            chain = chain.at_strength(name, value)
        chain.output_shape(image.shape)
        seeds = image_seeds(self.seed, EVALUATION_EPOCH, tf.range(1))
        corrupted = chain(tf.constant(image[np.newaxis], tf.float32) / 255, seeds).numpy()
        return to_uint8(corrupted[0]), [to_uint8(run.codec.reconstruct(corrupted)[0]) for run in self.runs]

    @cached_property
    def _decoder(self) -> Any:
        """The decoder for few codes at a time, as quick as it can be."""
        model = self.runs[0].codec.model
        return tf.function(lambda codes: model.decoder(model.bottleneck.nearest(codes)), reduce_retracing=True)
