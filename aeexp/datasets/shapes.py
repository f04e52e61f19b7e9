"""Pictures made on the spot, of which everything is known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aeexp.datasets.dataset import Dataset, LabelledImages, Split, check_image_shape
from aeexp.errors import ConfigError

CLASS_NAMES = ("square", "ellipse", "heart")
FACTOR_NAMES = ("shape", "scale", "angle", "x", "y")

RADIUS = 0.3
"""Of the circle around a shape at scale 1, as a share of the image's shorter side."""

HEART_RADIUS = 0.63
"""Of the circle around `_heart` before it is brought to 1; the circle's centre lies as high above the tip."""

PIXELS_AT_A_TIME = 2**18
"""Few enough to stay in the processor's cache."""

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From places right of and below the centre to their distance from the rim, negative inside."""


@dataclass(frozen=True, kw_only=True)
class Shapes(Dataset):
    """White squares, ellipses and hearts on black, each in a size, angle and place of its own.

    Edges are smooth: a pixel's value is, to first order, the share of it that the shape covers. The label of an image
    is its shape; `factors` gives the rest. Nothing is read or downloaded, and the first images are the same whatever
    the number of them.

    In the manner of Matthey et al., "dSprites: Disentanglement testing Sprites dataset", 2017, whose factors are the
    same but lie on a grid. The distance to a heart is Inigo Quilez's, "2D distance functions",
    https://iquilezles.org/articles/distfunctions2d.

    Args:
        image_shape: height, width and channels (1, or 3 alike).
        train_size: number of training images.
        test_size: number of test images.
        seed: of the factors.
    """

    image_shape: list[int]
    train_size: int
    test_size: int
    seed: int

    def __post_init__(self) -> None:
        super().__post_init__()
        check_image_shape(self.image_shape)
        for name in ("train_size", "test_size"):
            if getattr(self, name) < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={getattr(self, name)}.")
        if self.seed < 0:
            raise ConfigError(f"`seed` must be at least 0. Received seed={self.seed}.")

    @property
    def class_names(self) -> tuple[str, ...]:
        return CLASS_NAMES

    def factors(self, split: Split) -> np.ndarray:
        """What each image of `load(split)` was drawn from, independent and uniform.

        Returns:
            float32 [N, 5]: shape (0, 1, 2), scale in [0.5, 1), angle in [0, 2π) clockwise, and x and y in [0, 1),
            from the leftmost and topmost place where a shape of scale 1 fits to the rightmost and lowest. A square
            looks the same after a quarter turn, an ellipse after half a turn.
        """
        size = {"train": self.train_size, "test": self.test_size}[split]
        draws = np.random.default_rng([self.seed, split == "test"]).random((size, len(FACTOR_NAMES)), np.float32)
        draws *= np.array([len(CLASS_NAMES), 0.5, 2 * np.pi, 1, 1], np.float32)
        draws[:, 0] = np.floor(draws[:, 0])
        draws[:, 1] += 0.5
        return draws[: self.limit]

    def read(self, split: Split) -> LabelledImages:
        factors = self.factors(split)
        height, width, channels = self.image_shape
        images = np.empty((len(factors), height, width), np.uint8)
        for shape, distance in enumerate((_square, _ellipse, _heart)):
            places = np.flatnonzero(factors[:, 0] == shape)
            for some in np.array_split(places, 1 + len(places) * height * width // PIXELS_AT_A_TIME):
                images[some] = _draw(factors[some], distance, height, width)
        return LabelledImages(np.repeat(images[..., np.newaxis], channels, axis=3), factors[:, 0].astype(np.int64))


def _draw(factors: np.ndarray, distance: Distance, height: int, width: int) -> np.ndarray:
    """uint8 [N, H, W] of shapes of one kind."""
    _, scale, angle, x, y = factors.T[..., np.newaxis, np.newaxis]
    margin = RADIUS * min(height, width)
    radius = scale * margin
    right = (np.arange(width, dtype=np.float32) + 0.5 - margin - x * (width - 2 * margin)) / radius
    down = (np.arange(height, dtype=np.float32)[:, np.newaxis] + 0.5 - margin - y * (height - 2 * margin)) / radius
    cosine, sine = np.cos(angle), np.sin(angle)
    outside = radius * distance(cosine * right + sine * down, cosine * down - sine * right)
    return np.rint(255 * np.clip(0.5 - outside, 0, 1)).astype(np.uint8)


def _square(right: np.ndarray, down: np.ndarray) -> np.ndarray:
    return np.maximum(np.abs(right), np.abs(down)) - np.float32(0.5**0.5)


def _ellipse(right: np.ndarray, down: np.ndarray) -> np.ndarray:
    """With axes 1 and ½; to first order, (q − 1) / |∇q| where q is 1 on the rim."""
    q = np.hypot(right, 2 * down)
    return (q - 1) * q / np.maximum(np.hypot(right, 4 * down), 1e-6)


def _heart(right: np.ndarray, down: np.ndarray) -> np.ndarray:
    x, y = np.abs(right) * HEART_RADIUS, (1 - down) * HEART_RADIUS
    lobe = np.hypot(x - 0.25, y - 0.75) - np.float32(0.125**0.5)
    foot = np.maximum(x + y, 0) / 2
    flank = np.minimum(np.hypot(x, y - 1), np.hypot(x - foot, y - foot)) * np.sign(x - y)
    return np.where(x + y > 1, lobe, flank) / HEART_RADIUS
