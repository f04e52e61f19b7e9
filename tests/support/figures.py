"""What a figure must keep to, to be looked at."""

from matplotlib.figure import Figure

HARD_NAMES = (
    *("$x^", "$a$ $b_", "a_b^c{d}", "\\frac{", "$\\frac$", "[red]", "[/]", "<b>&amp;", "%s %", "#1", 'it\'s "so"'),
    *(
        "two\nlines",
        "tab\tbed",
        "nul\0",
        "not UTF-8 \udcff",
        "שלום",
        "مرحبا",
        "\u202eright to left",
        "中文",
        "🙂",
        "",
        " ",
    ),
)
"""Names that break what takes them for math, markup, patterns or lines."""


def check_nothing_is_cut_off(figure: Figure) -> None:
    """Neither words nor pictures reach beyond the edge."""
    figure.draw_without_rendering()
    drawn = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert min(drawn.x0, drawn.y0) > -0.02
    assert drawn.x1 < width + 0.02
    assert drawn.y1 < height + 0.02
