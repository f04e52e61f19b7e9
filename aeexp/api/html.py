"""Runs as notebooks show them: what is not the default, the metrics, the reconstructions, and where the rest is."""

import base64
import html
import io
from collections.abc import Mapping

from PIL import Image

from aeexp.runs.metric_table import MetricTable, headline
from aeexp.tracking.store import RunInfo

PICTURE = "reconstructions"
STYLE = "text-align: left; padding: 2px 12px 2px 0"


def run_as_html(
    run: RunInfo, page: str, settings: Mapping[str, str], figures: Mapping[str, Image.Image], tables: bool = True
) -> str:
    """A run as HTML that needs no network.

    Args:
        run: to show.
        page: the path or address of its page.
        settings: that are not the default.
        figures: by their names.
        tables: whether to show the metrics.
    """
    chosen = ", ".join(f"{key}={value}" for key, value in settings.items()) or "all settings at their defaults"
    metrics = MetricTable.from_metrics(run.metrics)
    parts = [
        f"<b>{html.escape(run.name)}</b> <code>{run.id[:8]}</code> {html.escape(run.status.lower())}",
        html.escape(chosen),
        html.escape(headline(run.metrics) or ""),
        as_table(("", *metrics.columns), [(name, *values) for name, values in metrics.rows.items()]) if tables else "",
        as_picture(figures[PICTURE]) if PICTURE in figures else "",
        f"page: <a href='{html.escape(page, quote=True)}'>{html.escape(page)}</a> · all runs: <code>aeexp ui</code>",
    ]
    return "".join(f"<div>{part}</div>" for part in parts if part)


def as_table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table of texts."""
    cells = [
        "".join(f"<{tag} style='{STYLE}'>{html.escape(str(text))}</{tag}>" for text in row)
        for tag, row in [("th", columns), *(("td", row) for row in rows)]
    ]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>" if rows else ""


def as_picture(image: Image.Image) -> str:
    """A picture within the page, at most as wide as that."""
    file = io.BytesIO()
    image.save(file, "PNG")
    source = base64.b64encode(file.getvalue()).decode()
    return f"<img style='max-width: 100%' src='data:image/png;base64,{source}'>"
