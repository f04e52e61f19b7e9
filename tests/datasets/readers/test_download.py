import hashlib
import socket

import pytest

from aeexp.datasets.readers import download
from aeexp.datasets.readers.download import find_or_download
from aeexp.errors import DataError

CONTENT = b"some published bytes"
CHECKSUM = f"md5:{hashlib.md5(CONTENT).hexdigest()}"


@pytest.fixture
def folders(tmp_path):
    return tmp_path / "first", tmp_path / "second"


@pytest.fixture
def find(folders, server):
    return lambda: find_or_download("file.bin", folders, server.url, CHECKSUM, hint="Do this.")


def test_takes_a_file_that_is_there(find, folders):
    folders[1].mkdir()
    (folders[1] / "file.bin").write_bytes(b"anything")
    assert find() == folders[1] / "file.bin"


def test_downloads_into_the_first_folder(find, folders, published):
    (published / "file.bin").write_bytes(CONTENT)
    assert find() == folders[0] / "file.bin"
    assert find().read_bytes() == CONTENT


def test_does_not_download_twice(find, published):
    (published / "file.bin").write_bytes(CONTENT)
    find()
    (published / "file.bin").unlink()
    assert find().read_bytes() == CONTENT


def test_tries_again(find, published, server):
    (published / "file.bin").write_bytes(CONTENT)
    server.refusals = 1
    assert find().read_bytes() == CONTENT


def test_wrong_checksum_leaves_no_file(find, folders, published, monkeypatch):
    monkeypatch.setattr(download, "RETRIES", 0)
    (published / "file.bin").write_bytes(b"other bytes")
    with pytest.raises(DataError, match="hash"):
        find()
    assert not any(folders[0].iterdir())


def test_a_refusal_is_said_once(find, capsys, monkeypatch):
    monkeypatch.setattr(download.pooch.core.time, "sleep", lambda _: None)
    with pytest.raises(DataError):
        find()
    assert capsys.readouterr().err == ""


def test_failure_lists_what_was_tried(find, folders, server, monkeypatch):
    monkeypatch.setattr(download, "RETRIES", 0)
    with pytest.raises(DataError) as caught:
        find()
    message = str(caught.value)
    assert all(str(part) in message for part in (*folders, server.url, "404", "Do this."))
    assert "\n" not in message


def test_unwritable_folder_is_a_config_error(server, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "RETRIES", 0)
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="Do this"):
        find_or_download("file.bin", [tmp_path / "file" / "folder"], server.url, CHECKSUM, hint="Do this.")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid"])
def test_a_server_out_of_reach_is_asked_once(folders, url, monkeypatch):
    monkeypatch.setattr(download.pooch, "create", lambda *_, **__: pytest.fail("begins a download"))
    with pytest.raises(DataError, match=r"does not answer .* check the network\. Do this") as caught:
        find_or_download("file.bin", folders, url, CHECKSUM, hint="Do this.")
    assert len(str(caught.value)) < 400


def test_a_server_that_says_nothing_is_given_up(folders, monkeypatch):
    monkeypatch.setattr(download, "SECONDS_TO_ANSWER", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(DataError, match=r"127\.0\.0\.1 does not answer"):
            find_or_download("file.bin", folders, url, CHECKSUM, hint="Do this.")
