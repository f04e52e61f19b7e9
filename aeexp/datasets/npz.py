"""Reading NumPy archives without trusting them."""

import zlib
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from aeexp.errors import ConfigError


def read_npz(path: Path, names: tuple[str, ...] | None, *, mend: str) -> dict[str, np.ndarray]:
    """The arrays of those names, or all arrays where `names` is None.

    Args:
        mend: what to do about a bad file; closes the error.

    Raises:
        ConfigError: where the file is missing, damaged or holds anything but plain arrays, or a name is missing.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names or arrays.files}
    except FileNotFoundError as error:
        raise ConfigError(f"There is no file '{path}'. {mend}") from error
    except KeyError as error:
        raise ConfigError(f"'{path}' must hold the arrays {', '.join(names or ())}: {error.args[0]}. {mend}") from error
    except (OSError, ValueError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error) as error:
        raise ConfigError(f"'{path}' is damaged or is no .npz file of plain arrays ({error}). {mend}") from error
