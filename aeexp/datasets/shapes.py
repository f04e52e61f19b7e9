"""Synthetic shapes with known factors."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aeexp.datasets.dataset import Dataset, ImagesOnDemand, LabelledImages, Split, check_image_shape
from aeexp.datasets.readers.picture import to_uint8
from aeexp.errors import ConfigError

CLASS_NAMES = ("square", "ellipse", "heart")
FACTOR_NAMES = ("shape", "scale", "angle", "x", "y")

RADIUS = 0.3
"""Radius of the circumscribed circle of a shape at scale 1, as a fraction of the image's shorter side."""

HEART_RADIUS = 0.63
"""Radius of the circumscribed circle of the heart before normalization, and height of its center above the tip."""

PIXELS_PER_CHUNK = 2**18
"""Number of pixels drawn at a time; small enough for the processor's cache."""

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Signed distance to the boundary, negative inside, at positions (right, down) relative to the center."""


@dataclass(frozen=True, kw_only=True)
class Shapes(Dataset):
    """Synthetic white squares, ellipses and hearts on black, with random scale, angle and position.

    Edges are antialiased: a pixel's value is, to first order, the fraction of it that the shape covers. The label of
    an image is its shape; `factors` returns all generative factors. Images are generated, not downloaded, and the
    first N images do not depend on the total number.

    Similar to dSprites (Matthey et al., "dSprites: Disentanglement testing Sprites dataset", 2017), whose factors are
    the same but lie on a grid. The signed distance of the heart is from Inigo Quilez, "2D distance functions",
    https://iquilezles.org/articles/distfunctions2d.

    Args:
        image_shape: height, width and channels (1, or 3 equal ones).
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

    @property
    def has_factors(self) -> bool:
        return True

    def factors(self, split: Split) -> np.ndarray:
        """The generative factors of each image of `load(split)`, independent and uniformly distributed.

        Returns:
            float32 [N, 5]: shape (0, 1, 2), scale in [0.5, 1), clockwise angle in [0, 2π), and x and y in [0, 1), from
            the leftmost and topmost position where a shape of scale 1 fits to the rightmost and lowest. A square is
            invariant to quarter turns, an ellipse to half turns.
        """
        factors = self._factors(self.source(split))
        return factors[self.selection(split, len(factors), _labels(factors))]

    def read(self, split: Split) -> ImagesOnDemand:
        factors = self._factors(split)
        return ImagesOnDemand(len(factors), _labels(factors), lambda indices: self._images(factors[indices]))

    def _factors(self, source: Split) -> np.ndarray:
        """The factors of all images, float32 [N, 5]."""
        size = {"train": self.train_size, "test": self.test_size}[source]
        draws = np.random.default_rng([self.seed, source == "test"]).random((size, len(FACTOR_NAMES)), np.float32)
        draws *= np.array([len(CLASS_NAMES), 0.5, 2 * np.pi, 1, 1], np.float32)
        draws[:, 0] = np.floor(draws[:, 0])
        draws[:, 1] += 0.5
        return draws

    def _images(self, factors: np.ndarray) -> LabelledImages:
        height, width, channels = self.image_shape
        images = np.empty((len(factors), height, width), np.uint8)
        for shape, distance in enumerate((_square, _ellipse, _heart)):
            indices = np.flatnonzero(factors[:, 0] == shape)
            for chunk in np.array_split(indices, 1 + len(indices) * height * width // PIXELS_PER_CHUNK):
                images[chunk] = _draw(factors[chunk], distance, height, width)
        return LabelledImages(np.repeat(images[..., np.newaxis], channels, axis=3), _labels(factors))


def _labels(factors: np.ndarray) -> np.ndarray:
    return factors[:, 0].astype(np.int64)


def _draw(factors: np.ndarray, distance: Distance, height: int, width: int) -> np.ndarray:
    """Images of shapes of one kind, uint8 [N, H, W]."""
    _, scale, angle, x, y = factors.T[..., np.newaxis, np.newaxis]
    margin = RADIUS * min(height, width)
    radius = scale * margin
    right = (np.arange(width, dtype=np.float32) + 0.5 - margin - x * (width - 2 * margin)) / radius
    down = (np.arange(height, dtype=np.float32)[:, np.newaxis] + 0.5 - margin - y * (height - 2 * margin)) / radius
    cosine, sine = np.cos(angle), np.sin(angle)
    outside = radius * distance(cosine * right + sine * down, cosine * down - sine * right)
    return to_uint8(0.5 - outside)


def _square(right: np.ndarray, down: np.ndarray) -> np.ndarray:
    return np.maximum(np.abs(right), np.abs(down)) - np.float32(0.5**0.5)


def _ellipse(right: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Ellipse with semi-axes 1 and ½; to first order, (q − 1) / |∇q| with q = 1 on the boundary."""
    q = np.hypot(right, 2 * down)
    return (q - 1) * q / np.maximum(np.hypot(right, 4 * down), 1e-6)


def _heart(right: np.ndarray, down: np.ndarray) -> np.ndarray:
    x, y = np.abs(right) * HEART_RADIUS, (1 - down) * HEART_RADIUS
    lobe = np.hypot(x - 0.25, y - 0.75) - np.float32(0.125**0.5)
    foot = np.maximum(x + y, 0) / 2
    flank = np.minimum(np.hypot(x, y - 1), np.hypot(x - foot, y - foot)) * np.sign(x - y)
    return np.where(x + y > 1, lobe, flank) / HEART_RADIUS
