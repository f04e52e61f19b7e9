"""Style of all figures: sizes, colors, fonts, titles and legends; text is drawn as it is written, never as math."""

import unicodedata
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

import matplotlib.figure
import numpy as np
from cycler import cycler
from matplotlib import colormaps, rc_context
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba_array
from matplotlib.font_manager import findfont, fontManager, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, LogFormatter
from matplotlib.transforms import ScaledTranslation

PALETTE = (
    *("#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6"),
    *("#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"),
)
"""Ten colors that are told apart with color blindness and in gray print.

Petroff, "Accessible Color Sequences for Data Visualization", 2021.
"""

TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 13, 10, 8.5
"""Font sizes in points: of titles; of axes; of ticks, legends and what stands beside pictures."""

SPACING = 1.2
"""Height of a line, in sizes of its font."""

MAX_LINES = 3
"""Of what stands below a title."""

PAD = 0.09
"""Inches between the edge of a figure and what is drawn."""

SCRIPTS = (
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    *("Microsoft YaHei", "SimHei", "PingFang SC", "Hiragino Sans GB", "Yu Gothic", "MS Gothic", "Malgun Gothic"),
    *("Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai", "Nirmala UI"),
    *("Arial Unicode MS", "Segoe UI Symbol", "Noto Sans Symbols", "Noto Emoji"),
)
"""Fonts for what the first font lacks; those that are installed are used."""

PARAMETERS: dict[Any, Any] = {
    "font.size": TEXT_SIZE,
    "axes.titlesize": TEXT_SIZE,
    "axes.labelsize": TEXT_SIZE,
    "xtick.labelsize": SMALL_SIZE,
    "ytick.labelsize": SMALL_SIZE,
    "legend.fontsize": SMALL_SIZE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=PALETTE),
    "text.parse_math": False,
    "text.usetex": False,
    "pdf.fonttype": 42,  # fonts are embedded, and text stays text
    "svg.fonttype": "none",
    "svg.hashsalt": "aeexp",  # the same file each time
}

NO_DATE = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}
"""Metadata by which a file is the same each time that it is written."""


class Figure(matplotlib.figure.Figure):
    """A figure in the common style. It changes no setting of matplotlib outside of itself.

    Args:
        width: in inches; more where the title needs it.
        height: in inches.
        title: one line.
        source: run and data, in smaller letters below the title, on three lines at most.
    """

    def __init__(self, width: float, height: float, title: str = "", source: str = "") -> None:
        width = max(width, 0.105 * len(title) + 0.3)
        lines = wrap(plain(source), max(20, int(width / 0.078)), max_lines=MAX_LINES, placeholder=" …")
        below_title = SMALL_SIZE * SPACING * len(lines)
        with _parameters():
            super().__init__(
                figsize=(width, height + SMALL_SIZE * SPACING * max(0, len(lines) - 1) / 72),
                dpi=140,
                layout=ConstrainedLayoutEngine(w_pad=PAD, h_pad=PAD),
            )
            if title:
                room = "\n" * round(below_title / (TITLE_SIZE * SPACING) + 0.4)
                self.suptitle(plain(title) + room, fontsize=TITLE_SIZE)
            if lines:
                below = ScaledTranslation(0, -PAD - TITLE_SIZE * 1.45 / 72, self.dpi_scale_trans)
                place: dict[str, Any] = {"transform": self.transFigure + below, "ha": "center", "va": "top"}
                self.text(0.5, 1, "\n".join(lines), fontsize=SMALL_SIZE, color="0.35", **place)

    def add_subplot(self, *args: Any, **kwargs: Any) -> Axes:
        with _parameters():
            return super().add_subplot(*args, **kwargs)

    def draw(self, renderer: RendererBase) -> None:
        with _parameters(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph .* missing")  # a box is drawn in its place
            for axis in (axis for axes in self.axes for axis in (axes.xaxis, axes.yaxis)):
                if isinstance(axis.get_major_formatter(), LogFormatter):  # which writes math
                    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            for text in self.findobj(Text):
                text.set_parse_math(False)
            super().draw(renderer)

    def savefig(self, fname: Any, **kwargs: Any) -> None:  # type: ignore[override]
        kind = kwargs.get("format") or Path(fname).suffix.removeprefix(".")
        with _parameters():
            if kind == "png" and set(kwargs) <= {"format"}:  # in half the time, as it is laid out while it is drawn
                FigureCanvasAgg(self).print_png(fname, pil_kwargs={"compress_level": 3})
                return
            super().savefig(fname, **{"metadata": NO_DATE.get(kind), **kwargs})


def _parameters() -> Any:
    return rc_context({**PARAMETERS, "font.family": list(_fonts())})


@cache
def _fonts() -> tuple[str, ...]:
    installed = set(fontManager.get_font_names())
    return ("DejaVu Sans", *(name for name in SCRIPTS if name in installed))


@cache
def _characters() -> frozenset[int]:
    """The code points that the fonts can draw."""
    return frozenset().union(*(get_font(findfont(name)).get_charmap() for name in _fonts()))


def plain(text: str) -> str:
    """Text on one line that any font engine can set: bytes that are no text become �, control characters go."""
    words = "".join(" " if character.isspace() else character for character in text).split(" ")
    kept = (c for c in " ".join(words) if unicodedata.category(c) not in ("Cc", "Cf"))
    return "".join("\ufffd" if unicodedata.category(c) == "Cs" else c for c in kept)


def shorten(text: str, length: int) -> str:
    """A text on one line, truncated if it is too long."""
    text = plain(text)
    return text if len(text) <= length else f"{text[: length - 1]}…"


def shorten_names(names: Sequence[str], length: int) -> list[str]:
    """Names of files; if one is too long, without their endings, and cut where they are alike or else in the middle."""
    names = [plain(name) for name in names]
    if max(map(len, names), default=0) <= length:
        return names
    stems = [Path(name).stem for name in names]
    end = _alike([stem[::-1] for stem in stems])
    differing = [f"{stem[:-end]}…" if end > 1 else stem for stem in stems]
    return [_cut(name, _alike(differing), length) for name in differing]


def _alike(names: Sequence[str]) -> int:
    """With how many letters all begin; 0 if one of them is nothing more."""
    return next((place for place, letters in enumerate(zip(*names, strict=False)) if len(set(letters)) > 1), 0)


def _cut(name: str, alike: int, length: int) -> str:
    if len(name) > length and alike > 1:
        name = f"…{name[min(alike, len(name) - length + 1) :].lstrip()}"
    end = length // 2
    return name if len(name) <= length else f"{name[: length - 1 - end]}…{name[-end:]}"


def class_label(index: int, names: Sequence[str], length: int = 20) -> str:
    """The name of a class; its number where it has no name, or one in a script of which no font is installed."""
    name = shorten(names[index], length) if index < len(names) else ""
    return name if name.strip() and all(ord(c) in _characters() for c in name) else f"class {index}"


def class_colors(count: int) -> np.ndarray:
    """The color of each class, RGBA [count, 4]; those of the first ten are the same in every figure."""
    first = to_rgba_array(PALETTE)
    if count <= 10:
        return first[:count]
    if count <= 20:
        return np.concatenate([first, first * [0.55, 0.55, 0.55, 1]])[:count]
    return colormaps["viridis"](np.linspace(0, 1, count))


MAX_NAMES = 25
"""Maximum number of names in a legend of classes; of more classes, evenly spaced ones are named."""


def class_legend(figure: Figure, names: Sequence[str]) -> Legend:
    """A legend of the classes, to the right of a figure."""
    named = range(0, len(names), -(-len(names) // MAX_NAMES))
    colors = class_colors(len(names))
    dots = [
        Line2D([], [], marker="o", linestyle="", markersize=5, color=colors[index], label=class_label(index, names))
        for index in named
    ]
    with _parameters():
        return figure.legend(handles=dots, loc="outside right center", frameon=False, handletextpad=0.2)
