"""Images given as an array: their pixels as a batch for a network, and results in the form in which they were given."""

from dataclasses import dataclass

import numpy as np

from aeexp.datasets.readers.picture import to_uint8
from aeexp.errors import DataError

CHANNELS = (1, 3)
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Of ITU-R BT.601, as Pillow converts color to gray."""


@dataclass(frozen=True)
class ImageArray:
    """Images of an array.

    Args:
        pixels: float32 [N, H, W, C] in [0, 1].
        is_single: whether the array was one image, without the axis N.
        has_channels: whether it had the axis C.
        is_uint8: whether its values were in [0, 255].
    """

    pixels: np.ndarray
    is_single: bool
    has_channels: bool
    is_uint8: bool

    @classmethod
    def of(cls, array: np.ndarray) -> "ImageArray":
        """The images of an array: [H, W], [H, W, C], [N, H, W] or [N, H, W, C] with 1 or 3 channels.

        An array with three axes is one image where the last is 1 or 3 long, else several.

        Raises:
            DataError: for another shape or type, or values outside of the range.
        """
        has_channels = array.ndim == 4 or (array.ndim == 3 and array.shape[-1] in CHANNELS)
        is_single = array.ndim == 2 or (array.ndim == 3 and has_channels)
        if array.ndim not in (2, 3, 4) or (has_channels and array.shape[-1] not in CHANNELS) or not array.size:
            raise DataError(
                "images must have shape [N, H, W, C], [N, H, W], [H, W, C] or [H, W] with 1 or 3 channels. "
                f"Received {list(array.shape)}; reshape or transpose them."
            )
        whole = array if has_channels else array[..., np.newaxis]
        return cls(_in_unit_range(whole[np.newaxis] if is_single else whole), is_single, has_channels, _is_uint8(array))

    def with_channels(self, count: int) -> np.ndarray:
        """The pixels in gray (their luma) or in color, float32 [N, H, W, count]."""
        if self.pixels.shape[-1] == count:
            return self.pixels
        return np.repeat(self.pixels, count, axis=-1) if count == 3 else (self.pixels @ LUMA)[..., np.newaxis]

    def as_given(self, results: np.ndarray) -> np.ndarray:
        """Results of the images, float32 [N, H, W, C] in [0, 1], with the axes and the type of the array."""
        shaped = results[..., 0] if not self.has_channels and results.shape[-1] == 1 else results
        typed = to_uint8(shaped) if self.is_uint8 else np.asarray(shaped, np.float32)
        return typed[0] if self.is_single else typed


def _is_uint8(array: np.ndarray) -> bool:
    return array.dtype == np.uint8


def _in_unit_range(array: np.ndarray) -> np.ndarray:
    if _is_uint8(array):
        return array.astype(np.float32) / 255
    if array.dtype.kind not in "fb":
        raise DataError(
            f"images must be uint8 in [0, 255] or float in [0, 1]. Received {array.dtype}; convert them by astype."
        )
    low, high = array.min(), array.max()
    if not (low >= 0 and high <= 1):
        raise DataError(
            f"images must be uint8 in [0, 255] or float in [0, 1]. Received {array.dtype} from {low:.4g} to "
            f"{high:.4g}; rescale them and replace NaN."
        )
    return array.astype(np.float32)
