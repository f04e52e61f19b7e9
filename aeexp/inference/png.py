"""PNG files written in bands of rows, so that no image needs to be in memory as a whole.

The format: https://www.w3.org/TR/png-3. Pillow writes whole images only, and no color of 16 bits.
"""

import struct
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
"""PNG's number for grayscale, grayscale with alpha, RGB and RGBA, by the number of channels."""

CHUNK = 1 << 20
"""Bytes of pixels that are filtered at a time."""

INCHES_PER_METER = 39.3701


class PngWriter:
    """A PNG file, open for writing.

    Args:
        path: of the file.
        shape: height, width and channels (1 to 4; an even number includes alpha).
        bits: per channel, 8 or 16.
        icc_profile: the color profile, or None.
        dpi: resolution in pixels per inch, or None.
    """

    def __init__(
        self,
        path: Path,
        shape: tuple[int, int, int],
        bits: int,
        icc_profile: bytes | None = None,
        dpi: tuple[float, float] | None = None,
    ) -> None:
        self._path = path
        self._shape = shape
        self._bits = bits
        self._profile = icc_profile
        self._dpi = dpi
        self._compressor = zlib.compressobj()
        self._above = np.zeros((1, shape[1] * shape[2] * bits // 8), np.uint8)
        self._written = 0

    def __enter__(self) -> Self:
        self._file: BinaryIO = self._path.open("wb")
        height, width, channels = self._shape
        self._file.write(SIGNATURE)
        self._write_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, self._bits, COLOR_TYPES[channels], 0, 0, 0))
        if self._profile:
            self._write_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(self._profile))
        if self._dpi:
            pixels = [round(value * INCHES_PER_METER) for value in self._dpi]
            self._write_chunk(b"pHYs", struct.pack(">IIB", *pixels, 1))
        return self

    def write(self, band: np.ndarray) -> None:
        """Write the next rows, [h, W, C] as uint8, or as uint16 for 16 bits."""
        rows = band.reshape(len(band), -1).astype(">u2" if self._bits == 16 else np.uint8).view(np.uint8)
        step = max(1, CHUNK // rows.shape[1])
        for top in range(0, len(rows), step):
            part = rows[top : top + step]
            filtered = _filtered(part, self._above, self._shape[2] * self._bits // 8)
            self._write_chunk(b"IDAT", self._compressor.compress(filtered.tobytes()))
            self._above = part[-1:]
        self._written += len(band)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                assert self._written == self._shape[0], "fewer or more rows than the height"
                self._write_chunk(b"IDAT", self._compressor.flush())
                self._write_chunk(b"IEND", b"")
        finally:
            self._file.close()

    def _write_chunk(self, name: bytes, content: bytes) -> None:
        if content or name == b"IEND":
            checksum = struct.pack(">I", zlib.crc32(name + content))
            self._file.write(struct.pack(">I", len(content)) + name + content + checksum)


def _filtered(rows: np.ndarray, above: np.ndarray, pixel: int) -> np.ndarray:
    """Rows after the filter that leaves the smallest numbers in each, with its number in front.

    Args:
        rows: uint8 [h, bytes].
        above: the row above the first one, [1, bytes].
        pixel: bytes of a pixel.
    """
    up = np.concatenate([above, rows[:-1]])
    left, corner = (np.pad(values, [(0, 0), (pixel, 0)])[:, :-pixel] for values in (rows, up))
    average = ((left.astype(np.uint16) + up) // 2).astype(np.uint8)
    candidates = np.stack([rows, rows - left, rows - up, rows - average, rows - _paeth(left, up, corner)])
    sizes = np.abs(candidates.view(np.int8).astype(np.int16)).sum(axis=2, dtype=np.int64)
    best = sizes.argmin(axis=0)
    chosen = candidates[best, np.arange(len(rows))]
    return np.concatenate([best.astype(np.uint8)[:, np.newaxis], chosen], axis=1)


def _paeth(left: np.ndarray, up: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """Which of three neighbors is nearest to left + up - corner; in a tie the first."""
    first, second, third = (values.astype(np.int16) for values in (left, up, corner))
    near = [np.abs(second - third), np.abs(first - third), np.abs(first + second - 2 * third)]
    return np.where((near[0] <= near[1]) & (near[0] <= near[2]), left, np.where(near[1] <= near[2], up, corner))
