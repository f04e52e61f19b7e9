"""Restoration of user-provided images by a trained model."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import tensorflow as tf
from PIL import Image, ImageOps

from aeexp.corruptions.corruption import Corruption
from aeexp.datasets.binarization import NONE, binarized_apart
from aeexp.datasets.readers.picture import Picture, to_uint8
from aeexp.errors import ConfigError
from aeexp.inference.contact_sheet import to_pillow
from aeexp.inference.tiling import Tiling
from aeexp.metrics.metric import Metric, measure
from aeexp.models.autoencoder import Autoencoder
from aeexp.runtime.random import EVALUATION_EPOCH, image_seeds
from aeexp.types import Shape

Encode = Callable[[np.ndarray], np.ndarray]
"""From pixels in [0, 1] to whole numbers."""

COLOR_MODES = ("per_channel", "gray")


CORRUPTED_PIXELS = 8_000_000
"""Largest image that is corrupted: noise and metrics need all of its pixels at once, in many copies."""


@dataclass(frozen=True)
class Restoration:
    """An image before and after restoration.

    Args:
        given: the input of the network, in mode `L`, `RGB` or `F`.
        clean: the image before corruption, or None if no corruption was applied.
        shape: of the output of the network, (H, W, C).
        bits: per channel of the output, 8 or 16.
        bands: the output from top to bottom, uint8 or uint16 [h, W, C]; computed as they are asked for.
        alpha: the opacity of the output in mode `L`, or None.
        metrics: of the output against `clean`, and under `input_…` of `given` if it has the same size; empty without
            `clean`.
    """

    given: Image.Image
    clean: Image.Image | None
    shape: Shape
    bits: int
    bands: Iterator[np.ndarray]
    alpha: Image.Image | None
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
        binarization: of the images of the training; images that are corrupted first are binarized before, likewise.
    """

    model: Autoencoder
    clean_shape: Shape
    corruption: Corruption | None
    seed: int
    color: str
    metrics: Mapping[str, Metric]
    binarization: str = NONE

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

    def restores_separately(self, picture: Picture) -> bool:
        """Whether red, green and blue of a picture are restored one by one."""
        return self.input_shape[2] == 1 and picture.pixels.mode == "RGB" and self.color == "per_channel"

    def __call__(self, picture: Picture, index: int) -> Restoration:
        """Restore one image.

        Args:
            picture: to restore.
            index: of the image, from 0; each image is corrupted with a seed of its own.

        Raises:
            ValueError: for an image that would be smaller than one pixel after downscaling, or is too large to be
                corrupted.
        """
        image = self._fitted(picture.pixels)
        if image.mode == "RGB" and self.input_shape[2] == 1 and self.color == "gray":
            image = image.convert("L")
        alpha = None if picture.alpha is None else self._fitted(picture.alpha)
        encode = _to_uint16 if image.mode == "F" else to_uint8
        restored = self._restored(image, encode) if self.corruption is None else self._evaluated(image, index, encode)
        if alpha is None:
            return restored
        height, width, _ = restored.shape
        resized = alpha if alpha.size == (width, height) else alpha.resize((width, height), Image.Resampling.BICUBIC)
        return replace(restored, alpha=resized)

    def _restored(self, image: Image.Image, encode: Encode) -> Restoration:
        shape = self._to_batch(image, 0, 1).shape
        batches, size = (shape[0], image.height, image.width, shape[3]), (image.height, image.width)
        bands: Iterator[np.ndarray]
        if self.tiling is None:
            bands = iter([encode(self._network(self._to_batch(image, 0, image.height)))])
            size, scale = tuple(self.model.decoder.output.shape[1:3]), 1
        else:
            scale = self.tiling.scale
            bands = self.tiling.bands(lambda top, bottom: self._to_batch(image, top, bottom), batches, encode)
        shape = (scale * size[0], scale * size[1], shape[0] * self.model.decoder.output.shape[3])
        return Restoration(image, None, shape, _bits(encode), map(_to_image, bands), None, {})

    def _evaluated(self, image: Image.Image, index: int, encode: Encode) -> Restoration:
        if image.width * image.height > CORRUPTED_PIXELS:
            raise ValueError(
                f"{image.width}×{image.height} pixels are more than the {CORRUPTED_PIXELS} that can be corrupted and "
                "measured; crop it, or restore it without corrupt=true"
            )
        pixels = self._binarized(self._to_batch(image, 0, image.height), index)
        given = self._corrupted(pixels, index)
        restored = _to_image((self.tiling or self._network)(given))
        clean, corrupted = _to_image(pixels), _to_image(given)
        metrics = self._measured(clean, restored, corrupted)
        shown, target = (to_pillow(to_uint8(each)) for each in (corrupted, clean))
        return Restoration(
            shown,
            image if self.binarization == NONE else target,
            restored.shape,
            _bits(encode),
            iter([encode(restored)]),
            None,
            metrics,
        )

    def _fitted(self, image: Image.Image) -> Image.Image:
        if self.tiling is None:
            height, width = self.input_shape[:2] if self.corruption is None else self.clean_shape[:2]
            return ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
        scale = 1 if self.corruption is None else self.tiling.scale
        width, height = (side - side % scale for side in image.size)
        if not (width and height):
            raise ValueError(f"{image.width}×{image.height} pixels are less than one pixel of the network's input")
        return image if image.size == (width, height) else image.crop((0, 0, width, height))

    def _to_batch(self, image: Image.Image, top: int, bottom: int) -> np.ndarray:
        """Rows of an image as input batch, float32 [1, h, W, C], or [3, h, W, 1] of its three channels."""
        pixels = np.array(image.crop((0, top, image.width, bottom)), np.float32)
        if image.mode != "F":
            pixels /= 255
        if image.mode == "RGB" and self.input_shape[2] == 1:
            return pixels.transpose(2, 0, 1)[..., np.newaxis]
        pixels = pixels[np.newaxis] if image.mode == "RGB" else pixels[np.newaxis, ..., np.newaxis]
        return np.broadcast_to(pixels, (*pixels.shape[:3], self.input_shape[2]))

    def _binarized(self, batch: np.ndarray, index: int) -> np.ndarray:
        images = tf.constant(batch)
        return binarized_apart(images, self.binarization, EVALUATION_EPOCH, _indices(batch, index)).numpy()

    def _corrupted(self, batch: np.ndarray, index: int) -> np.ndarray:
        indices = _indices(batch, index)
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


def _indices(batch: np.ndarray, index: int) -> tf.Tensor:
    """By which the channels of an image that are restored one by one are drawn."""
    return tf.range(3 * index, 3 * index + len(batch))


def _to_image(batch: np.ndarray) -> np.ndarray:
    """[1, H, W, C] or [3, H, W, 1] -> [H, W, C] or [H, W, 3]."""
    return batch[0] if len(batch) == 1 else batch[..., 0].transpose(1, 2, 0)


def _to_uint16(pixels: np.ndarray) -> np.ndarray:
    return np.rint(65535 * np.clip(pixels, 0, 1)).astype(np.uint16)


def _bits(encode: Encode) -> int:
    return 16 if encode is _to_uint16 else 8
