"""Download of published files: looked up on disk first, else downloaded and verified by checksum."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pooch

from aeexp.errors import DataError

RETRIES = 2


def cache_folder(name: str) -> Path:
    """The cache folder of a data set, such as ~/.cache/aeexp/cifar10."""
    return Path(pooch.os_cache("aeexp")) / name


def find_or_download(name: str, folders: Sequence[Path], base_url: str, checksum: str, *, hint: str) -> Path:
    """The path of a published file, which is downloaded if it is not in any of the folders.

    Args:
        name: of the file, in each folder and below the URL.
        folders: searched in this order; a download is saved in the first.
        base_url: of the published file.
        checksum: of the download, such as `md5:8d4f…`.
        hint: other ways to get the file, appended to the error message.

    Raises:
        DataError: if the file is not found and cannot be downloaded; the message lists everything that was tried.
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
            f"'{name}' is not in {tried}, and downloading it from {base_url} failed: {reason} {hint}"
        ) from error


def _download(name: str, folder: Path, base_url: str, checksum: str) -> Path:
    source = pooch.create(folder, f"{base_url.rstrip('/')}/", registry={name: checksum}, retry_if_failed=RETRIES)
    return Path(source.fetch(name, progressbar=True))
