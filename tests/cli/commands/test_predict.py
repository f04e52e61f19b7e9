"""`aeexp predict` on images of every kind."""

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.support.command_line import Ended
from tests.support.genuine_files import pictures
from tests.support.stores import recorded
from tests.support.trainings import DENOISER, NOISY_AND_VARIATIONAL, TINY

DOUBLING = ("model=residual", "corruption=downscale", "dataset=shapes", "dataset.image_shape=[8,8,3]")
TRAININGS = {
    "conv": NOISY_AND_VARIATIONAL,
    "dense": (DENOISER,),
    "double": (("train", *TINY, "report=none", "baseline=none", "tracking.log_model=false", *DOUBLING),),
}
"""Of a fully convolutional network, a dense one, and one that doubles the resolution of color images: first runs."""


@pytest.fixture
def predict(aeexp, trained_stores):
    """Predicts with the first run of one of the trainings."""

    def predict_with(name: str, *words: str) -> Ended:
        runs = trained_stores.after(*TRAININGS[name])
        run = recorded(runs)[0]
        return aeexp("predict", f"run={run.info.run_id}", f"tracking.folder={runs}", *words)

    return predict_with


@pytest.fixture
def photos(tmp_path) -> Path:
    """Gray and color, large and small, in a folder with a name that shells and Hydra do not like."""
    folder = tmp_path / "meine Bilder (ä, 日本)"
    (folder / "more").mkdir(parents=True)
    Image.fromarray(pictures(1, 40, 51, 3)[0]).save(folder / "color.png")
    Image.fromarray(pictures(1, 17, 33)[0]).save(folder / "gray.tif")
    Image.fromarray(pictures(1, 28, 28)[0]).save(folder / "more" / "gray.png")
    return folder


def sizes(folder: Path) -> dict[str, tuple]:
    found = {}
    for path in sorted(folder.rglob("*.png")):
        with Image.open(path) as picture:
            picture.load()
            found[str(path.relative_to(folder))] = (picture.size, picture.mode)
    return found


def test_images_keep_their_size_and_color(predict, photos, tmp_path):
    ended = predict("conv", f"images={photos}", f"output={tmp_path}/out put")
    assert ended.code == 0, ended.err
    found = sizes(tmp_path / "out put")
    assert found.pop("contact_sheet.png")
    assert found == {
        "color.png": ((51, 40), "RGB"),
        "gray.png": ((33, 17), "L"),
        "more/gray.png": ((28, 28), "L"),
    }
    assert "3 of 3 images restored" in ended.out
    assert not list((tmp_path / "out put").rglob(".*"))


@pytest.mark.parametrize("words", ["color=gray", "colour=grey"])
def test_color_converted_to_gray(predict, photos, tmp_path, words):
    ended = predict("conv", f"images={photos}/color.png", f"output={tmp_path}/out", words)
    assert (ended.code, ended.err) == (0, "")
    assert sizes(tmp_path / "out")["color.png"] == ((51, 40), "L")


def test_channels_are_restored_separately(predict, tmp_path):
    """Red, green and blue of an image are restored as three gray images would be."""
    pixels = pictures(1, 30, 31, 3)[0]
    (tmp_path / "in").mkdir()
    Image.fromarray(pixels).save(tmp_path / "in" / "all.png")
    for channel in range(3):
        Image.fromarray(pixels[..., channel]).save(tmp_path / "in" / f"{channel}.png")
    assert predict("conv", f"images={tmp_path}/in", f"output={tmp_path}/out").code == 0
    restored = [np.asarray(Image.open(tmp_path / "out" / f"{name}.png")) for name in ("all", 0, 1, 2)]
    np.testing.assert_array_equal(restored[0], np.stack(restored[1:], axis=-1))


def test_images_are_fitted_to_a_network_of_a_single_size(predict, photos, tmp_path):
    ended = predict("dense", f"images={photos}", f"output={tmp_path}/out")
    assert "accepts only images of 28×28" in ended.out
    found = sizes(tmp_path / "out")
    assert {found[name][0] for name in ("color.png", "gray.png", "more/gray.png")} == {(28, 28)}


def test_super_resolution_enlarges(predict, photos, tmp_path):
    assert predict("double", f"images={photos}", f"output={tmp_path}/out").code == 0
    found = sizes(tmp_path / "out")
    assert (found["color.png"], found["gray.png"]) == (((102, 80), "RGB"), ((66, 34), "RGB"))


def test_corrupted_images_are_evaluated(predict, photos, tmp_path):
    ended = predict("double", f"images={photos}/*", f"output={tmp_path}/out", "corrupt=true")
    assert ended.code == 0, ended.err
    assert sizes(tmp_path / "out")["color.png"] == ((50, 40), "RGB")
    assert all(word in ended.out for word in ("psnr", "ssim", "mean", "color.png"))
    assert "input psnr" not in ended.out
    assert "input psnr" in predict("conv", f"images={photos}", f"output={tmp_path}/out", "corrupt=true").out


DEEP = np.random.default_rng(0).integers(0, 65536, (20, 31)).astype(np.uint16)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("run", ["conv", "dense", "double"])
def test_what_a_picture_has_is_kept(predict, tmp_path, run):
    """Transparency, bit depth, profile and resolution; what cannot be kept is named."""
    (tmp_path / "in").mkdir()
    clear = pictures(1, 20, 31, 4)[0]
    Image.fromarray(clear).save(tmp_path / "in" / "clear.png", icc_profile=PROFILE, dpi=(300, 300))
    Image.fromarray(clear[..., :2]).save(tmp_path / "in" / "clear gray.png")
    Image.fromarray(DEEP).save(tmp_path / "in" / "deep.png")
    Image.fromarray(DEEP >> 4).save(tmp_path / "in" / "twelve.tif", icc_profile=PROFILE)
    ended = predict(run, f"images={tmp_path}/in", f"output={tmp_path}/out")
    assert (ended.code, ended.err) == (0, "")
    gray, deep = ("RGB", "RGB;16B") if run == "double" else ("L", "I;16B")
    found = {name: Image.open(tmp_path / "out" / f"{name}.png") for name in ("clear", "clear gray", "deep", "twelve")}
    assert [image.mode for image in found.values()][:2] == ["RGBA", "RGBA" if gray == "RGB" else "LA"]
    assert [found[name].tile[0][3] for name in ("deep", "twelve")] == [deep, deep]
    assert found["clear"].info["icc_profile"] == PROFILE
    assert found["clear"].info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert "twelve.tif': no value is above 4095: taken for 12 bits in 16" in ended.out
    assert ("its color profile does not fit" in ended.out) == (run != "double")
    if run == "conv":
        np.testing.assert_array_equal(found["clear"].getchannel("A"), clear[..., 3])


def test_opaque_pixels_do_not_depend_on_transparency(predict, tmp_path):
    """Restored with and without alpha."""
    (tmp_path / "in").mkdir()
    clear = pictures(1, 20, 31, 4)[0]
    Image.fromarray(clear).save(tmp_path / "in" / "clear.png")
    Image.fromarray(clear[..., :3]).save(tmp_path / "in" / "opaque.png")
    assert predict("conv", f"images={tmp_path}/in", f"output={tmp_path}/out").code == 0
    restored = [np.asarray(Image.open(tmp_path / "out" / f"{name}.png")) for name in ("clear", "opaque")]
    np.testing.assert_array_equal(restored[0][..., :3], restored[1])


def test_sixteen_bits_are_restored_as_such(predict, tmp_path):
    """More levels than 8 bits have."""
    ramp = np.linspace(20_000, 40_000, 60 * 60).reshape(60, 60).astype(np.uint16)
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    assert predict("conv", f"images={tmp_path}/ramp.png", f"output={tmp_path}/out").code == 0
    assert len(np.unique(np.asarray(Image.open(tmp_path / "out" / "ramp.png")))) > 300


def test_gray_pictures_say_nothing_of_color(predict, photos, tmp_path):
    separately = "red, green and blue are restored separately"
    assert separately not in predict("conv", f"images={photos}/*/gray.png", f"output={tmp_path}/out").out
    assert (
        f"color.png': the network is grayscale; {separately}"
        in predict("conv", f"images={photos}", f"output={tmp_path}/out").out
    )


def test_large_pictures_are_not_corrupted(predict, photos, tmp_path, monkeypatch):
    monkeypatch.setattr("aeexp.inference.predictor.CORRUPTED_PIXELS", 1000)
    ended = predict("conv", f"images={photos}", f"output={tmp_path}/out", "corrupt=true")
    assert "2 of 3 images restored" in ended.out
    assert "51×40 pixels are more than the 1000 that can be corrupted and measured; crop it" in ended.err


def test_equal_names_are_made_unique(predict, tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.png", "a.bmp", "A.gif", "a.bmp.png", "contact_sheet.png"):
        Image.new("L", (5, 5), 9).save(tmp_path / "in" / name)
    assert predict("conv", f"images={tmp_path}/in", f"output={tmp_path}/out").code == 0
    names = [path.name.casefold() for path in (tmp_path / "out").iterdir()]
    assert len(set(names)) == len(names) == 6


def test_output_folder_within_the_input_folder(predict, photos):
    """The results of the first command are not inputs of the second."""
    for _ in range(2):
        assert "3 of 3" in predict("conv", f"images={photos}", f"output={photos}/restored").out


def claims_to_be_a_giant(path: Path) -> None:
    """Some bytes that would fill 2.5 GB."""
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


UNREADABLE = {
    "broken": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n and no more"),
    "empty": lambda path: path.touch(),
    "giant": claims_to_be_a_giant,
    "text": lambda path: path.write_text("no picture"),
}


def test_unreadable_files_are_skipped_with_a_warning(predict, photos, tmp_path):
    for kind, write in UNREADABLE.items():
        write(photos / f"{kind}.png")
    ended = predict("conv", f"images={photos}", f"output={tmp_path}/out")
    assert ended.code == 0
    assert "3 of 7 images restored" in ended.out
    for kind in UNREADABLE:
        assert f"{kind}.png' cannot be read and is skipped" in ended.err
        assert f"{kind}.png" not in sizes(tmp_path / "out")


def test_names_that_are_no_text(predict, tmp_path):
    """Names of bytes that are no UTF-8: restored, in the table, and as what cannot be read."""
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    os.mkdir(folder)
    for name in (b"good\xe9.png", b"good\xe9.bmp"):
        Image.new("L", (9, 5), 9).save(f"{folder}/{os.fsdecode(name)}")
    Path(folder, os.fsdecode(b"bad\xe9.png")).write_bytes(b"no image")
    ended = predict("conv", f"images={folder}", f"output={tmp_path}/out", "corrupt=true")
    assert "2 of 3 images restored" in ended.out
    assert r"good\xe9_bmp.png" in ended.out
    assert r"caf\xe9/bad\xe9.png' cannot be read and is skipped: its content is no image" in ended.err


ODD = {
    "one pixel.png": lambda path: Image.new("L", (1, 1), 200).save(path),
    "sixteen bits.png": lambda path: Image.fromarray(np.full((9, 5), 40_000, np.uint16)).save(path),
    "moving.gif": lambda path: Image.new("P", (9, 5)).save(path, save_all=True, append_images=[Image.new("P", (9, 5))]),
    "print.jpg": lambda path: Image.new("CMYK", (9, 5)).save(path),
    "see-through.png": lambda path: Image.new("RGBA", (9, 5), (1, 2, 3, 4)).save(path),
    "very long and thin.png": lambda path: Image.new("L", (700, 1), 3).save(path),
}


@pytest.mark.parametrize("run", ["conv", "dense", "double"])
def test_unusual_images_are_restored(predict, tmp_path, run):
    (tmp_path / "odd").mkdir()
    for name, write in ODD.items():
        write(tmp_path / "odd" / name)
    ended = predict(run, f"images={tmp_path}/odd", f"output={tmp_path}/out")
    assert f"{len(ODD)} of {len(ODD)} images restored" in ended.out
    assert len(sizes(tmp_path / "out")) == len(ODD) + 1


def test_images_too_small_for_downscaling(predict, tmp_path):
    (tmp_path / "in").mkdir()
    for side in (1, 4):
        Image.new("L", (side, side), 200).save(tmp_path / "in" / f"{side}.png")
    ended = predict("double", f"images={tmp_path}/in", f"output={tmp_path}/out", "corrupt=true")
    assert ended.code == 0, ended.err
    assert (
        "1.png' cannot be read and is skipped: 1×1 pixels are less than one pixel of the network's input" in ended.err
    )
    assert sizes(tmp_path / "out").keys() == {"4.png", "contact_sheet.png"}


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["images={photos}/*.webp", "output=out"], "no images found"),
        (["images=nowhere", "output=out"], "no images found"),
        (["images={photos}/color.png", "output={photos}"], "would overwrite an input image"),
        (["images={photos}", "output=out", "color=sepia"], "per_channel or gray"),
        (["images={photos}", "output=out", "max_pixels=3"], "none of the 3 images can be read"),
        (["images={photos}", "output={photos}/color.png/out"], "cannot write"),
        (["images={photos}"], "output: a value is needed"),
    ],
)
def test_invalid_arguments(predict, photos, words, hint):
    before = {path: path.read_bytes() for path in photos.rglob("*.*")}
    ended = predict("conv", *(word.format(photos=photos) for word in words))
    assert ended.code == 2
    assert ended.err.count("\n") == 1 or "max_pixels" in words[-1]
    assert hint in ended.err
    assert {path: path.read_bytes() for path in photos.rglob("*.*")} == before
