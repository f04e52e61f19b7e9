"""Names with any characters in figures, and files that are the same each time."""

import io
import logging
import warnings

import matplotlib
import numpy as np
import pytest

from aeexp.reports.style import Figure, class_colors, class_label, class_legend, plain, shorten, shorten_names
from tests.support.figures import HARD_NAMES


def drawn(file_format: str) -> bytes:
    figure = Figure(6, 5, HARD_NAMES[0], " ".join(HARD_NAMES))
    axes = figure.subplots()
    axes.plot([1, 100], [1, 1000], label=plain(HARD_NAMES[1]))
    axes.set(xscale="log", xlabel=plain(HARD_NAMES[11]), title=plain(HARD_NAMES[3]))
    axes.set_yticks(np.arange(len(HARD_NAMES)), [shorten(name, 10) for name in HARD_NAMES])
    class_legend(figure, HARD_NAMES)
    file = io.BytesIO()
    figure.savefig(file, format=file_format)
    return file.getvalue()


@pytest.mark.parametrize("file_format", ["png", "pdf", "svg"])
def test_any_name_can_be_drawn_without_a_word_and_gives_the_same_file(file_format, caplog):
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        assert drawn(file_format) == drawn(file_format)
    assert not caplog.text


def test_names_are_written_as_they_are():
    text = drawn("svg").decode()
    assert ">a_b^c{d}<" in text
    assert ">$a$ $b_<" in text
    assert ">two lines<" in text
    assert ">100<" in text  # and not as a power of ten in math


def test_ticks_that_are_made_late_are_no_math_either():
    figure = Figure(3, 3)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1])
    axes.yaxis.set_major_formatter(lambda value, _: "$x^")
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    assert b">$x^<" in file.getvalue()


def test_settings_of_matplotlib_stay_as_they_were():
    before, backend = dict(matplotlib.rcParams), matplotlib.get_backend(auto_select=False)
    drawn("png")
    assert dict(matplotlib.rcParams) == before
    assert matplotlib.get_backend(auto_select=False) == backend


def test_text_is_on_one_line_and_without_what_no_font_can_set():
    assert plain("a\nb\tc\0d") == "a b cd"
    assert plain("\udcff") == "\ufffd"
    assert plain("\u202eabc") == "abc"
    assert shorten("a\nvery long name", 8) == "a very …"


def test_a_class_without_a_name_that_can_be_drawn_goes_by_its_number(monkeypatch):
    monkeypatch.setattr("aeexp.reports.style._characters", lambda: frozenset(range(128)))
    assert [class_label(index, ("bag", "中文", "", " ")) for index in range(5)] == [
        *("bag", "class 1", "class 2", "class 3", "class 4")
    ]


@pytest.mark.parametrize("count", [2, 10, 15, 100])
def test_every_class_has_a_distinct_color(count):
    assert len(np.unique(class_colors(count), axis=0)) == count


def test_the_color_of_a_class_does_not_depend_on_the_number_of_classes():
    np.testing.assert_array_equal(class_colors(3), class_colors(10)[:3])


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([], []),
        (["a.png", "b.jpg"], ["a.png", "b.jpg"]),
        (["holiday_0012.png", "holiday_0013.png"], ["…liday_0012", "…liday_0013"]),
        (["2024-07-12_holiday.png", "2024-07-13_holiday.png"], ["2024-07-12…", "2024-07-13…"]),
        (["a quite long name.png"], ["a qui… name"]),
        (["same and long.png"] * 2, ["same … long"] * 2),
        (["one long name.png", "another, also long.png"], ["one l… name", "anoth… long"]),
        ([".hidden_long_name", "$x^2_long_name_$y"], [".hidd…_name", "$x^2_…me_$y"]),
    ],
)
def test_names_of_files_are_cut_where_they_are_alike(names, shown):
    found = shorten_names(names, 11)
    assert all(len(each) <= 11 for each in found)
    assert found == shown
