"""The user's own pictures through a trained network."""

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

COLOURS = ("per_channel", "grey")


@dataclass(frozen=True)
class Restoration:
    """One picture before and after the network, float32 [H, W, C] in [0, 1].

    Args:
        given: what the network received.
        restored: what it made of it.
        clean: what was damaged on purpose, or None.
        metrics: of the restored picture against the clean one, and under `input_…` of the given one where it is as
            large; empty without a clean one.
    """

    given: np.ndarray
    restored: np.ndarray
    clean: np.ndarray | None
    metrics: dict[str, float]


@dataclass(frozen=True)
class Predictor:
    """Restores pictures: at their own size where the network is fully convolutional, or else fitted to its size.

    Args:
        model: the trained network.
        clean_shape: of the images that it was trained to give, (H, W, C).
        corruption: that it was trained on, for damaging pictures on purpose; None takes pictures as they are.
        seed: of the damage.
        colour: how a colour picture passes a grey network: `per_channel`, each by itself, or made `grey`.
        metrics: of the restored pictures, where the clean ones are known.
    """

    model: Autoencoder
    clean_shape: Shape
    corruption: Corruption | None
    seed: int
    colour: str
    metrics: Mapping[str, Metric]

    def __post_init__(self) -> None:
        if self.colour not in COLOURS:
            raise ConfigError(f"colour: it must be {' or '.join(COLOURS)}. Received colour={self.colour}.")

    @cached_property
    def tiling(self) -> Tiling | None:
        """None where the network takes images of one size alone."""
        return Tiling.of(self.model)

    @property
    def input_shape(self) -> Shape:
        """Of the images that the network was trained on, (h, w, c)."""
        return tuple(self.model.encoder.inputs[0].shape[1:])

    def __call__(self, picture: Image.Image, number: int) -> Restoration:
        """Restore one picture.

        Args:
            picture: of mode `L` or `RGB`.
            number: among the pictures; the damage done to each differs.

        Raises:
            ValueError: for a picture smaller than a pixel of the network's input.
        """
        pixels = self._planes(self._sized(picture))
        given = pixels if self.corruption is None else self._damaged(pixels, number)
        network = self.tiling or self._network
        restored = _joined(network(given))
        if self.corruption is None:
            return Restoration(_joined(given), restored, None, {})
        clean = _joined(pixels)
        return Restoration(_joined(given), restored, clean, self._measured(clean, restored, _joined(given)))

    def _sized(self, picture: Image.Image) -> Image.Image:
        if self.tiling is None:
            height, width = self.input_shape[:2] if self.corruption is None else self.clean_shape[:2]
            return ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
        scale = 1 if self.corruption is None else self.tiling.scale
        width, height = (side - side % scale for side in picture.size)
        if not (width and height):
            raise ValueError(f"{picture.width}×{picture.height} pixels are less than one of the network's input")
        return picture.crop((0, 0, width, height))

    def _planes(self, picture: Image.Image) -> np.ndarray:
        """What the network takes of a picture, float32 [1, H, W, C], or [3, H, W, 1] of its three channels."""
        if self.input_shape[2] == 3:
            return _pixels(picture.convert("RGB"))[np.newaxis]
        if picture.mode == "RGB" and self.colour == "per_channel":
            return _pixels(picture).transpose(2, 0, 1)[..., np.newaxis]
        return _pixels(picture.convert("L"))[np.newaxis, ..., np.newaxis]

    def _damaged(self, planes: np.ndarray, number: int) -> np.ndarray:
        places = tf.range(3 * number, 3 * number + len(planes))
        return self.corruption(tf.constant(planes), image_seeds(self.seed, EVALUATION_EPOCH, places)).numpy()  # type: ignore[misc, union-attr]

    def _measured(self, clean: np.ndarray, restored: np.ndarray, given: np.ndarray) -> dict[str, float]:
        compared = {"": restored} | ({"input_": given} if given.shape == clean.shape else {})
        return {
            f"{prefix}{name}": float(values[0])
            for prefix, image in compared.items()
            for name, values in measure(self.metrics, clean[np.newaxis], image[np.newaxis]).items()
        }

    def _network(self, images: np.ndarray) -> np.ndarray:
        return self.model(images)["reconstruction"].numpy()


def _pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture, np.float32) / 255


def _joined(planes: np.ndarray) -> np.ndarray:
    """[1, H, W, C] or [3, H, W, 1] -> [H, W, C] or [H, W, 3]."""
    return planes[0] if len(planes) == 1 else planes[..., 0].transpose(1, 2, 0)
