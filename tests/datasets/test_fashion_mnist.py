import hashlib

import numpy as np
import pytest

from aeexp.datasets import fashion_mnist
from aeexp.datasets.fashion_mnist import DEBIAN_FOLDER, FashionMnist
from aeexp.datasets.readers import download
from aeexp.errors import DataError
from tests.support.genuine_files import pictures, write_fashion_mnist, write_idx
from tests.support.splits import AS_PUBLISHED

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_debian_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(fashion_mnist, "DEBIAN_FOLDER", tmp_path / "debian")
    monkeypatch.setattr(download, "RETRIES", 0)


def dataset(folder=None, base_url=NOWHERE):
    return FashionMnist(limit=None, split=AS_PUBLISHED, folder=folder and str(folder), base_url=base_url)


@pytest.mark.skipif(not DEBIAN_FOLDER.is_dir(), reason="needs Debian's package dataset-fashion-mnist")
@pytest.mark.parametrize(("split", "count"), [("train", 6000), ("test", 1000)])
def test_genuine_files(split, count, monkeypatch):
    monkeypatch.setattr(fashion_mnist, "DEBIAN_FOLDER", DEBIAN_FOLDER)
    data = dataset().load(split)
    assert data.images.shape == (10 * count, 28, 28, 1)
    assert np.bincount(data.labels).tolist() == [count] * 10


def test_reads_from_a_folder(tmp_path):
    write_fashion_mnist(tmp_path / "mine")
    data = dataset(tmp_path / "mine").load("train")
    np.testing.assert_array_equal(data.images[..., 0], pictures(12, 28, 28, seed=12))
    assert data.labels.tolist() == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]


def test_reads_from_the_cache(cache):
    cache.mkdir(parents=True)
    write_fashion_mnist(cache / "fashion_mnist")
    assert len(dataset().load("test").images) == 10


def test_reads_what_debian_installs(tmp_path):
    write_fashion_mnist(tmp_path / "debian")
    assert len(dataset().load("test").images) == 10


def test_downloads_into_the_cache(cache, published, server, monkeypatch):
    write_fashion_mnist(published)
    checksums = {file.name: f"md5:{hashlib.md5(file.read_bytes()).hexdigest()}" for file in published.iterdir()}
    monkeypatch.setattr(fashion_mnist, "CHECKSUMS", checksums)
    assert len(dataset(base_url=server.url).load("train").images) == 12
    assert sorted(file.name for file in (cache / "fashion_mnist").iterdir()) == [
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
    ]


def test_error_says_what_was_tried_and_how_to_fix_it(tmp_path, cache):
    with pytest.raises(DataError) as caught:
        dataset().load("train")
    message = str(caught.value)
    tried = (str(tmp_path / "debian"), str(cache / "fashion_mnist"), NOWHERE)
    assert all(part in message for part in (*tried, "apt install dataset-fashion-mnist", "dataset.folder"))
    assert "\n" not in message


@pytest.mark.parametrize("labels", [[0, 1], list(range(13)), [*range(11), 10]])
def test_refuses_labels_that_do_not_fit(tmp_path, labels):
    write_fashion_mnist(tmp_path / "mine")
    write_idx(tmp_path / "mine" / "train-labels-idx1-ubyte.gz", np.array(labels))
    with pytest.raises(DataError, match=f"12 images and {len(labels)} labels"):
        dataset(tmp_path / "mine").load("train")
