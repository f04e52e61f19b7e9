import hashlib
import pickle
import tarfile

import numpy as np
import pytest

from aeexp.datasets import cifar10
from aeexp.datasets.cifar10 import Cifar10
from aeexp.datasets.readers import download
from aeexp.datasets.readers.cifar_batch import read_batch
from aeexp.errors import DataError
from tests.support.genuine_files import cifar_batch, pack_cifar10, pictures, write_cifar10
from tests.support.splits import AS_PUBLISHED

ARCHIVE = "cifar-10-python.tar.gz"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def no_retries(monkeypatch):
    monkeypatch.setattr(download, "RETRIES", 0)


@pytest.fixture
def unpacked(tmp_path):
    write_cifar10(tmp_path / "mine" / "cifar-10-batches-py")
    return tmp_path / "mine" / "cifar-10-batches-py"


@pytest.fixture
def packed(unpacked, tmp_path):
    folder = tmp_path / "packed"
    folder.mkdir()
    pack_cifar10(unpacked, folder / ARCHIVE)
    return folder


def dataset(folder=None, base_url=NOWHERE):
    return Cifar10(limit=None, split=AS_PUBLISHED, folder=folder and str(folder), base_url=base_url)


def check(data: Cifar10) -> None:
    train, test = data.load("train"), data.load("test")
    planes = np.concatenate([train.images, test.images]).transpose(0, 3, 1, 2)
    np.testing.assert_array_equal(planes.reshape(13, 3072), pictures(13, 3072))
    assert train.labels.tolist() == [0, 1, 2, 3, 4] * 2
    assert test.labels.tolist() == [0, 1, 2]


def test_reads_the_unpacked_folder(unpacked):
    check(dataset(unpacked))
    check(dataset(unpacked.parent))


def test_reads_the_archive(packed):
    check(dataset(packed))
    assert [file.name for file in packed.iterdir()] == [ARCHIVE]


def test_downloads_into_the_cache(cache, packed, published, server, monkeypatch):
    content = (packed / ARCHIVE).read_bytes()
    (published / ARCHIVE).write_bytes(content)
    monkeypatch.setattr(cifar10, "CHECKSUM", f"md5:{hashlib.md5(content).hexdigest()}")
    check(dataset(base_url=server.url))
    assert (cache / "cifar10" / ARCHIVE).read_bytes() == content


def test_error_says_what_was_tried_and_how_to_fix_it(cache):
    with pytest.raises(DataError) as caught:
        dataset().load("train")
    assert all(part in str(caught.value) for part in (ARCHIVE, str(cache / "cifar10"), NOWHERE, "dataset.folder"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("damage", ["cut short", "not gzip", "one bit", "empty"])
def test_refuses_a_damaged_archive(packed, damage):
    content = (packed / ARCHIVE).read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    damaged = {"cut short": content[:middle], "not gzip": b"x" + content, "one bit": flipped, "empty": b""}[damage]
    (packed / ARCHIVE).write_bytes(damaged)
    with pytest.raises(DataError, match=rf"{ARCHIVE}' .*Delete the file and download it again"):
        dataset(packed).load("train")


def test_refuses_an_archive_without_its_batches(packed, unpacked):
    (unpacked / "data_batch_3").unlink()
    pack_cifar10(unpacked, packed / ARCHIVE)
    with pytest.raises(DataError, match="lacks data_batch_3"):
        dataset(packed).load("train")


def test_takes_no_member_from_elsewhere(packed, unpacked):
    with tarfile.open(packed / ARCHIVE, "w:gz") as members:
        for name in cifar10.BATCHES["train"]:
            members.add(unpacked / name, f"../../{name}")
    with pytest.raises(DataError, match="lacks data_batch_1"):
        dataset(packed).load("train")
    assert not (packed.parent.parent / "data_batch_1").exists()


class Hostile:
    """Opens a file for writing as soon as it is unpickled."""

    def __init__(self, trace) -> None:
        self.trace = trace

    def __reduce__(self):
        return open, (str(self.trace), "w")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_does_not_execute_code_in_a_pickle(unpacked, tmp_path, protocol):
    (unpacked / "test_batch").write_bytes(pickle.dumps(Hostile(tmp_path / "trace"), protocol))
    with pytest.raises(DataError, match=r"test_batch' is not a batch of CIFAR-10 .*it would call \w+\.open"):
        dataset(unpacked).load("test")
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize(
    ("rows", "labels", "received"),
    [
        (pictures(2, 3072), [0], "2 images of uint8 and 1 labels"),
        (pictures(1, 3072), [10], "1 images"),
        (pictures(1, 3072), [-1], "1 images"),
        (pictures(1, 3072)[:0], [], "0 images"),
        (pictures(1, 3072).astype(np.float32), [0], "float32"),
        (pictures(1, 3071), [0], "cannot reshape"),
        ("no array", [0], "AttributeError"),
    ],
)
def test_rejects_invalid_batches(rows, labels, received):
    with pytest.raises(DataError, match=rf"'here' .*{received}.*download it again"):
        read_batch(cifar_batch(rows, labels), "'here'")


@pytest.mark.parametrize("keep", [0, 1, 20, 3000])
def test_rejects_a_truncated_pickle(keep):
    with pytest.raises(DataError, match="'here' is not a batch"):
        read_batch(cifar_batch(pictures(1, 3072), [0])[:keep], "'here'")
