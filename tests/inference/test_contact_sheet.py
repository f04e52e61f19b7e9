"""The contact sheet of restored images."""

import numpy as np
import pytest
from PIL import Image

from aeexp.inference.contact_sheet import SIDE, contact_sheet, thumbnail
from tests.support.figures import HARD_NAMES


def sheet(*names: str, size: int = 2) -> np.ndarray:
    black = thumbnail(Image.new("L", (12, 12)))
    return np.asarray(contact_sheet([[black] * size for _ in names], names))


@pytest.mark.parametrize("size", [2, 3])
def test_thumbnails_are_whole_and_nothing_touches_the_edge(size):
    pixels = sheet(*"abcde", size=size)
    assert (pixels == 0).all(axis=-1).sum() >= 5 * size * SIDE**2
    edges = (pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:])
    assert all((edge == 255).all() for edge in edges)


def test_names_stand_above_their_images():
    named, unnamed = sheet("photo.png"), sheet("")
    changed = np.flatnonzero((named != unnamed).any(axis=(1, 2)))
    assert len(changed) > 0
    assert changed.max() < 30  # above the thumbnail


def test_a_long_name_stays_above_its_own_group():
    pixels, alone = sheet("a" * 400, ""), sheet("", "")
    changed = np.flatnonzero((pixels != alone).any(axis=(0, 2)))
    assert len(changed) > 0
    assert changed.max() <= 2 * SIDE + 20


@pytest.mark.parametrize("name", HARD_NAMES)
def test_any_name_can_be_written(name):
    assert sheet(name).shape == sheet("a").shape
