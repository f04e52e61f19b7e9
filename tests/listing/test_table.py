"""Text tables: no text breaks a line, and no line is wider than it may be."""

import pytest
from rich.cells import cell_len

from aeexp.listing.table import EMPTY, TextColumn, plain, terminal_width, text_table

NASTY = [
    *("a [bold]b[/bold] [downscale,noise]", "two\nlines\r\n", "a\ttab", "\x1b[31mred\x1b[0m", "bell\a", ""),
    *(
        "雪の結晶" * 8,
        "👩‍👩‍👧 family",
        "שלום [x]",
        "مرحبا 12",
        "\u202egnp.exe",
        "zero\u200bwidth",
        "\ud800",
        "e\u0301" * 9,
    ),
    *("$x_1$ & <b> %d {0} \\", "   ", "'quotes\"", "x" * 500),
]
COLUMNS = [
    *(
        TextColumn("id"),
        TextColumn("name", least=8, is_name=True),
        TextColumn("data", rank=2),
        TextColumn("age", rank=1),
    ),
    TextColumn("loss", is_number=True),
]


@pytest.mark.parametrize("width", [30, 40, 80, 100, 200])
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_breaks_a_table(text, width):
    rows = [["11111111", "first", "mnist", "3 min", "0.5"], ["22222222", text, "shapes", "2 h", "12.25"]]
    lines, _ = text_table(COLUMNS, rows, width)
    assert len(lines) == 3
    assert all(cell_len(line) <= width for line in lines)
    assert len({len(line.splitlines()) for line in lines}) == 1
    assert lines[2].startswith("22222222  ")
    if "loss" in lines[0]:
        assert len(set(map(cell_len, lines))) == 1


def test_brackets_and_words_stay():
    lines, _ = text_table([TextColumn("name")], [["[bold]x[/bold] corruption=[downscale,noise]"]], None)
    assert lines[1] == "[bold]x[/bold] corruption=[downscale,no…"


def test_each_line_has_every_column():
    lines, _ = text_table(COLUMNS, [["1", "", "mnist", "", "0.5"]], None)
    assert [line.split() for line in lines] == [
        ["id", "name", "data", "age", "loss"],
        ["1", EMPTY, "mnist", EMPTY, "0.5"],
    ]


def test_columns_of_a_high_rank_give_way_first_and_those_that_say_nothing_before():
    rows = [["11111111", "first", "mnist", "3 min", "0.5"], ["22222222", "second", "shapes", "3 min", "0.25"]]
    left_out = [text_table(COLUMNS, rows, width)[1] for width in (100, 40, 30, 20)]
    assert left_out == [[], [], ["age"], ["age", "data", "loss"]]
    rows[1][3] = "2 h"
    assert text_table(COLUMNS, rows, 30)[1] == ["data"]


ALIKE = [f"photo_denoiser_of_a_large_kernel_{end}" for end in ("a", "b")]
ALIKE_IN_THE_MIDDLE = ["noise.std=0.1 latent_dim=16 seed=0", "noise.std=0.1 latent_dim=4 seed=0"]


@pytest.mark.parametrize("names", [ALIKE, ALIKE_IN_THE_MIDDLE, ["雪の結晶" * 6 + "a", "雪の結晶" * 6 + "b"]])
@pytest.mark.parametrize("width", [24, 30, 40, 80])
def test_names_that_begin_alike_stay_different_and_another_column_gives_way(names, width):
    columns = [TextColumn("name", least=6, is_name=True), TextColumn("state", rank=1), TextColumn("age", least=6)]
    lines, _ = text_table(columns, [[name, "finished", "3 minutes"] for name in names], width)
    assert all(cell_len(line) <= width for line in lines)
    assert lines[1] != lines[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\n b", "a b"),
        ("", "-"),
        ("\x1b[1m", "�[1m"),
        ("👩\u200d👧", "👩👧"),
        ("a\u202eb", "a�b"),
        ("naïve 雪", "naïve 雪"),
        ("[a,b]", "[a,b]"),
    ],
)
def test_a_text_in_one_line(text, shown):
    assert plain(text) == shown


def test_the_width_is_that_of_columns_where_it_is_set(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert terminal_width() == 80
    monkeypatch.delenv("COLUMNS")
    assert terminal_width() is None
