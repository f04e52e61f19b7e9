import logging
import os

import numpy as np
import pytest
from PIL import Image

from aeexp.datasets.readers import image_cache
from aeexp.datasets.readers.image_cache import read_images
from tests.support.genuine_files import pictures

PIXELS = pictures(12, 5, 4, 3)


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / f"{place}.png" for place in range(12)]
    for path, pixels in zip(paths, PIXELS, strict=True):
        Image.fromarray(pixels).save(path)
    return paths


@pytest.fixture
def read(files, tmp_path):
    return lambda shape=(5, 4, 3): read_images(files, list(shape), 1000, tmp_path / "cache" / "all.npz")


@pytest.fixture
def decoded(monkeypatch):
    """The files that were decoded, not loaded from the cache."""
    names = []

    def spy(path, *others):
        names.append(path.name)
        return original(path, *others)

    original = image_cache.read_image
    monkeypatch.setattr(image_cache, "read_image", spy)
    return names


def test_keeps_the_order_of_the_files(read):
    np.testing.assert_array_equal(read().images, PIXELS)
    assert read().readable.tolist() == list(range(12))


def test_decodes_once(read, decoded):
    first = read()
    decoded.clear()
    np.testing.assert_array_equal(read().images, first.images)
    assert decoded == []


@pytest.mark.parametrize("change", ["content", "time", "shape", "cache"])
def test_decodes_again_what_has_changed(read, files, decoded, tmp_path, change):
    read()
    decoded.clear()
    shape = (5, 4, 3)
    if change == "content":
        Image.fromarray(pictures(1, 9, 9, 3)[0]).save(files[3])
    elif change == "time":
        os.utime(files[3], ns=(0, 12345))
    elif change == "shape":
        shape = (4, 4, 1)
    else:
        (tmp_path / "cache" / "all.npz").write_bytes(b"PK damaged")
    assert read(shape).images.shape[1:] == shape
    assert len(decoded) == 12


def test_leaves_only_the_cache_file_behind(read, tmp_path):
    read()
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["all.npz"]


@pytest.mark.parametrize("damage", [b"", b"no picture at all", "cut short", "one bit"])
def test_names_what_it_cannot_read(read, files, caplog, damage):
    content = bytearray(files[7].read_bytes())
    content[50] ^= 1
    files[7].write_bytes({"cut short": content[:60], "one bit": content}.get(damage, damage))
    for _ in ("decoded", "recalled"):
        with caplog.at_level(logging.WARNING):
            result = read()
        np.testing.assert_array_equal(result.images, np.delete(PIXELS, 7, axis=0))
        assert result.readable.tolist() == [0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11]
        assert "1 image cannot be read and is skipped" in caplog.text
        assert "7.png" in caplog.text
        caplog.clear()


def test_names_only_a_few_of_many(read, files, caplog):
    for file in files[:9]:
        file.write_bytes(b"")
    with caplog.at_level(logging.WARNING):
        assert len(read().images) == 3
    assert "9 images cannot be read and are skipped" in caplog.text
    assert "4.png" in caplog.text
    assert "8.png" not in caplog.text


def test_works_without_a_writable_cache(read, tmp_path, caplog):
    (tmp_path / "cache").write_text("a file in place of the folder")
    with caplog.at_level(logging.WARNING):
        np.testing.assert_array_equal(read().images, PIXELS)
    assert "cannot be cached" in caplog.text
