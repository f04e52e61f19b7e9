from pathlib import Path

import numpy as np
import pytest

from aeexp.datasets import mnist
from aeexp.datasets.arrays import Arrays
from aeexp.errors import ConfigError, DataError
from tests.support.genuine_files import pictures
from tests.support.splits import AS_PUBLISHED

GRAY, COLOR = pictures(8, 5, 4), pictures(8, 5, 4, 3)
LABELS = np.arange(8) % 2


@pytest.fixture
def path(tmp_path):
    return tmp_path / "meine Daten ü.npz"


def arrays(path: Path, **changes) -> Arrays:
    settings = {"split": AS_PUBLISHED, "test_path": None, "test_fraction": 0.25, "seed": 0, "limit": None}
    return Arrays(path=str(path), **{**settings, **changes})


def saved(path: Path, **content: np.ndarray) -> Arrays:
    np.savez(path, **content)
    return arrays(path)


def both(data: Arrays) -> np.ndarray:
    """All images, in the order of their first pixel."""
    images = np.concatenate([data.load("train").images, data.load("test").images])
    return images[np.lexsort(images.reshape(len(images), -1).T)]


@pytest.mark.parametrize("images", [GRAY, COLOR, GRAY[..., np.newaxis], GRAY[:2]])
@pytest.mark.parametrize("name", ["images", "x", "x_train"])
def test_splits_an_array_at_random(path, images, name):
    data = saved(path, **{name: images})
    assert len(data.load("test").images) == max(1, len(images) // 4)
    shaped = images if images.ndim == 4 else images[..., np.newaxis]
    np.testing.assert_array_equal(both(data), shaped[np.lexsort(shaped.reshape(len(shaped), -1).T)])
    assert data.load("train").labels is None
    assert data.class_names == ()


@pytest.mark.parametrize("name", ["labels", "y", "y_train"])
def test_labels_stay_with_their_images(path, name):
    data = saved(path, images=GRAY, **{name: LABELS})
    for split in ("train", "test"):
        loaded = data.load(split)
        for image, label in zip(loaded.images, loaded.labels, strict=True):
            place = next(place for place in range(8) if np.array_equal(GRAY[place], image[..., 0]))
            assert label == LABELS[place]


def test_the_seed_decides_the_split(path):
    np.savez(path, images=GRAY)
    first, again, other = (arrays(path, seed=seed).load("train").images for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_takes_both_splits_of_one_file(path):
    data = saved(path, x_train=GRAY[:5], y_train=LABELS[:5], x_test=GRAY[5:], y_test=LABELS[5:])
    np.testing.assert_array_equal(data.load("train").images[..., 0], GRAY[:5])
    np.testing.assert_array_equal(data.load("test").images[..., 0], GRAY[5:])
    assert data.load("test").labels.tolist() == LABELS[5:].tolist()


def test_reads_the_published_mnist():
    data = arrays(mnist.FILE)
    assert data.load("train").images.shape == (60_000, 28, 28, 1)
    assert data.load("test").labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert data.class_names == tuple("0123456789")


def test_takes_the_test_images_from_another_file(path, tmp_path):
    np.savez(path, images=GRAY[:5], labels=LABELS[:5])
    np.savez(tmp_path / "test.npz", images=GRAY[5:], labels=LABELS[5:])
    data = arrays(path, test_path=str(tmp_path / "test.npz"))
    np.testing.assert_array_equal(data.load("train").images[..., 0], GRAY[:5])
    np.testing.assert_array_equal(data.load("test").images[..., 0], GRAY[5:])


def test_reads_npy(tmp_path):
    np.save(tmp_path / "images.npy", COLOR)
    assert both(arrays(tmp_path / "images.npy")).shape == (8, 5, 4, 3)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f4"])
def test_floats_become_uint8(path, dtype):
    levels = np.array([0.0, 0.25, 0.5, 1.0]).astype(dtype).reshape(4, 1, 1)
    assert both(saved(path, images=levels)).ravel().tolist() == [0, 64, 128, 255]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (np.array([3, -1, 10, 3, 3, 3, 3, 3]), ("-1", "3", "10")),
        (np.array([["b"], ["a"], *[["ä"]] * 6]), ("a", "b", "ä")),
        (np.zeros(8, np.uint8), ("0",)),
    ],
)
def test_class_names_are_the_distinct_labels(path, labels, names):
    data = saved(path, images=GRAY, labels=labels)
    assert data.class_names == names
    indices = [*data.load("train").labels, *data.load("test").labels]
    assert sorted(names[index] for index in indices) == sorted(map(str, labels.ravel()))


@pytest.mark.parametrize(
    ("images", "received"),
    [
        (GRAY[:0], r"Received \[0, 5, 4\]"),
        (GRAY[0], r"Received \[5, 4\]"),
        (COLOR[np.newaxis], r"Received \[1, 8, 5, 4, 3\]"),
        (COLOR.transpose(0, 3, 1, 2), r"Received \[8, 3, 5, 4\]; reshape or transpose"),
        (GRAY.astype(np.int64), r"Received int64 from \d to 2\d\d"),
        (GRAY // 200, "Received uint8 from 0 to 1"),
        (GRAY.astype(np.float32), r"Received float32 from \d\.0 to 2\d\d\.0; rescale"),
        (GRAY / 255 - 0.5, r"Received float64 from -0\.5"),
        (np.full((8, 5, 4), np.nan), "Received float64 from nan to nan"),
        (np.where(GRAY > 200, np.inf, 0.0), "to inf"),
        (GRAY[:1], "at least two images"),
    ],
)
def test_rejects_invalid_images(path, images, received):
    with pytest.raises(DataError, match=rf"meine Daten ü\.npz.*{received}"):
        saved(path, images=images).load("train")


RECORDS = np.zeros(GRAY.shape, [("red", "u1"), ("green", "u1")])


@pytest.mark.parametrize(
    ("images", "received"),
    [
        (RECORDS, "structured records"),
        (GRAY.astype(str), "text"),
        (GRAY.astype(bytes), "bytes of text"),
        (GRAY.astype(complex), "complex128"),
        (GRAY.astype("M8[s]"), "datetime64"),
        (GRAY > 100, "bool from False to True"),
        (np.zeros(GRAY.shape, "V3"), "raw bytes"),
    ],
)
@pytest.mark.parametrize("suffix", [".npz", ".npy"])
def test_rejects_what_is_no_number(path, images, received, suffix):
    np.savez(path, images=images) if suffix == ".npz" else np.save(path.with_suffix(suffix), images)
    with pytest.raises(DataError, match=f"must be .*Received {received}"):
        arrays(path.with_suffix(suffix)).load("train")


@pytest.mark.parametrize("labels", [RECORDS[:, 0, 0], LABELS.astype(bytes), LABELS.astype("M8[s]"), LABELS > 0])
def test_rejects_labels_that_are_neither_integers_nor_strings(path, labels):
    with pytest.raises(DataError, match="must be 8 integers or strings"):
        saved(path, images=GRAY, labels=labels).load("train")


def test_other_arrays_may_be_anything(path):
    """They are not read."""
    objects = np.array([{"run": "me"}, None])
    data = saved(path, images=GRAY, labels=LABELS, notes=objects, x_test_names=objects)
    assert len(both(data)) == 8


@pytest.mark.parametrize("labels", [LABELS[:3], np.eye(8), LABELS.astype(float), np.zeros((8, 2), int)])
def test_rejects_invalid_labels(path, labels):
    with pytest.raises(DataError, match=r"ü\.npz' must be 8 integers or strings.*argmax"):
        saved(path, images=GRAY, labels=labels).load("train")


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ({"x_test": COLOR, "y_test": LABELS}, r"\[5, 4, 1\] and \[5, 4, 3\]"),
        ({"x_test": GRAY}, "Received integers and none"),
        ({"x_test": GRAY, "y_test": LABELS.astype(str)}, "Received integers and strings"),
    ],
)
def test_rejects_splits_that_do_not_match(path, test, message):
    with pytest.raises(DataError, match=message):
        saved(path, x_train=GRAY, y_train=LABELS, **test).load("train")


def test_error_names_the_arrays_of_an_unknown_file(path):
    with pytest.raises(
        DataError, match=r"ü\.npz' must contain an array named images, x or x_train. Received faces, ages"
    ):
        saved(path, faces=GRAY, ages=LABELS).load("train")


@pytest.mark.parametrize("name", ["images.npz", "images.npy"])
def test_refuses_pickled_objects(tmp_path, name):
    objects = np.array([{"run": "me"}, None])
    with (tmp_path / name).open("wb") as file:
        np.savez(file, images=objects) if name.endswith("z") else np.save(file, objects)
    with pytest.raises(DataError, match=rf"{name}' must be .* Received pickled objects") as refusal:
        arrays(tmp_path / name).load("train")
    assert "allow_pickle" not in str(refusal.value)


@pytest.mark.parametrize("name", ["images.npz", "images.npy"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut short", "other"])
def test_refuses_a_damaged_file(tmp_path, name, damage):
    path = tmp_path / name
    np.savez(path, images=GRAY) if name.endswith("z") else np.save(path, GRAY)
    content = path.read_bytes()
    path.write_bytes({"empty": b"", "cut short": content[:200], "other": b"no arrays"}.get(damage, content))
    if damage == "missing":
        path.unlink()
    with pytest.raises(DataError, match=rf"{name}'.*np\.savez\(path, images=…, labels=…\)"):
        arrays(path).load("train")


def test_refuses_other_files(tmp_path):
    with pytest.raises(ConfigError, match=r"must end in \.npz or \.npy. Received '.*images\.mat'"):
        arrays(tmp_path / "images.mat").load("train")
