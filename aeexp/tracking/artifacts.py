"""What reports yield and trackers write."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from aeexp.errors import ConfigError

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def recordable_name(name: str) -> str:
    """A name with `_` for each character that stores refuse in the names of metrics and files."""
    return re.sub(r"[^\w.\- ]", "_", name)


def recordable_text(text: str) -> str:
    """A text as UTF-8 can hold it: the bytes of a path that are no text are written as `\\udcff`."""
    return text.encode(errors="backslashreplace").decode()


@dataclass(frozen=True)
class Scalar:
    """One number, such as `test/psnr`."""

    name: str
    value: float


FORMAT, FORMATS = "format", ("png", "pdf", "svg")
"""The key of the formats among the reports, and the formats in which figures can be written."""


def figure_formats(nodes: Mapping[str, Any]) -> tuple[str, ...]:
    """The formats in which figures are written.

    Args:
        nodes: of the reports, or whatever else has the key `format`.

    Raises:
        ConfigError: for one that is not known.
    """
    given = nodes.get(FORMAT, ["png"])  # older configs have none
    chosen = (given,) if isinstance(given, str) else tuple(given or ())
    if not chosen or not set(chosen) <= set(FORMATS):
        raise ConfigError(
            f"report.{FORMAT}: must be one or several of {', '.join(FORMATS)}. Received {FORMAT}={given}; "
            f"write 'report.{FORMAT}=[png,pdf]'."
        )
    return tuple(dict.fromkeys(chosen))


@dataclass(frozen=True)
class FigureArtifact:
    """A finished picture of a run, which the tracker writes as a file and closes.

    Args:
        caption: what one sees in it, in a sentence or two, for the page of the run.
        formats: of its files.
    """

    name: str
    figure: "Figure"
    caption: str = ""
    formats: tuple[str, ...] = ("png",)
    _rendered: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    def render(self, file_format: str = "png") -> bytes:
        """The picture as a file, drawn once for each format.

        Args:
            file_format: one of `FORMATS`.
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
