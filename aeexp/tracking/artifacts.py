"""What reports yield and trackers write."""

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Scalar:
    """One number, such as `test/psnr`."""

    name: str
    value: float


@dataclass(frozen=True)
class FigureArtifact:
    """A finished picture of a run, which the tracker writes as a file and closes.

    Args:
        caption: what one sees in it, in a sentence or two, for the page of the run.
    """

    name: str
    figure: "Figure"
    caption: str = ""
    _rendered: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def render(self, file_format: str = "png") -> bytes:
        """The picture as a file, drawn once for each format.

        Args:
            file_format: `png`, `pdf` or `svg`.
        """
        if file_format not in self._rendered:
            file = io.BytesIO()
            self.figure.savefig(file, format=file_format)
            self._rendered[file_format] = file.getvalue()
        return self._rendered[file_format]


@dataclass(frozen=True)
class ImageArtifact:
    """A picture logged again and again, so that one can scrub through training. uint8 [H, W, 3]."""

    name: str
    pixels: np.ndarray


@dataclass(frozen=True)
class TableArtifact:
    """Rows of plain values under named columns."""

    name: str
    columns: dict[str, list[Any]]


@dataclass(frozen=True)
class ArraysArtifact:
    """Named arrays, written as one `.npz` file."""

    name: str
    arrays: dict[str, np.ndarray]


Artifact = Scalar | FigureArtifact | ImageArtifact | TableArtifact | ArraysArtifact
