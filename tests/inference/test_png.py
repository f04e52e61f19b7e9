"""PNG files written in bands."""

import itertools

import numpy as np
import pytest
from PIL import Image, ImageCms

from aeexp.inference.png import PngWriter
from tests.support.genuine_files import pictures


def written(path, pixels: np.ndarray, bits: int = 8, band: int = 7, **options) -> Image.Image:
    with PngWriter(path, pixels.shape, bits, **options) as file:
        for top in range(0, len(pixels), band):
            file.write(pixels[top : top + band])
    return Image.open(path)


@pytest.mark.parametrize(("channels", "band"), [*itertools.product((1, 2, 3, 4), (1, 7, 100))])
@pytest.mark.parametrize("kind", ["noise", "smooth", "flat"])
def test_pillow_reads_the_same_pixels(tmp_path, channels, band, kind):
    """Noise, a gradient and a flat image choose different filters."""
    pixels = pictures(1, 33, 20, channels)[0]
    if kind != "noise":
        pixels = np.indices(pixels.shape).sum(axis=0).astype(np.uint8) * (kind == "smooth")
    image = written(tmp_path / "a.png", pixels, band=band)
    assert image.mode == {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[channels]
    np.testing.assert_array_equal(np.asarray(image).reshape(pixels.shape), pixels)


def test_sixteen_bits(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 65536, (33, 20, 1)).astype(np.uint16)
    image = written(tmp_path / "a.png", pixels, 16)
    assert image.mode.startswith("I")
    np.testing.assert_array_equal(np.asarray(image), pixels[..., 0])
    color = written(tmp_path / "b.png", pixels.repeat(3, axis=2), 16)
    assert (color.mode, color.tile[0][3]) == ("RGB", "RGB;16B")
    np.testing.assert_array_equal(np.asarray(color)[..., 0], pixels[..., 0] >> 8)


def test_profile_and_resolution(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = written(tmp_path / "a.png", pictures(1, 5, 4, 3)[0], icc_profile=profile, dpi=(300.0, 72.0))
    assert image.info["icc_profile"] == profile
    assert image.info["dpi"] == pytest.approx((300, 72), abs=0.1)


def test_is_about_as_small_as_pillow_writes_it(tmp_path):
    """The filters are those that Pillow would choose."""
    ramp = np.add.outer(np.arange(200), np.arange(300)) // 3 % 256
    pixels = np.stack([ramp, ramp[::-1], ramp // 2], axis=2).astype(np.uint8)
    written(tmp_path / "a.png", pixels)
    Image.fromarray(pixels).save(tmp_path / "b.png")
    assert (tmp_path / "a.png").stat().st_size < 1.2 * (tmp_path / "b.png").stat().st_size
