"""Reading NumPy files without trusting them."""

import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from aeexp.errors import DataError

DAMAGES = (OSError, ValueError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error)


def read_npz(path: Path, names: tuple[str, ...] | None, *, mend: str) -> dict[str, np.ndarray]:
    """The arrays of those names, or all arrays where `names` is None.

    Args:
        mend: what to do about a bad file; closes the error.

    Raises:
        DataError: where the file is missing, damaged or holds anything but plain arrays, or a name is missing.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names or arrays.files}
    except KeyError as error:
        raise DataError(f"'{path}' must hold the arrays {', '.join(names or ())}: {error.args[0]}. {mend}") from error
    except DAMAGES as error:
        raise _unreadable(path, error, ".npz file of plain arrays", mend) from error


def read_npy(path: Path, *, mend: str) -> np.ndarray:
    """The one array of a file.

    Raises:
        DataError: where the file is missing, damaged or holds anything but a plain array.
    """
    try:
        with path.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except DAMAGES as error:
        raise _unreadable(path, error, ".npy file of a plain array", mend) from error


def _unreadable(path: Path, error: Exception, kind: str, mend: str) -> DataError:
    if isinstance(error, FileNotFoundError):
        return DataError(f"There is no file '{path}'. {mend}")
    return DataError(f"'{path}' is damaged or is no {kind} ({error}). {mend}")
