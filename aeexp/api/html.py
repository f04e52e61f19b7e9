"""Runs as notebooks show them: settings that are not the default, metrics, reconstructions, and where the rest is."""

import base64
import html
import io
from collections.abc import Mapping, Sequence

from PIL import Image

from aeexp.runs.metric_table import MetricTable, headline
from aeexp.runtime.notebook import html_table, page_link
from aeexp.tracking.store import RunInfo

PICTURE = "reconstructions"
"""The figure that is shown; the others are named."""


def run_as_html(run: RunInfo, page: str, settings: Mapping[str, str], figures: Mapping[str, Image.Image]) -> str:
    """A training as HTML that needs no network.

    Args:
        run: to show.
        page: the path or address of its page.
        settings: that are not the default.
        figures: by their names.
    """
    title = f"<b>{html.escape(run.name)}</b> <code>{run.id[:8]}</code> {html.escape(run.status.lower())}"
    chosen = ", ".join(f"{key}={value}" for key, value in settings.items()) or "all settings at their defaults"
    return results_as_html([title, html.escape(chosen)], run.metrics, page, figures)


def results_as_html(
    titles: Sequence[str], metrics: Mapping[str, float], page: str, figures: Mapping[str, Image.Image]
) -> str:
    """Metrics and figures as HTML.

    Args:
        titles: lines of HTML above them.
        metrics: by their names.
        page: the path or address of the page that has all of it.
        figures: by their names.
    """
    table, names = MetricTable.from_metrics(metrics), list(figures)
    parts = [
        *titles,
        html.escape(headline(metrics)),
        as_picture(figures[PICTURE]) if PICTURE in names else "",
        html_table(("", *table.columns), [(name, *values) for name, values in table.rows.items()]),
        f"<code>.figures[…]</code>: {html.escape(', '.join(names))}" if names else "",
        f"page: {page_link(page)}",
    ]
    return "".join(f"<div>{part}</div>" for part in parts if part)


def as_picture(image: Image.Image) -> str:
    """A picture within the page, at most as wide as that."""
    file = io.BytesIO()
    image.save(file, "PNG")
    source = base64.b64encode(file.getvalue()).decode()
    return f"<img style='max-width: 100%' src='data:image/png;base64,{source}'>"
