"""The few types that every package shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import tensorflow as tf
    from matplotlib.figure import Figure as MatplotlibFigure

Shape = tuple[int, ...]
"""The shape of one image or one code, without the batch: `(height, width, channels)` or `(latent_dim,)`."""

Outputs = Mapping[str, "tf.Tensor"]
"""What an autoencoder gives for a batch: `reconstruction` and `latent`, beside what its bottleneck adds."""


@dataclass(frozen=True)
class Scalar:
    """One number, such as `test/psnr`."""

    name: str
    value: float


@dataclass(frozen=True)
class Figure:
    """A finished picture of a run; the tracker writes it as a file and closes it."""

    name: str
    figure: "MatplotlibFigure"


@dataclass(frozen=True)
class Image:
    """A picture logged again and again, so that one can scrub through training. uint8 [H, W, 3]."""

    name: str
    pixels: np.ndarray


@dataclass(frozen=True)
class Table:
    """Rows of plain values under named columns."""

    name: str
    columns: dict[str, list[Any]]


Item = Scalar | Figure | Image | Table
