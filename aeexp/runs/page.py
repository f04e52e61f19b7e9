"""Page of a run: one HTML file with its pictures, metrics and settings, which needs no network."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jinja2 import Environment, PackageLoader, select_autoescape
from PIL import Image

from aeexp.runs.metric_table import MetricTable, headline, latent_summary
from aeexp.tracking.artifacts import FigureArtifact
from aeexp.tracking.tracker import ActiveRun, RunSpec

PAGE = "report/index.html"
"""The file of a run's page."""


@dataclass(frozen=True)
class Picture:
    """A picture of a page: a PNG file with a title above and a caption below."""

    title: str
    png: bytes
    caption: str = ""

    @classmethod
    def from_figure(cls, artifact: FigureArtifact) -> "Picture":
        """A figure of a report."""
        return cls(artifact.name.replace("_", " ").capitalize(), artifact.render("png"), artifact.caption)

    @classmethod
    def from_pixels(cls, title: str, pixels: np.ndarray, caption: str) -> "Picture":
        """A picture of pixels, uint8 [H, W, 3]."""
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "PNG")
        return cls(title, file.getvalue(), caption)

    @property
    def source(self) -> str:
        """The file as a data URL."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode()


@dataclass(frozen=True)
class RunPage:
    """Page of a run, written while it trains and once more at its end.

    Args:
        spec: of the run.
        run: that it is written to.
    """

    spec: RunSpec
    run: ActiveRun

    @property
    def location(self) -> str:
        """Path or address of the page."""
        return f"{self.run.location}/{PAGE}"

    def write(
        self,
        metrics: Mapping[str, float],
        pictures: Sequence[Picture],
        state: str,
        commands: Mapping[str, str] | None = None,
    ) -> None:
        """Write the page, over the one before.

        Args:
            metrics: of the run so far.
            state: how far it is, such as `25 epochs`.
            commands: that go on from the run; None while it trains, when a browser loads the page again every few
                seconds.
        """
        sizes = [f"{each.profile['images']} {context} images" for context, each in self.spec.datasets.items()]
        page = _template().render(
            name=self.spec.name,
            about=" · ".join([*dict.fromkeys(each.name for each in self.spec.datasets.values()), *sizes, state]),
            summary=[line for line in (headline(metrics), latent_summary(metrics)) if line],
            pictures=pictures,
            metrics=MetricTable.from_metrics(metrics),
            settings=self.spec.params,
            commands=commands or {},
            is_final=commands is not None,
        )
        self.run.write_text(page, PAGE)


def _template():  # type: ignore[no-untyped-def]
    loader = PackageLoader("aeexp.runs", "")
    return Environment(loader=loader, autoescape=select_autoescape(), trim_blocks=True).get_template("page.html")
