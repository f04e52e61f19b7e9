import os
from collections import Counter

import numpy as np
import pytest

from aeexp.datasets.folder import Folder
from aeexp.datasets.readers.image import read_image
from aeexp.errors import ConfigError, DataError
from tests.support.genuine_files import write_pictures
from tests.support.splits import AS_PUBLISHED

CLASSES = {"cat": 10, "dog": 10, "ärger & 日本": 20}


def folder(path, **changes) -> Folder:
    settings = {
        "split": AS_PUBLISHED,
        "image_shape": [6, 5, 3],
        "test_fraction": 0.25,
        "seed": 0,
        "max_pixels": 10_000,
        "limit": None,
    }
    return Folder(path=str(path), **{**settings, **changes})


@pytest.fixture
def root(tmp_path):
    return tmp_path / "meine Bilder é"


@pytest.fixture
def in_classes(root):
    for place, (name, count) in enumerate(CLASSES.items()):
        write_pictures(root / name, count, seed=place)
    return root


def rows(data) -> list[bytes]:
    return [image.tobytes() for image in data.images]


def test_splits_class_folders_at_random(in_classes):
    data = folder(in_classes)
    train, test = data.load("train"), data.load("test")
    assert data.class_names == ("cat", "dog", "ärger & 日本")
    assert train.images.shape == (30, 6, 5, 3)
    assert test.images.shape == (10, 6, 5, 3)
    assert np.bincount([*train.labels, *test.labels]).tolist() == [10, 10, 20]
    assert len({*rows(train), *rows(test)}) == 40


def test_a_label_belongs_to_its_image(in_classes):
    train = folder(in_classes).load("train")
    alone = {
        name: rows(folder(in_classes / name).load(split)) for name in ("cat", "dog") for split in ("train", "test")
    }
    for image, label in zip(rows(train), train.labels, strict=True):
        for place, name in enumerate(("cat", "dog")):
            assert label == place or image not in alone[name]


def test_a_name_belongs_to_its_image(in_classes):
    (in_classes / "cat" / "0.png").write_bytes(b"damaged")
    train = folder(in_classes, test_fraction=0.1, image_shape=[12, 10, 3]).load("train")
    for pixels, label, name in zip(train.images, train.labels, train.names, strict=True):
        path = in_classes / sorted(CLASSES)[label] / name
        assert np.array_equal(read_image(path, (12, 10, 3), 10_000).pixels, pixels)


def test_train_and_test_folders_decide(root):
    for part, count in (("train", 7), ("test", 3)):
        for place, name in enumerate(("a", "b")):
            write_pictures(root / part / name, count, seed=10 * count + place)
    data = folder(root)
    assert data.class_names == ("a", "b")
    assert Counter(data.load("train").labels) == {0: 7, 1: 7}
    assert Counter(data.load("test").labels) == {0: 3, 1: 3}


def test_without_class_folders_there_are_no_labels(root):
    write_pictures(root, 8)
    assert folder(root).class_names == ()
    assert folder(root).load("train").labels is None
    assert len(folder(root).load("train").images) == 6
    assert {name for split in ("train", "test") for name in folder(root).load(split).names} == {
        f"{number}.png" for number in range(8)
    }


def test_one_class(root):
    write_pictures(root / "only", 4)
    assert folder(root).class_names == ("only",)
    assert folder(root).load("train").labels.tolist() == [0, 0, 0]


def test_deeper_folders_belong_to_the_class_above(root):
    write_pictures(root / "cat" / "black", 2)
    write_pictures(root / "cat" / "white", 2, seed=1)
    assert folder(root).class_names == ("cat",)


def test_a_class_folder_may_be_a_link(root, tmp_path):
    write_pictures(tmp_path / "elsewhere", 3)
    write_pictures(root / "cat", 3, seed=1)
    (root / "dog").symlink_to(tmp_path / "elsewhere")
    assert folder(root).class_names == ("cat", "dog")


def count(data: Folder) -> int:
    return len(data.load("train").images) + len(data.load("test").images)


@pytest.mark.parametrize(
    ("link", "target"),
    [("loop", "."), ("cat/loop", "."), ("cat/loop", ".."), ("cat/up", "../.."), ("kitty", "cat"), ("a/deep", "../cat")],
)
def test_links_make_neither_pictures_nor_classes(in_classes, caplog, link, target):
    """A loop, a folder above, a second name of a class."""
    (in_classes / link).parent.mkdir(exist_ok=True)
    (in_classes / link).symlink_to(target)
    assert folder(in_classes).class_names == tuple(CLASSES)
    assert count(folder(in_classes)) == 40
    assert f"are not followed, such as '{in_classes / link}'" in caplog.text


@pytest.mark.parametrize("make", ["symlink_to", "hardlink_to"])
def test_a_picture_with_several_names_is_taken_once(in_classes, caplog, make):
    for number in range(5):
        getattr(in_classes / "cat" / f"again {number}.png", make)(in_classes / "dog" / f"{number}.png")
    data = folder(in_classes)
    assert count(data) == 40
    assert len({*rows(data.load("train")), *rows(data.load("test"))}) == 40
    assert "5 image files are further names of the same pictures" in caplog.text


def test_links_to_themselves_do_not_matter(in_classes):
    for name in ("itself", "cat/itself.png"):
        (in_classes / name).symlink_to(in_classes / name)
    (in_classes / "cat" / "nowhere.png").symlink_to("nothing")
    assert count(folder(in_classes)) == 40


def test_a_test_picture_is_no_training_picture(root, caplog):
    for part, many in (("train", 7), ("test", 3)):
        write_pictures(root / part, many, seed=many)
    (root / "train" / "copy.png").symlink_to(root / "test" / "1.png")
    (root / "train" / "again.png").hardlink_to(root / "test" / "2.png")
    data = folder(root)
    assert not {*rows(data.load("train"))} & {*rows(data.load("test"))}
    assert (len(data.load("train").images), len(data.load("test").images)) == (7, 3)
    assert "2 training images are those of another split under other names" in caplog.text


def test_refuses_one_folder_for_both_splits(root):
    write_pictures(root / "test", 3)
    (root / "train").symlink_to("test")
    with pytest.raises(DataError, match=r"3 training images .* are other images under other names"):
        folder(root).load("train")


@pytest.mark.parametrize(("train", "test"), [("Train", "Test"), ("TRAIN", "test"), ("Training", "Testing")])
def test_splits_are_found_whatever_the_case_of_their_names(root, train, test):
    for part, many in ((train, 7), (test, 3)):
        for place, name in enumerate(("a", "b")):
            write_pictures(root / part / name, many, seed=10 * many + place)
    data = folder(root)
    assert data.class_names == ("a", "b")
    assert (len(data.load("train").images), len(data.load("test").images)) == (14, 6)


@pytest.mark.parametrize("name", ["extra", "3.png"])
def test_what_is_beside_the_splits_is_named(root, caplog, name):
    for place, part in enumerate(("train", "test")):
        write_pictures(root / part, 3, seed=place)
    write_pictures(root if "." in name else root / name, 4, seed=9)
    (root / "README.md").write_text("not a picture")
    assert count(folder(root)) == 6
    (warning,) = [record.getMessage() for record in caplog.records]
    assert "only the folders of train, validation and test images are read" in warning
    assert name in warning
    assert "README" not in warning


def test_refuses_two_folders_for_a_split(root):
    for part in ("train", "Training", "test"):
        write_pictures(root / part, 3)
    with pytest.raises(DataError, match=r"one folder of train images\. Received Training and train"):
        folder(root).load("train")


def test_without_test_images_some_of_the_training_images_test(root, caplog):
    for place, (part, many) in enumerate((("Train", 20), ("Val", 3))):
        write_pictures(root / part, many, seed=place)
    data = folder(root, test_fraction=0.25)
    sizes = {split: data.read(split).count for split in ("train", "validation", "test")}
    assert sizes == {"train": 15, "validation": 3, "test": 5}
    assert not {*rows(data.load("train"))} & {*rows(data.load("test"))}
    assert "has no test folder: 5 of the images in Train test" in caplog.text
    assert "those in Val validate" in caplog.text


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("train",), "Received only train; without test: move some"),
        (("test",), "Received only test; without train: put"),
        (("test", "val"), "Received only test, val; without train: put"),
    ],
)
def test_refuses_half_a_split(root, parts, message):
    for part in parts:
        write_pictures(root / part, 3)
    with pytest.raises(DataError, match=message):
        folder(root).load("train")


def test_limit_takes_a_mix_of_classes(in_classes):
    """Eight of forty in order would all be cats."""
    assert len(set(folder(in_classes, limit=8).load("train").labels)) > 1


def test_limit_reads_no_more_than_it_needs(in_classes):
    for file in sorted(in_classes.rglob("*.png")):
        file.write_bytes(b"")
    with pytest.raises(DataError, match="None of the 3 images"):
        folder(in_classes, limit=3).load("train")


def test_the_seed_decides_the_order(in_classes):
    first, again, other = (folder(in_classes, seed=seed).load("train") for seed in (0, 0, 1))
    assert rows(first) == rows(again)
    assert rows(first) != rows(other)


def test_settings_do_not_share_a_cache(in_classes):
    assert folder(in_classes).load("train").images.shape[1:] == (6, 5, 3)
    assert folder(in_classes, image_shape=[4, 4, 1]).load("train").images.shape[1:] == (4, 4, 1)
    assert folder(in_classes).load("train").images.shape[1:] == (6, 5, 3)


def test_labels_skip_what_cannot_be_read(in_classes):
    for file in (in_classes / "cat").iterdir():
        file.write_bytes(b"broken")
    labels = [*folder(in_classes).load("train").labels, *folder(in_classes).load("test").labels]
    assert Counter(labels) == {1: 10, 2: 20}


def test_other_and_hidden_files_do_not_matter(root):
    write_pictures(root, 4)
    write_pictures(root / ".thumbnails", 3)
    (root / "._0.png").write_bytes(b"what macOS leaves in archives")
    (root / "README.txt").write_text("my pictures")
    assert len(folder(root).load("train").images) + len(folder(root).load("test").images) == 4


def test_names_that_are_no_text(tmp_path, caplog):
    """Bytes that are no UTF-8 in the names of the folder, of a class and of images."""
    root = tmp_path / os.fsdecode(b"caf\xe9")
    write_pictures(root / os.fsdecode(b"caf\xe9"), 3)
    write_pictures(root / "dog", 3, seed=1)
    (root / "dog" / os.fsdecode(b"bad\xe9.png")).write_bytes(b"no image")
    assert folder(root).class_names == (r"caf\xe9", "dog")
    assert count(folder(root)) == 6
    assert r"bad\xe9.png' (its content is no image" in caplog.text
    caplog.text.encode()


def test_home_is_expanded(root, monkeypatch):
    write_pictures(root / "photos", 4)
    monkeypatch.setenv("HOME", str(root))
    assert len(folder("~/photos").load("train").images) == 3


def test_refuses_a_missing_folder(root):
    with pytest.raises(DataError, match=r"There is no folder '.*é' that can be read \(No such"):
        folder(root).check()


@pytest.mark.parametrize("name", ["notes.txt", "empty"])
def test_rejects_a_folder_without_images(root, name):
    (root / name).mkdir(parents=True)
    for read in (folder(root).check, lambda: folder(root).load("train")):
        with pytest.raises(DataError, match=r"contains no images; add files that end in \.bmp"):
            read()


def test_rejects_a_single_image(root):
    write_pictures(root, 1)
    with pytest.raises(DataError, match=r"at least two images.*Received 1"):
        folder(root).load("train")


def test_finds_nothing_wrong_where_the_images_are(in_classes, tmp_path, caplog):
    """Below folders, behind a link, in the folders of a split."""
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "all").symlink_to(in_classes)
    (tmp_path / "split").mkdir()
    for part in ("train", "test"):
        (tmp_path / "split" / part).symlink_to(in_classes / "cat")
    for path in (in_classes, tmp_path / "linked", tmp_path / "split"):
        folder(path).check()
    assert not caplog.text


def test_rejects_images_outside_class_folders(root):
    write_pictures(root / "cat", 2)
    write_pictures(root, 1)
    with pytest.raises(DataError, match=r"'0\.png' and 'cat/\d\.png'"):
        folder(root).load("train")


def test_refuses_where_nothing_can_be_read(root):
    write_pictures(root, 3)
    for file in root.iterdir():
        file.write_bytes(b"broken")
    with pytest.raises(DataError, match=r"None of the 2 images in '.*é' can be read"):
        folder(root).load("train")


@pytest.mark.parametrize("wrong", [{"image_shape": [6, 5]}, {"test_fraction": 0.0}, {"seed": -1}, {"max_pixels": 0}])
def test_rejects_invalid_settings(root, wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}`"):
        folder(root, **wrong)
