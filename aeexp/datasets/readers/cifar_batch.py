"""CIFAR-10 batch files: pickles, read without executing code from them."""

import io
import pickle
import struct
from typing import Any

import numpy as np

from aeexp.errors import DataError

SHAPE = (32, 32, 3)
CLASSES = 10
READ_ERRORS = (
    *(pickle.UnpicklingError, struct.error, EOFError, ImportError, LookupError, ArithmeticError, AssertionError),
    *(AttributeError, TypeError, ValueError, MemoryError, RuntimeError),
)
"""What unpickling and reshaping raise for a damaged file."""

ALLOWED_GLOBALS = {("numpy.core.multiarray", "_reconstruct"), ("numpy", "ndarray"), ("numpy", "dtype")}


def read_batch(content: bytes, source: str) -> tuple[np.ndarray, np.ndarray]:
    """The images, uint8 [N, 32, 32, 3], and labels, int64 [N], of one batch file.

    A batch is a dictionary pickled by Python 2. `data` is an array of N rows, each with the red, green and blue values
    of an image; `labels` is a list.

    Args:
        content: of the file.
        source: where the content was found, for the error message.

    Raises:
        DataError: if the content is damaged, is not a batch, or would call functions that do not create arrays.
    """
    try:
        batch = _ArrayUnpickler(io.BytesIO(content), encoding="bytes").load()
        images = batch[b"data"].reshape(-1, 3, *SHAPE[:2]).transpose(0, 2, 3, 1)
        labels = np.array(batch[b"labels"], np.int64)
    except READ_ERRORS as error:
        raise DataError(
            f"{source} is not a batch of CIFAR-10 ({type(error).__name__}: {error}). Delete the file and download it "
            "again."
        ) from error
    _check(images, labels, source)
    return np.ascontiguousarray(images), labels


class _ArrayUnpickler(pickle.Unpickler):
    """Unpickler restricted to NumPy arrays; a pickle could otherwise call arbitrary functions."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED_GLOBALS:
            raise pickle.UnpicklingError(f"it would call {module}.{name}")
        return super().find_class(module, name)


def _check(images: np.ndarray, labels: np.ndarray, source: str) -> None:
    are_classes = labels.size and labels.min() >= 0 and labels.max() < CLASSES
    if images.dtype != np.uint8 or labels.shape != images.shape[:1] or not are_classes:
        raise DataError(
            f"{source} must contain as many uint8 images as labels from 0 to {CLASSES - 1}. Received {len(images)} "
            f"images of {images.dtype} and {labels.size} labels. Delete the file and download it again."
        )
