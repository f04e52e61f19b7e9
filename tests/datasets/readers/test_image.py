import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from aeexp.datasets.readers.image import read_image
from tests.support.genuine_files import pictures

LIMIT = 10_000_000
RED, GREEN, GREY = (255, 0, 0), (0, 255, 0), (128, 128, 128)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "Bild mit Umlaut ä 日本.png"


def flat(mode: str, value, size=(8, 6)) -> Image.Image:
    return Image.new(mode, size, value)


def read(path, *shape):
    return read_image(path, shape, LIMIT).pixels


@pytest.mark.parametrize("channels", [1, 3])
def test_an_image_of_the_right_size_is_unchanged(path, channels):
    pixels = pictures(1, 12, 9, channels)[0]
    Image.fromarray(pixels[..., 0] if channels == 1 else pixels).save(path)
    np.testing.assert_array_equal(read(path, 12, 9, channels), pixels)


def test_color_becomes_gray_by_its_luma(path):
    flat("RGB", RED).save(path)
    assert read(path, 6, 8, 1).ravel().tolist() == [round(0.299 * 255)] * 48


def test_gray_becomes_color(path):
    flat("L", 77).save(path)
    assert read(path, 6, 8, 3).ravel().tolist() == [77] * 144


@pytest.mark.parametrize("size", [(90, 30), (30, 90)])
def test_is_cropped_around_the_center(path, size):
    """Only the green middle third is left."""
    image = flat("RGB", RED, size)
    image.paste(GREEN, (30, 0, 60, 30) if size[0] == 90 else (0, 30, 30, 60))
    image.save(path)
    assert (read(path, 30, 30, 3) == GREEN).all()


def test_scaling_down_averages(path):
    """A fine checkerboard becomes uniform gray, not a coarse checkerboard."""
    Image.fromarray(np.uint8(255 * (np.indices((64, 64)).sum(axis=0) % 2))).save(path)
    assert np.abs(read(path, 8, 8, 1).astype(int) - 128).max() <= 2


@pytest.mark.parametrize("shape", [(28, 28, 1), (5, 9, 3)])
def test_a_single_pixel_fills_the_image(path, shape):
    flat("L", 200, (1, 1)).save(path)
    assert (read(path, *shape) == 200).all()


def test_exif_orientation_turns_it_upright(path):
    """Orientation 6: the camera was turned, so that the stored left side is the upper one."""
    image = flat("RGB", RED, (40, 20))
    image.paste(GREEN, (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(path, exif=exif)
    upright = read(path, 40, 20, 3)
    assert (upright[:19] == GREEN).all()
    assert (upright[21:] == RED).all()


def test_sixteen_bits_are_scaled_not_clipped(path):
    values = np.array([[0, 256, 257, 32768, 65535]], np.uint16)
    Image.fromarray(values).save(path)
    assert read(path, 1, 5, 1).ravel().tolist() == [0, 1, 1, 128, 255]


@pytest.mark.parametrize("suffix", [".pgm", ".tif"])
def test_sixteen_bits_in_other_formats(tmp_path, suffix):
    path = tmp_path / f"deep{suffix}"
    Image.fromarray(np.full((4, 4), 32768, np.uint16)).save(path)
    assert (read(path, 4, 4, 1) == 128).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_pixels_become_white(path, mode):
    image = Image.new("RGBA", (8, 6), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 4, 6))
    image.convert(mode).save(path)
    image = read(path, 6, 8, 3)
    assert (image[:, :4] == 0).all()
    assert (image[:, 4:] == 255).all()


def test_half_transparent_pixels_are_mixed(path):
    flat("RGBA", (0, 0, 0, 64)).save(path)
    assert np.abs(read(path, 6, 8, 1).astype(int) - 191).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_modes_of_opaque_images(path, mode):
    flat("RGB", (255, 255, 255)).convert(mode).save(path)
    assert (read(path, 6, 8, 3) == 255).all()
    assert (read(path, 6, 8, 1) == 255).all()


def test_cmyk_jpeg(tmp_path):
    flat("RGB", RED).convert("CMYK").save(tmp_path / "print.jpg", quality=95)
    assert np.abs(read(tmp_path / "print.jpg", 6, 8, 3).astype(int) - RED).max() < 10
    assert np.abs(read(tmp_path / "print.jpg", 6, 8, 1).astype(int) - 76).max() < 10


def test_first_frame_of_an_animation(tmp_path):
    frames = [flat("RGB", color) for color in (GREEN, RED)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert (read(tmp_path / "moving.gif", 6, 8, 3) == GREEN).all()


def test_a_large_jpeg_is_the_same_as_decoded_in_full(tmp_path):
    """Decoding at a fraction of the size, as is done for speed, must not be visible."""
    ramp = np.linspace(0, 255, 800).astype(np.uint8)
    Image.fromarray(np.stack([np.tile(ramp, (600, 1))] * 3, axis=2)).save(tmp_path / "photo.jpg", quality=95)
    with Image.open(tmp_path / "photo.jpg") as photo:
        expected = np.asarray(photo.resize((40, 30), Image.Resampling.LANCZOS))
    assert np.abs(read(tmp_path / "photo.jpg", 30, 40, 3).astype(int) - expected).max() <= 3


def test_too_many_pixels_are_refused_before_they_are_decoded(path):
    flat("L", 0, (200, 100)).save(path)
    with pytest.raises(ValueError, match="200×100 pixels are more than max_pixels=19999"):
        read_image(path, (6, 8, 1), 19_999)
    assert read_image(path, (6, 8, 1), 20_000).pixels.shape == (6, 8, 1)


def test_a_header_that_claims_a_giant_is_refused(path):
    """A file of a few bytes that would fill 2.5 GB."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    with pytest.raises(Image.DecompressionBombError):
        read(path, 28, 28, 1)


def test_a_disguised_program_is_not_started(path):
    """Pillow would hand PostScript to Ghostscript, whatever the file is called."""
    file = io.BytesIO()
    flat("RGB", RED).save(file, "EPS")
    path.write_bytes(file.getvalue())
    with pytest.raises(ValueError, match="no image of a format among BMP"):
        read(path, 6, 8, 3)
