"""Small files in the formats that data sets are published in."""

import gzip
import struct
from pathlib import Path

import numpy as np
from PIL import Image


def pictures(count: int, *shape: int, seed: int = 0) -> np.ndarray:
    """Random pixels, uint8 [count, *shape]."""
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)


def write_idx(path: Path, array: np.ndarray) -> None:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(gzip.compress(header + array.astype(np.uint8).tobytes()))


def write_fashion_mnist(folder: Path) -> None:
    """Twelve training and ten test images; image i has label i modulo 10."""
    folder.mkdir(exist_ok=True)
    for part, count in (("train", 12), ("t10k", 10)):
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", pictures(count, 28, 28, seed=count))
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", np.arange(count) % 10)


def write_pictures(folder: Path, count: int, seed: int = 0) -> None:
    """PNG files 0.png, 1.png … of 6×5 random colours."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, pixels in enumerate(pictures(count, 6, 5, 3, seed=seed)):
        Image.fromarray(pixels).save(folder / f"{place}.png")
