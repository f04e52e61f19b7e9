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
from aeexp.tracking.store import KIND_TAG
from aeexp.tracking.tracker import ActiveRun, RunSpec

PAGE = "report/index.html"
"""The file of a run's page."""

COMMANDS = {
    "aeexp predict run={run} images='photos/*.png' output=restored": "restore your own images",
    "aeexp evaluate run={run} corruption=noise": "evaluate it on other data or under another corruption",
    "aeexp resume run={run} trainer.epochs=50": "train it for longer",
    "aeexp reproduce run={run}": "train it again and compare every number",
    "aeexp ui": "compare it with other runs",
}
"""Commands that go on from a finished training, and what each is for."""


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
        self, metrics: Mapping[str, float], pictures: Sequence[Picture], state: str, *, is_final: bool = True
    ) -> None:
        """Write the page, over the one before.

        Args:
            metrics: of the run so far.
            state: how far it is, such as `25 epochs`.
            is_final: False has a browser load it again every few seconds.
        """
        sizes = [f"{each.profile['images']} {context} images" for context, each in self.spec.datasets.items()]
        page = _template().render(
            name=self.spec.name,
            about=" · ".join([*dict.fromkeys(each.name for each in self.spec.datasets.values()), *sizes, state]),
            summary=[line for line in (headline(metrics), latent_summary(metrics)) if line],
            pictures=pictures,
            metrics=MetricTable.from_metrics(metrics),
            settings=self.spec.params,
            commands=self._commands() if is_final else {},
            is_final=is_final,
        )
        self.run.write_text(page, PAGE)

    def _commands(self) -> dict[str, str]:
        if self.spec.tags.get(KIND_TAG) != "training":
            return {}
        return {command.format(run=self.run.id[:8]): purpose for command, purpose in COMMANDS.items()}


def _template():  # type: ignore[no-untyped-def]
    loader = PackageLoader("aeexp.runs", "")
    return Environment(loader=loader, autoescape=select_autoescape(), trim_blocks=True).get_template("page.html")
