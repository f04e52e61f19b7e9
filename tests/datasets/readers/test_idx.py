import gzip

import numpy as np
import pytest

from aeexp.datasets.readers.idx import read_idx
from aeexp.errors import DataError
from tests.support.genuine_files import pictures, write_idx


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.gz"


def test_bytes_by_hand(path):
    path.write_bytes(gzip.compress(bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 10, 20, 30, 40, 50, 255])))
    assert read_idx(path, 2).tolist() == [[10, 20, 30], [40, 50, 255]]


def test_reads_what_was_written(path):
    images = pictures(5, 7, 3)
    write_idx(path, images)
    np.testing.assert_array_equal(read_idx(path, 3), images)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "starts with 00 00 08 01. Received nothing"),
        (b"\x00\x00\x0d\x01\x00\x00\x00\x01\x00", "Received 00 00 0d 01"),
        (b"\x00\x00\x08\x02\x00\x00\x00\x01\x00", "Received 00 00 08 02"),
        (b"\x00\x00\x08\x01\x00\x00", "must be an IDX file"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x03\x01\x02", "3 = 3 values. Received 2"),
        (b"\x00\x00\x08\x01\x00\x00\x00\x01\x01\x02", "1 = 1 values. Received 2"),
    ],
)
def test_refuses_wrong_content(path, content, message):
    path.write_bytes(gzip.compress(content))
    with pytest.raises(DataError, match=message):
        read_idx(path, 1)


@pytest.mark.parametrize("damage", ["cut short", "not gzip", "one bit"])
def test_refuses_broken_gzip(path, damage):
    write_idx(path, pictures(9, 28, 28))
    content = path.read_bytes()
    flipped = content[:60] + bytes([content[60] ^ 1]) + content[61:]
    path.write_bytes({"cut short": content[:-20], "not gzip": b"GARBAGE" + content, "one bit": flipped}[damage])
    with pytest.raises(DataError, match=r"file\.gz"):
        read_idx(path, 3)
