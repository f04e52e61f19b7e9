"""Binarization: images of black and white pixels, as likelihoods of binary pixels are published for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.lazy import tf
from aeexp.runtime.random import fold_in, image_seeds, uniform

if TYPE_CHECKING:
    from aeexp.datasets.dataset import Split

NONE, THRESHOLD, STATIC, DYNAMIC = KINDS = ("none", "threshold", "static", "dynamic")
"""Gray values; white from one half on; drawn once for ever with its gray value as the probability; drawn each epoch."""

SEED = 20160407
"""Of all draws, whatever the seed of the run, so that all runs are compared on the same images."""

STATIC_STREAM, DYNAMIC_STREAM = range(2)
STATIC_PLACES: dict[Split, int] = {"train": 0, "validation": 1, "test": 2}
"""What stands for the epoch in static draws, by the published part that an image is of."""

BLOCK = 1000
"""Images drawn at a time."""


def check_binarization(kind: str, shape: Any = None) -> None:
    """Refuse a kind that does not exist, and images in color.

    Args:
        shape: of the images, ending in their channels; None where it is not known yet.

    Raises:
        ConfigError: naming the kinds, or the way to gray images.
    """
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS)
        raise ConfigError(f"`binarization` must be one of {', '.join(KINDS)}. Received binarization={kind}.{hint}")
    if kind != NONE and shape and shape[-1] != 1:
        raise ConfigError(
            f"`binarization` needs gray images, of one channel. Received binarization={kind} for {shape[-1]} channels; "
            "use binarization=none, or gray images, in folder and shapes by dataset.image_shape=[height,width,1]."
        )


def binarized(images: np.ndarray, kind: str, part: Split, places: np.ndarray) -> np.ndarray:
    """Images as they are loaded: black and white for the kinds that are the same in every epoch.

    Args:
        images: uint8 [N, H, W, C].
        part: the published part that they are of.
        places: [N] of the images in it, by which they are drawn whatever the split.

    Returns:
        uint8 [N, H, W, C], 0 or 255 for `threshold` and `static`.
    """
    check_binarization(kind, images.shape)
    if kind == THRESHOLD:
        return np.where(images >= 128, np.uint8(255), np.uint8(0))
    if kind == STATIC:
        blocks = (slice(start, start + BLOCK) for start in range(0, len(images), BLOCK))
        return np.concatenate([_static(images[block], part, places[block]) for block in blocks])
    return images


def draw_binary(images: tf.Tensor, epoch: tf.Tensor | int, indices: tf.Tensor) -> tf.Tensor:
    """Images of zeros and ones, drawn anew in each epoch: one with the gray value as its probability.

    Args:
        images: float32 [N, H, W, C] in [0, 1].
        epoch: scalar; equal epochs give equal images.
        indices: [N] places in the data set.
    """
    levels = tf.round(255.0 * images)  # whole, as divisions round differently in a graph
    return _drawn(levels, fold_in(image_seeds(SEED, epoch, indices), DYNAMIC_STREAM))


def binarized_apart(images: tf.Tensor, kind: str, epoch: tf.Tensor | int, indices: tf.Tensor) -> tf.Tensor:
    """Images that are of no data set, made black and white as those of one would be.

    Args:
        images: float32 [N, H, W, C] in [0, 1].
        epoch: as of `draw_binary`, for the kinds that draw.
        indices: [N], by which they are drawn.

    Returns:
        float32 [N, H, W, C]: zeros and ones, or the same images for `none`.
    """
    if kind == THRESHOLD:
        return tf.cast(tf.round(255.0 * images) >= 128.0, tf.float32)
    return images if kind == NONE else draw_binary(images, epoch, indices)


def _static(images: np.ndarray, part: Split, places: np.ndarray) -> np.ndarray:
    seeds = fold_in(image_seeds(SEED, STATIC_PLACES[part], tf.constant(places)), STATIC_STREAM)
    return 255 * _drawn(tf.cast(images, tf.float32), seeds).numpy().astype(np.uint8)


def _drawn(levels: tf.Tensor, seeds: tf.Tensor) -> tf.Tensor:
    """Ones with the probability level / 255, float32; always at 255 and never at 0, as draws lie between 0 and 1."""
    return tf.cast(255.0 * uniform(seeds, tuple(levels.shape[1:])) < levels, tf.float32)
