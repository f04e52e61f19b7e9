"""IDX files, the format of MNIST and Fashion-MNIST."""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from aeexp.errors import DataError

UNSIGNED_BYTES = 0x08


def read_idx(path: Path, dimensions: int) -> np.ndarray:
    """The uint8 array in a gzipped IDX file.

    The format is two zero bytes, the data type, the number of dimensions, the length of each dimension as a big-endian
    32-bit integer, and the values in row-major order.

    Args:
        path: of the file.
        dimensions: expected number of dimensions: 3 for images [N, H, W], 1 for labels [N].

    Raises:
        DataError: if the file is damaged, truncated, or has another content.
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path, f"a gzip file, but it cannot be decompressed ({error})") from error
    return _parse(content, dimensions, path)


def _parse(content: bytes, dimensions: int, path: Path) -> np.ndarray:
    magic = bytes((0, 0, UNSIGNED_BYTES, dimensions))
    header = 4 + 4 * dimensions
    if content[:4] != magic or len(content) < header:
        received = content[:4].hex(" ") or "nothing"
        raise _damaged(path, f"an IDX file that starts with {magic.hex(' ')}. Received {received}")
    shape = struct.unpack(f">{dimensions}I", content[4:header])
    if len(content) - header != math.prod(shape):
        size = "×".join(map(str, shape))
        raise _damaged(path, f"an IDX file with {size} = {math.prod(shape)} values. Received {len(content) - header}")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _damaged(path: Path, expectation: str) -> DataError:
    return DataError(f"'{path}' must be {expectation}. Delete the file and download it again.")
