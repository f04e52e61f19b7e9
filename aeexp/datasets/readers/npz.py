"""NumPy .npz and .npy files, read without unpickling objects."""

import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from aeexp.errors import DataError
from aeexp.runtime.files import printable

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
            f"'{printable(path)}' must contain the arrays {', '.join(names or ())}: {error.args[0]}. {hint}"
        ) from error
    except READ_ERRORS as error:
        raise _unreadable(path, error, ".npz file of plain arrays", hint) from error


class LazyNpz(Mapping[str, np.ndarray]):
    """The arrays in an .npz file by name, each read when it is asked for; what is not asked for may be anything.

    Args:
        path: of the file.
        hint: how to fix a bad file, appended to the error messages.

    Raises:
        DataError: here or later, as for `read_npz`.
    """

    def __init__(self, path: Path, *, hint: str) -> None:
        self._path, self._hint = path, hint
        try:
            with np.load(path, allow_pickle=False) as arrays:
                self._names = tuple(arrays.files)
        except READ_ERRORS as error:
            raise _unreadable(path, error, ".npz file of plain arrays", hint) from error

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._names:
            raise KeyError(name)
        return read_npz(self._path, (name,), hint=self._hint)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def read_npy(path: Path, *, hint: str, mapped: bool = False) -> np.ndarray:
    """The array in an .npy file.

    Args:
        path: of the file.
        hint: how to fix a bad file, appended to the error message.
        mapped: leave it on the disk, and read what is asked for.

    Raises:
        DataError: if the file is missing, damaged or contains pickled objects.
    """
    try:
        if mapped:
            return np.lib.format.open_memmap(path, mode="r")
        with path.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except READ_ERRORS as error:
        raise _unreadable(path, error, ".npy file of a plain array", hint) from error


def _unreadable(path: Path, error: Exception, kind: str, hint: str) -> DataError:
    if isinstance(error, FileNotFoundError):
        return DataError(f"There is no file '{printable(path)}'. {hint}")
    if "allow_pickle" in str(error):  # NumPy advises to load them in spite of that
        return DataError(
            f"'{printable(path)}' must be an {kind}. Received pickled objects, which are not read, as they may run any "
            f"program; save arrays of numbers. {hint}"
        )
    return DataError(f"'{printable(path)}' is damaged or is not an {kind} ({error}). {hint}")
