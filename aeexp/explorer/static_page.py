"""A page of the explorer that needs no server: its images, and pictures of places computed beforehand."""

import base64
import json
from pathlib import Path

import numpy as np
from plotly.offline import get_plotlyjs

from aeexp.explorer.content import about
from aeexp.explorer.exploration import Exploration
from aeexp.explorer.server import page_file
from aeexp.runtime.files import write_output

STATIC_LIMIT = 1000
"""Images at most, as the page holds all of them."""

SIDE = 28
"""Tiles along each side of the plane."""

TRAVERSAL_STEPS = 25
"""Pictures along each direction."""

NOTE = "computed beforehand: the ring shows the nearest of 28×28 places of the plane, and a slider moves the mean code"


def write_static_page(exploration: Exploration, path: Path) -> None:
    """Write the page as one file.

    Raises:
        OutputError: if it cannot be written.
    """
    content = {
        "about": {**about(exploration), "note": NOTE},
        "images": {kind: _joined(exploration, kind) for kind in ("target", "input", *_outputs(exploration))},
        "side": SIDE,
        "extent": _extent(exploration),
        "tiles": _in_base64(_tiles(exploration)),
        "traversal_steps": TRAVERSAL_STEPS,
        "traversals": _in_base64(_traversals(exploration)),
    }
    page = page_file("index.html").split("<!-- scripts -->")[0]
    style = f"<style>{page_file('style.css')}</style>"
    page = page.replace('<link rel="stylesheet" href="style.css">', style)
    data = json.dumps(content, allow_nan=False).replace("<", "\\u003c")
    scripts = [
        f"<script>{text}</script>" for text in (get_plotlyjs(), page_file("static.js"), page_file("explorer.js"))
    ]
    parts = [page, f'<script id="content" type="application/json">{data}</script>', *scripts, "</body></html>"]
    with write_output(path) as part:
        part.write_text("".join(parts), encoding="utf-8")


def _outputs(exploration: Exploration) -> list[str]:
    return [str(number) for number in range(len(exploration.runs))]


def _joined(exploration: Exploration, kind: str) -> str:
    return _in_base64(np.stack([exploration.image(kind, index) for index in range(len(exploration.codes))]))


def _extent(exploration: Exploration) -> list[float]:
    """The least and the greatest coordinate along each axis of the plane."""
    places = exploration.map.places
    return [float(value) for axis in (0, 1) for value in (places[:, axis].min(), places[:, axis].max())]


def _tiles(exploration: Exploration) -> np.ndarray:
    """The pictures of a grid over the plane, from the bottom left along each row, uint8 [SIDE², H, W, C]."""
    left, right, bottom, top = _extent(exploration)
    rows = [(x, y) for y in np.linspace(bottom, top, SIDE) for x in np.linspace(left, right, SIDE)]
    nearest = [int(np.argmin(np.sum((exploration.map.places - place) ** 2, axis=1))) for place in rows]
    codes = [
        exploration.map.code_at(index, np.array(place, np.float32)) for index, place in zip(nearest, rows, strict=True)
    ]
    return exploration.decode(np.stack(codes))


def _traversals(exploration: Exploration) -> np.ndarray:
    """The pictures of the mean code moved along each direction, uint8 [K · TRAVERSAL_STEPS, H, W, C]."""
    directions, mean = exploration.directions, exploration.codes.mean(axis=0)
    codes = [
        directions.moved(mean, number, value)
        for number, (low, high) in enumerate(zip(directions.low, directions.high, strict=True))
        for value in np.linspace(low - 0.5 * ((high - low) or 1), high + 0.5 * ((high - low) or 1), TRAVERSAL_STEPS)
    ]
    return exploration.decode(np.stack(codes))


def _in_base64(pixels: np.ndarray) -> str:
    return base64.b64encode(pixels.tobytes()).decode()
