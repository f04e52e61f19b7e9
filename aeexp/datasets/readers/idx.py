"""The IDX format of MNIST and its kin."""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from aeexp.errors import DataError

UNSIGNED_BYTES = 0x08


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """The array of unsigned bytes in a gzipped IDX file.

    The file opens with two zero bytes, the type of the numbers and how many dimensions there are; the length of
    each dimension follows as a big-endian 32-bit integer, and then the numbers, the last index running fastest.

    Args:
        dimensions: how many the array must have: 3 for images [N, H, W], 1 for labels [N].

    Raises:
        DataError: where the file is damaged, cut short, or holds something else.
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, f"a gzip file, but it cannot be unpacked ({error})") from error
    return _parse(content, dimensions, path)


def _parse(content: bytes, dimensions: int, path: Path) -> np.ndarray:
    magic = bytes((0, 0, UNSIGNED_BYTES, dimensions))
    header = 4 + 4 * dimensions
    if content[:4] != magic or len(content) < header:
        received = content[:4].hex(" ") or "nothing"
        raise _damaged(path, f"an IDX file opening with {magic.hex(' ')}, but received {received}")
    shape = struct.unpack(f">{dimensions}I", content[4:header])
    if len(content) - header != math.prod(shape):
        size = "×".join(map(str, shape))
        raise _damaged(path, f"{size} = {math.prod(shape)} bytes of numbers, but received {len(content) - header}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _damaged(path: Path, expectation: str) -> DataError:
    return DataError(f"'{path}' must be {expectation}. Delete the file and fetch it again.")
