"""Which images `aeexp predict` restores, and what the results are called."""

import os
from pathlib import Path

import pytest
from PIL import Image

from aeexp.errors import DataError, OutputError
from aeexp.inference.contact_sheet import save_sheet
from aeexp.inference.files import find_images, png_names
from tests.support.genuine_files import write_pictures


@pytest.fixture
def photos(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_pictures(tmp_path / "photos", 3)
    write_pictures(tmp_path / "photos" / "more", 2, seed=1)
    return tmp_path / "photos"


def found(images: object, root: Path | str = ".") -> list[str]:
    return [os.path.relpath(file, root) for file in find_images(str(images), Path("nowhere"))]


@pytest.mark.parametrize("name", ["a [2020]", "[a-z]", "what?", "st*r", "[", "a]b"])
def test_a_name_with_signs_of_patterns_is_taken_literally(photos, name):
    write_pictures(photos / name, 2)
    for images in (f"photos/{name}", f"photos/{name}/*.png", f"photos/{name}/**", f"{photos}/{name}/?.png"):
        assert len(found(images)) == 2, images
    assert len(found(f"photos/{name}/1.png")) == 1
    assert len(found(f"*/{name}/*.png")) >= 2


def test_patterns(photos):
    assert found("photos/*.png") == ["photos/0.png", "photos/1.png", "photos/2.png"]
    assert found("photos/[02].png") == ["photos/0.png", "photos/2.png"]
    assert found("**/1.png") == ["photos/1.png", "photos/more/1.png"]
    assert found("**/more/**/*.png") == ["photos/more/0.png", "photos/more/1.png"]
    assert len(found("**")) == len(found("photos/**/*")) == len(found(photos.parent, photos.parent)) == 5


def test_loops_give_each_picture_once(photos):
    for name in ("loop", "again", "more/up"):
        (photos / name).symlink_to(photos)
    for images in ("photos", "photos/**/*.png", "photos/**", "**/*.png"):
        assert len(found(images)) == 5, images


@pytest.mark.parametrize("images", ["photos", "photos/**", "photos/**/*.png", "**/*"])
def test_hidden_files_are_left_out(photos, images):
    """As a data set leaves them out."""
    write_pictures(photos / ".ipynb_checkpoints", 2)
    (photos / "._0.png").write_bytes(b"what macOS leaves in archives")
    assert len(found(images)) == 5


def test_a_contact_sheet_is_none_of_the_images(photos):
    """One's own picture of that name is."""
    save_sheet(Image.new("RGB", (5, 5)), photos / "more" / "contact_sheet.png")
    Image.new("L", (5, 5)).save(photos / "contact_sheet.png")
    for images in ("photos", "photos/**/*.png"):
        assert len(found(images)) == 6, images
    assert found("photos/more") == ["photos/more/0.png", "photos/more/1.png"]


def test_a_hidden_folder_can_be_asked_for(photos):
    write_pictures(photos / ".hidden", 2)
    assert len(found("photos/.hidden")) == len(found("photos/.hidden/*.png")) == 2


def test_error_names_what_was_asked_for(photos):
    with pytest.raises(DataError, match=r"Received 'photos/\*\.webp'"):
        find_images("photos/*.webp", Path("nowhere"))


@pytest.mark.parametrize("images", ["photos", "photos/*.png"])
def test_the_folder_of_the_images_is_none_for_the_results(photos, images):
    with pytest.raises(OutputError, match=r"output: it must be another folder .* output=photos and images=photos"):
        find_images(images, Path("photos"))


@pytest.mark.parametrize(
    ("names", "results"),
    [
        (["same.jpg", "same.png"], ["same_jpg.png", "same.png"]),
        (["same.bmp", "same.jpg"], ["same.png", "same_jpg.png"]),
        (["A.gif", "a.png", "b.tiff"], ["A_gif.png", "a.png", "b.png"]),
        (["a.jpg", "a.png", "a_jpg.png"], ["a_jpg-2.png", "a.png", "a_jpg.png"]),
        (["contact_sheet.png"], ["contact_sheet_png.png"]),
        (["x/a.png", "y/a.png"], ["x/a.png", "y/a.png"]),
    ],
)
def test_results_have_names_of_their_own(names, results):
    assert [str(name) for name in png_names([Path(name) for name in names])] == results
