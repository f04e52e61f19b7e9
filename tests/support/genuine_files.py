"""Small files in the formats that data sets are published in."""

import gzip
import struct
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def pictures(count: int, *shape: int, seed: int = 0) -> np.ndarray:
    """Random pixels, uint8 [count, *shape]."""
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)


def write_idx(path: Path, array: np.ndarray) -> None:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(gzip.compress(header + array.astype(np.uint8).tobytes()))


def write_fashion_mnist(folder: Path) -> None:
    """Twelve training and ten test images; image i has label i modulo 5."""
    folder.mkdir(exist_ok=True)
    for part, count in (("train", 12), ("t10k", 10)):
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", pictures(count, 28, 28, seed=count))
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", np.arange(count) % 5)


def write_pictures(folder: Path, count: int, seed: int = 0) -> None:
    """PNG files 0.png, 1.png … of 6×5 random colours."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, pixels in enumerate(pictures(count, 6, 5, 3, seed=seed)):
        Image.fromarray(pixels).save(folder / f"{place}.png")


def write_cifar10(folder: Path) -> None:
    """The unpacked archive: five training batches of two images, and a test batch of three.

    Image i has label i modulo 5.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = pictures(13, 3072)
    for place, name in enumerate([f"data_batch_{number}" for number in range(1, 6)]):
        (folder / name).write_bytes(cifar_batch(rows[2 * place : 2 * place + 2], [2 * place % 5, (2 * place + 1) % 5]))
    (folder / "test_batch").write_bytes(cifar_batch(rows[10:], [0, 1, 2]))


def pack_cifar10(unpacked: Path, archive: Path) -> None:
    """The published archive, whose members are in no order."""
    with tarfile.open(archive, "w:gz") as members:
        for file in sorted(unpacked.iterdir(), reverse=True):
            members.add(file, f"cifar-10-batches-py/{file.name}")


def cifar_batch(rows: np.ndarray, labels: list[int]) -> bytes:
    """As pickled by Python 2, protocol 2, where text was bytes."""
    return b"\x80\x02" + _python2({"batch_label": "batch", "labels": labels, "data": rows}) + b"."


def _python2(value: Any) -> bytes:
    match value:
        case bool():
            return b"\x88" if value else b"\x89"
        case int():
            return b"J" + struct.pack("<i", value)
        case None:
            return b"N"
        case str() | bytes():
            text = value.encode() if isinstance(value, str) else value
            return b"T" + struct.pack("<i", len(text)) + text
        case list():
            return b"](" + b"".join(map(_python2, value)) + b"e"
        case tuple():
            return b"(" + b"".join(map(_python2, value)) + b"t"
        case dict():
            return b"}(" + b"".join(_python2(key) + _python2(item) for key, item in value.items()) + b"u"
        case np.ndarray():
            kind = value.dtype.str[1:]
            dtype = (
                b"cnumpy\ndtype\n"
                + _python2((kind, 0, 1))
                + b"R"
                + _python2((3, "|", None, None, None, -1, -1, 0))
                + b"b"
            )
            empty = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n" + _python2((0,)) + _python2("b") + b"tR"
            state = (
                b"(" + _python2(1) + _python2(value.shape) + dtype + _python2(False) + _python2(value.tobytes()) + b"tb"
            )
            return empty + state
    raise TypeError(type(value))
