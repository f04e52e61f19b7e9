"""Fetching published files: looked for on disk first, then downloaded with a checksum."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pooch

from aeexp.errors import DataError

RETRIES = 2


def cache_folder(name: str) -> Path:
    """Where one data set keeps its files between runs, such as ~/.cache/aeexp/cifar10."""
    return Path(pooch.os_cache("aeexp")) / name


def find_or_download(name: str, folders: Sequence[Path], base_url: str, checksum: str, *, mend: str) -> Path:
    """The path of a published file.

    Args:
        name: of the file, in each folder and at the URL.
        folders: looked in, in this order; a download goes into the first.
        checksum: of a download, such as `md5:8d4f…`.
        mend: how to get the file by other means; closes the error.

    Raises:
        DataError: where the file is nowhere and cannot be downloaded; lists all that was tried.
    """
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    try:
        return _download(name, folders[0], base_url, checksum)
    except (OSError, ValueError) as error:
        tried = ", ".join(f"'{folder}'" for folder in folders)
        reason = textwrap.shorten(str(error), 200)
        raise DataError(
            f"'{name}' is not in {tried}, and downloading it from {base_url} failed: {reason} {mend}"
        ) from error


def _download(name: str, folder: Path, base_url: str, checksum: str) -> Path:
    source = pooch.create(folder, f"{base_url.rstrip('/')}/", registry={name: checksum}, retry_if_failed=RETRIES)
    return Path(source.fetch(name, progressbar=True))
