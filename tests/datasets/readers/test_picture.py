"""Pictures as files store them: orientation, depth, transparency, profile, resolution."""

import numpy as np
import pytest
from PIL import Image, ImageCms

from aeexp.datasets.readers.picture import Picture, open_picture
from tests.support.genuine_files import pictures

GRAY, COLOR, CLEAR = pictures(1, 20, 31)[0], pictures(1, 20, 31, 3)[0], pictures(1, 20, 31, 4)[0]
DEEP = np.random.default_rng(0).integers(0, 65536, (20, 31)).astype(np.uint16)
UPRIGHT = {
    1: lambda stored: stored,
    2: lambda stored: stored[:, ::-1],
    3: lambda stored: stored[::-1, ::-1],
    4: lambda stored: stored[::-1],
    5: lambda stored: np.swapaxes(stored, 0, 1),
    6: lambda stored: np.rot90(stored, -1),
    7: lambda stored: np.swapaxes(stored[::-1, ::-1], 0, 1),
    8: lambda stored: np.rot90(stored),
}
"""How each EXIF orientation is turned upright."""


def content(picture: Picture) -> np.ndarray:
    pixels = np.asarray(picture.pixels)
    return pixels if picture.alpha is None else np.dstack([pixels, np.asarray(picture.alpha)])


@pytest.fixture
def opened(tmp_path):
    def save_and_open(image: Image.Image | np.ndarray, suffix: str, **options) -> Picture:
        path = tmp_path / f"picture{suffix}"
        (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(path, **options)
        return open_picture(path, 10_000)

    return save_and_open


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate"])
@pytest.mark.parametrize("stored", [GRAY, COLOR, CLEAR], ids=["gray", "color", "clear"])
def test_orientation_of_tiff(opened, stored, compression, orientation):
    picture = opened(stored, ".tif", tiffinfo={274: orientation}, compression=compression)
    np.testing.assert_array_equal(content(picture), UPRIGHT[orientation](stored))


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
def test_orientation(opened, suffix, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = opened(COLOR, suffix, exif=exif, **({"lossless": True} if suffix == ".webp" else {}))
    np.testing.assert_array_equal(content(picture), UPRIGHT[orientation](COLOR))
    assert picture.lost == ()


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("suffix", [".png", ".tif", ".pgm"])
def test_sixteen_bits_are_kept(opened, suffix, orientation):
    options = {".tif": {"tiffinfo": {274: orientation}}}.get(suffix, {})
    picture = opened(DEEP, suffix, **options)
    upright = UPRIGHT[orientation](DEEP) if options else DEEP
    np.testing.assert_array_equal(np.rint(65535 * content(picture)), upright)
    assert (picture.pixels.mode, picture.assumed) == ("F", ())


@pytest.mark.parametrize("bits", [8, 10, 12, 14])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_fewer_bits_in_sixteen(opened, suffix, bits):
    picture = opened(DEEP >> (16 - bits), suffix)
    np.testing.assert_allclose(content(picture), (DEEP >> (16 - bits)) / (2**bits - 1), atol=1e-6)
    assert picture.assumed == (f"no value is above {2**bits - 1}: taken for {bits} bits in 16",)


def test_black_is_black(opened):
    picture = opened(np.zeros((4, 5), np.uint16), ".png")
    assert not content(picture).any()
    assert picture.assumed == ()


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_other_numbers_are_scaled_from_their_own_range(opened, dtype):
    values = np.array([[-1000, 0, 1000, 3000]]).astype(dtype)
    picture = opened(values, ".tif")
    np.testing.assert_allclose(content(picture), [[0, 0.25, 0.5, 1]], atol=1e-6)
    assert "their smallest is taken for black" in picture.assumed[0]


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
@pytest.mark.parametrize("tags", [(280, 281), (340, 341)])
def test_a_stated_range_is_used(opened, dtype, tags):
    picture = opened(np.array([[0, 1000, 2000]]).astype(dtype), ".tif", tiffinfo={tags[0]: 0, tags[1]: 4000})
    np.testing.assert_allclose(content(picture), [[0, 0.25, 0.5]], atol=1e-6)
    assert picture.assumed == ()


def test_white_may_be_zero(opened):
    picture = opened(DEEP, ".tif", tiffinfo={262: 0})
    np.testing.assert_array_equal(np.rint(65535 * content(picture)), 65535 - DEEP)


@pytest.mark.parametrize(
    ("values", "expected", "note"),
    [([0, 0.25, 1], [0, 0.25, 1], None), ([0.5, 0.5], [0.5, 0.5], None), ([-0.1, 0.5, 1.2], [0, 0.5, 1], "clipped")],
)
def test_floats_in_the_unit_range(opened, values, expected, note):
    picture = opened(np.array([values], np.float32), ".tif")
    np.testing.assert_allclose(content(picture), [expected], atol=1e-6)
    assert (note is None) == (picture.assumed == ())


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_refuses_what_is_no_number(opened, wrong):
    with pytest.raises(ValueError, match="not all finite numbers"):
        opened(np.array([[0.5, wrong]], np.float32), ".tif")


@pytest.mark.parametrize(
    ("mode", "suffix", "pixels"),
    [
        ("RGBA", ".png", "RGB"),
        ("LA", ".png", "L"),
        ("PA", ".tif", "RGB"),
        ("P", ".png", "RGB"),
        ("RGBA", ".gif", "RGB"),
        ("RGBA", ".webp", "RGB"),
    ],
)
def test_transparency_is_kept(opened, mode, suffix, pixels):
    image = Image.new("RGBA", (8, 6), (90, 90, 90, 255))
    image.paste((0, 0, 0, 0), (0, 0, 4, 6))
    stored = image.quantize() if mode == "P" else image.convert(mode)
    picture = opened(stored, suffix, **({"lossless": True} if suffix == ".webp" else {}))
    assert picture.pixels.mode == pixels
    assert np.asarray(picture.alpha).tolist() == [[0] * 4 + [255] * 4] * 6
    assert np.asarray(picture.pixels)[0, 5].tolist() in (90, [90] * 3)


@pytest.mark.parametrize("stored", [GRAY, COLOR, DEEP], ids=["gray", "color", "deep"])
def test_one_transparent_color(opened, stored):
    corner = stored[0, 0].tolist()
    picture = opened(stored, ".png", transparency=tuple(corner) if stored.ndim == 3 else corner)
    same = stored == stored[0, 0] if stored.ndim == 2 else (stored == stored[0, 0]).all(axis=2)
    np.testing.assert_array_equal(np.asarray(picture.alpha) == 0, same)
    assert picture.pixels.mode == {"uint16": "F"}.get(str(stored.dtype), "L" if stored.ndim == 2 else "RGB")


def test_profile_and_resolution(opened):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = opened(COLOR, ".png", icc_profile=profile, dpi=(300, 150))
    assert picture.icc_profile == profile
    assert picture.dpi == pytest.approx((300, 150), abs=0.1)


@pytest.mark.parametrize("suffix", [".gif", ".tif", ".png", ".webp"])
def test_further_frames_are_named(opened, suffix):
    frames = [Image.fromarray(pixels) for pixels in pictures(3, 8, 9)]
    picture = opened(frames[0], suffix, save_all=True, append_images=frames[1:])
    assert picture.assumed == ("of its pages or frames only the first is used",)


def test_what_is_lost_is_named(opened, tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    assert opened(COLOR, ".jpg", exif=exif).lost == ("its EXIF and XMP data are not kept",)
    rows = b"".join(row.astype(">u2").tobytes() for row in 257 * COLOR.astype(np.uint16))
    (tmp_path / "deep.ppm").write_bytes(b"P6 31 20 65535\n" + rows)
    picture = open_picture(tmp_path / "deep.ppm", 10_000)
    np.testing.assert_array_equal(content(picture), COLOR)
    assert picture.lost == ("its 16 bits per channel are read as 8, as Pillow has no deeper color",)
