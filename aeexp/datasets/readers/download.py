"""Download of published files: looked up on disk first, else downloaded and verified by checksum."""

import textwrap
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from urllib.parse import urlsplit

import pooch

from aeexp.errors import DataError

RETRIES = 2

SECONDS_TO_ANSWER = 6
"""After which a server counts as out of reach, however many addresses it has."""

SECONDS_OF_SILENCE = 20
"""After which a download that has begun counts as broken."""


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
            f"'{name}' is not in {tried}, and downloading it from {base_url} failed: {reason.rstrip('.')}. {hint}"
        ) from error


def _download(name: str, folder: Path, base_url: str, checksum: str) -> Path:
    url = f"{base_url.rstrip('/')}/"
    _check_answer(f"{url}{name}")
    pooch.get_logger().setLevel("WARNING")  # the progress bar and the error say the same in a line
    source = pooch.create(folder, url, registry={name: checksum}, retry_if_failed=RETRIES)
    downloader = pooch.HTTPDownloader(progressbar=True, timeout=(SECONDS_TO_ANSWER, SECONDS_OF_SILENCE))
    return Path(source.fetch(name, downloader=downloader))


def _check_answer(url: str) -> None:
    """Ask a server for anything. A library's timeout holds for each of its addresses, and not for looking them up.

    Raises:
        ConnectionError: where none answers in time.
    """
    answers: Queue[Exception | None] = Queue()

    def ask() -> None:
        import requests

        try:
            requests.head(url, timeout=SECONDS_TO_ANSWER)
            answers.put(None)
        except requests.RequestException as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        error = answers.get(timeout=SECONDS_TO_ANSWER)
    except Empty:
        error = TimeoutError()
    if error is not None:
        host = urlsplit(url).hostname or url
        raise ConnectionError(f"{host} does not answer ({type(error).__name__}); check the network") from error
