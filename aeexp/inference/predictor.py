"""Restoration of user-provided images by a trained model."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

from aeexp.corruptions.corruption import Corruption
from aeexp.errors import ConfigError
from aeexp.inference.tiling import Tiling
from aeexp.metrics.metric import Metric, measure
from aeexp.models.autoencoder import Autoencoder
from aeexp.runtime.random import EVALUATION_EPOCH, image_seeds
from aeexp.types import Shape

COLOR_MODES = ("per_channel", "gray")


@dataclass(frozen=True)
class Restoration:
    """An image before and after restoration, float32 [H, W, C] in [0, 1].

    Args:
        given: the input of the network.
        restored: the output of the network.
        clean: the image before corruption, or None if no corruption was applied.
        metrics: of `restored` against `clean`, and under `input_…` of `given` if it has the same size; empty without
            `clean`.
    """

    given: np.ndarray
    restored: np.ndarray
    clean: np.ndarray | None
    metrics: dict[str, float]


@dataclass(frozen=True)
class Predictor:
    """Restoration of images at their own size if the network is fully convolutional, or else at its input size.

    Args:
        model: the trained network.
        clean_shape: shape (H, W, C) of the outputs in training.
        corruption: applied to the images before restoration; None restores the images as they are.
        seed: of the corruption.
        color: how a grayscale network restores a color image: `per_channel`, each channel separately, or `gray`, its
            luma alone.
        metrics: measured where the images are corrupted first, by their names.
    """

    model: Autoencoder
    clean_shape: Shape
    corruption: Corruption | None
    seed: int
    color: str
    metrics: Mapping[str, Metric]

    def __post_init__(self) -> None:
        if self.color not in COLOR_MODES:
            raise ConfigError(f"color: must be {' or '.join(COLOR_MODES)}. Received color={self.color}.")

    @cached_property
    def tiling(self) -> Tiling | None:
        """The tiling for images of any size; None if the network accepts a single size only."""
        return Tiling.from_model(self.model)

    @property
    def input_shape(self) -> Shape:
        """Shape (h, w, c) of the inputs in training."""
        return tuple(self.model.encoder.inputs[0].shape[1:])

    def __call__(self, image: Image.Image, index: int) -> Restoration:
        """Restore one image.

        Args:
            image: in mode `L` or `RGB`.
            index: of the image, from 0; each image is corrupted with a seed of its own.

        Raises:
            ValueError: for an image that would be smaller than one pixel after downscaling.
        """
        pixels = self._to_batch(self._fitted(image))
        given = pixels if self.corruption is None else self._corrupted(pixels, index)
        network = self.tiling or self._network
        restored = _to_image(network(given))
        if self.corruption is None:
            return Restoration(_to_image(given), restored, None, {})
        clean = _to_image(pixels)
        return Restoration(_to_image(given), restored, clean, self._measured(clean, restored, _to_image(given)))

    def _fitted(self, image: Image.Image) -> Image.Image:
        if self.tiling is None:
            height, width = self.input_shape[:2] if self.corruption is None else self.clean_shape[:2]
            return ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
        scale = 1 if self.corruption is None else self.tiling.scale
        width, height = (side - side % scale for side in image.size)
        if not (width and height):
            raise ValueError(f"{image.width}×{image.height} pixels are less than one pixel of the network's input")
        return image.crop((0, 0, width, height))

    def _to_batch(self, image: Image.Image) -> np.ndarray:
        """The input batch of an image, float32 [1, H, W, C], or [3, H, W, 1] of its three channels."""
        if self.input_shape[2] == 3:
            return _pixels(image.convert("RGB"))[np.newaxis]
        if image.mode == "RGB" and self.color == "per_channel":
            return _pixels(image).transpose(2, 0, 1)[..., np.newaxis]
        return _pixels(image.convert("L"))[np.newaxis, ..., np.newaxis]

    def _corrupted(self, batch: np.ndarray, index: int) -> np.ndarray:
        indices = tf.range(3 * index, 3 * index + len(batch))
        return self.corruption(tf.constant(batch), image_seeds(self.seed, EVALUATION_EPOCH, indices)).numpy()  # type: ignore[misc, union-attr]

    def _measured(self, clean: np.ndarray, restored: np.ndarray, given: np.ndarray) -> dict[str, float]:
        compared = {"": restored} | ({"input_": given} if given.shape == clean.shape else {})
        return {
            f"{prefix}{name}": float(values[0])
            for prefix, image in compared.items()
            for name, values in measure(self.metrics, clean[np.newaxis], image[np.newaxis]).items()
        }

    def _network(self, images: np.ndarray) -> np.ndarray:
        return self.model(images)["reconstruction"].numpy()


def _pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image, np.float32) / 255


def _to_image(batch: np.ndarray) -> np.ndarray:
    """[1, H, W, C] or [3, H, W, 1] -> [H, W, C] or [H, W, 3]."""
    return batch[0] if len(batch) == 1 else batch[..., 0].transpose(1, 2, 0)
