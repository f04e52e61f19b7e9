"""Images given as arrays, kept as a file beside the runs, so that each run can be repeated."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from aeexp.datasets.arrays import NAMES, as_images
from aeexp.errors import ConfigError, DataError
from aeexp.runtime.files import write_output

FOLDER = "arrays"
"""In the folder of all runs."""

FORMS = "(x_train, x_test), ((x_train, y_train), (x_test, y_test)), one array, or a mapping of names such as x_train"


def has_arrays(value: Any) -> bool:
    """Whether a data set is given as arrays."""
    if isinstance(value, Mapping):
        return any(map(has_arrays, value.values()))
    return isinstance(value, np.ndarray) or (isinstance(value, list | tuple) and any(map(has_arrays, value)))


def stored_data(value: Any, home: str) -> Path:
    """The .npz file of arrays, which is named by their content.

    Args:
        value: as `FORMS` says; images [N, H, W] or [N, H, W, C], uint8 in [0, 255] or float in [0, 1], labels [N].
        home: the folder of all runs.

    Raises:
        ConfigError: for arrays in another form.
        DataError: for images of an unsuitable shape, type or range.
    """
    given = _named(value)
    if mixed := next((name for name, array in given.items() if array.dtype == object), None):
        raise DataError(f"dataset: {mixed} must hold numbers or strings. Received objects; None is no label.")
    arrays = {name: as_images(array, name) if _is_image(name) else array for name, array in given.items()}
    content = hashlib.sha256()
    for name, array in arrays.items():
        content.update(f"{name} {array.dtype} {array.shape}".encode())
        content.update(np.ascontiguousarray(array).data)
    path = Path(home) / FOLDER / f"{content.hexdigest()[:16]}.npz"
    if not path.exists():
        with write_output(path) as part, part.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
    return path


def _is_image(name: str) -> bool:
    return any(name in images for images, _ in NAMES.values())


def _named(value: Any) -> dict[str, np.ndarray]:
    if isinstance(value, Mapping):
        if not {str(name) for name in value} & {*NAMES["train"][0]}:
            raise ConfigError(f"dataset: x_train is needed, also where x_test is given. Received {', '.join(value)}.")
        return {str(name): np.asarray(array) for name, array in value.items()}
    if isinstance(value, np.ndarray):
        return {"images": value}
    if len(value) == 2 and all(isinstance(each, np.ndarray) for each in value):
        return {"x_train": value[0], "x_test": value[1]}
    if len(value) == 2 and all(isinstance(each, tuple | list) and len(each) == 2 for each in value):
        (x_train, y_train), (x_test, y_test) = value
        named = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
        return {name: np.asarray(array) for name, array in named.items()}
    raise ConfigError(f"dataset: arrays of NumPy are given as {FORMS}.")
