"""NumPy .npz and .npy files, read without unpickling objects."""

import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from aeexp.errors import DataError

READ_ERRORS = (OSError, ValueError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error)


def read_npz(path: Path, names: tuple[str, ...] | None, *, hint: str) -> dict[str, np.ndarray]:
    """The arrays in an .npz file by name.

    Args:
        path: of the file.
        names: of the arrays; None reads all.
        hint: how to fix a bad file, appended to the error message.

    Raises:
        DataError: if the file is missing, damaged or contains pickled objects, or a name is missing.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names or arrays.files}
    except KeyError as error:
        raise DataError(
            f"'{path}' must contain the arrays {', '.join(names or ())}: {error.args[0]}. {hint}"
        ) from error
    except READ_ERRORS as error:
        raise _unreadable(path, error, ".npz file of plain arrays", hint) from error


def read_npy(path: Path, *, hint: str) -> np.ndarray:
    """The array in an .npy file.

    Args:
        path: of the file.
        hint: how to fix a bad file, appended to the error message.

    Raises:
        DataError: if the file is missing, damaged or contains pickled objects.
    """
    try:
        with path.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except READ_ERRORS as error:
        raise _unreadable(path, error, ".npy file of a plain array", hint) from error


def _unreadable(path: Path, error: Exception, kind: str, hint: str) -> DataError:
    if isinstance(error, FileNotFoundError):
        return DataError(f"There is no file '{path}'. {hint}")
    return DataError(f"'{path}' is damaged or is not an {kind} ({error}). {hint}")
