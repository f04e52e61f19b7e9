"""The pickles that CIFAR-10 is published in, read without trusting them."""

import io
import pickle
from typing import Any

import numpy as np

from aeexp.errors import DataError

SHAPE = (32, 32, 3)
CLASSES = 10
WHAT_ARRAYS_NEED = {("numpy.core.multiarray", "_reconstruct"), ("numpy", "ndarray"), ("numpy", "dtype")}


def read_batch(content: bytes, place: str) -> tuple[np.ndarray, np.ndarray]:
    """The images uint8 [N, 32, 32, 3] and labels int64 [N] of one batch.

    A batch is a dictionary pickled by Python 2: under `data` an array of N rows, each the red, the green and the blue
    values of an image, and under `labels` a list.

    Args:
        place: where the content was found; opens the error.

    Raises:
        DataError: where it is damaged, holds something else, or would call any function but those that make arrays.
    """
    try:
        batch = _ArraysOnly(io.BytesIO(content), encoding="bytes").load()
        images = batch[b"data"].reshape(-1, 3, *SHAPE[:2]).transpose(0, 2, 3, 1)
        labels = np.array(batch[b"labels"], np.int64)
    except Exception as error:  # a damaged pickle raises nearly anything
        raise DataError(
            f"{place} is no batch of CIFAR-10 ({type(error).__name__}: {error}). Delete the file and fetch it again."
        ) from error
    _check(images, labels, place)
    return np.ascontiguousarray(images), labels


class _ArraysOnly(pickle.Unpickler):
    """A pickle may name any function for the reader to call; this reader knows those of NumPy arrays alone."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in WHAT_ARRAYS_NEED:
            raise pickle.UnpicklingError(f"it would call {module}.{name}")
        return super().find_class(module, name)


def _check(images: np.ndarray, labels: np.ndarray, place: str) -> None:
    are_classes = labels.size and labels.min() >= 0 and labels.max() < CLASSES
    if images.dtype != np.uint8 or labels.shape != images.shape[:1] or not are_classes:
        raise DataError(
            f"{place} must hold as many images of bytes as labels from 0 to {CLASSES - 1}. Received {len(images)} "
            f"images of {images.dtype} and {labels.size} labels. Delete the file and fetch it again."
        )
