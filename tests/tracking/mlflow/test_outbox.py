"""Entries arrive in their order, whatever happens to the store or to the process."""

import pytest
import requests
from mlflow.exceptions import MlflowException

from aeexp.errors import RunBusyError, TrackingError
from aeexp.tracking.mlflow import errors, outbox
from aeexp.tracking.mlflow.outbox import Entry, Outbox

AWAY = requests.ConnectionError("connection refused")
REFUSED = MlflowException.invalid_parameter_value("no such metric")


class Store:
    """Takes entries, or raises."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.taken: list[object] = []

    def send(self, entry: Entry) -> None:
        if self.error:
            raise self.error
        self.taken.append(entry.details["number"])
        for file in entry.folder.glob("*.txt"):
            self.taken.append(file.read_text())


@pytest.fixture
def server(monkeypatch) -> Store:
    monkeypatch.setattr(outbox, "SECONDS_BETWEEN_TRIES", 0.0)
    monkeypatch.setattr(errors, "SECONDS_BETWEEN_RETRIES", 0.0)
    return Store()


def add(box: Outbox, number: int, text: str | None = None) -> None:
    with box.entry("count", number=number) as folder:
        if text is not None:
            (folder / "file.txt").write_text(text)


def test_an_entry_is_sent_at_once_with_its_files_and_leaves_nothing(server, tmp_path):
    box = Outbox(tmp_path / "run", server.send)
    add(box, 1, "one")
    assert server.taken == [1, "one"]
    assert box.close(0)
    assert not (tmp_path / "run").exists()


def test_what_was_added_while_the_store_was_away_follows_in_order(server, tmp_path, caplog):
    box = Outbox(tmp_path / "run", server.send)
    server.error = AWAY
    for number in range(1, 12):
        add(box, number)
    assert server.taken == []
    assert caplog.text.count("does not answer") == 1
    server.error = None
    add(box, 12, "twelve")
    assert server.taken == [*range(1, 13), "twelve"]
    assert "answers again" in caplog.text


def test_says_what_keeps_the_store_away(server, tmp_path, caplog):
    box = Outbox(tmp_path / "run", server.send)
    server.error = MlflowException(
        "(raised as a result of Query-invoked autoflush)\n(sqlite3.OperationalError) database or disk is full\n[SQL: …]"
    )
    add(box, 1)
    assert "does not answer ((sqlite3.OperationalError) database or disk is full); the run goes on" in caplog.text
    assert box.obstacle == "(sqlite3.OperationalError) database or disk is full"
    server.error = None
    assert box.flush()
    assert box.obstacle is None


def test_a_store_that_is_away_is_not_asked_at_each_entry(server, tmp_path, monkeypatch):
    monkeypatch.setattr(outbox, "SECONDS_BETWEEN_TRIES", 1000.0)
    box = Outbox(tmp_path / "run", server.send)
    server.error = AWAY
    add(box, 1)
    server.error = None
    add(box, 2)
    assert server.taken == []


def test_another_process_takes_up_what_is_left(server, tmp_path):
    box = Outbox(tmp_path / "run", server.send)
    server.error = AWAY
    add(box, 1, "one")
    add(box, 2)
    assert not box.close(0)
    (tmp_path / "run" / "00000003.unfinished").mkdir()  # as a kill would leave it
    server.error = None
    box = Outbox(tmp_path / "run", server.send)
    add(box, 3)
    assert server.taken == [1, "one", 2, 3]
    assert box.close(0)


def test_one_process_at_a_time(server, tmp_path):
    box = Outbox(tmp_path / "run", server.send)
    with pytest.raises(RunBusyError, match="run run is at work in another process"):
        Outbox(tmp_path / "run", server.send)
    box.close(0)
    Outbox(tmp_path / "run", server.send).close(0)


def test_what_the_store_refuses_is_put_aside_and_said(server, tmp_path):
    box = Outbox(tmp_path / "run", server.send)
    server.error = REFUSED
    with pytest.raises(TrackingError, match=r"refuses to record count of run run \(no such metric\)\. It is kept in"):
        add(box, 1)
    server.error = None
    add(box, 2)
    assert server.taken == [2]
    assert box.close(0)
    assert (tmp_path / "run" / "00000001.refused" / "entry.json").exists()


def test_an_entry_that_cannot_be_written_leaves_nothing(server, tmp_path):
    box = Outbox(tmp_path / "run", server.send)
    with pytest.raises(OSError, match="full"), box.entry("count", number=1):
        raise OSError("the disk is full")
    assert box.close(0)
    assert server.taken == []
    assert not (tmp_path / "run").exists()


def test_closing_waits_for_the_store(server, tmp_path):
    answers = iter([AWAY, AWAY, None, None])

    def send(entry: Entry) -> None:
        server.error = next(answers)
        server.send(entry)

    box = Outbox(tmp_path / "run", send)
    add(box, 1)
    assert box.close(10)
    assert server.taken == [1]


def test_what_a_killed_run_has_left_is_deleted_if_it_is_empty(server, tmp_path, monkeypatch):
    outboxes = tmp_path / "outbox"
    empty = Outbox(outboxes / "empty", server.send)
    empty._lock.release()  # as a kill would
    at_work = Outbox(outboxes / "at work", server.send)
    server.error = AWAY
    waiting = Outbox(outboxes / "waiting", server.send)
    add(waiting, 1)
    waiting._lock.release()
    outbox.remove_empty(outboxes)
    assert {path.name for path in outboxes.iterdir()} == {"empty", "at work", "waiting"}  # may just have been created
    monkeypatch.setattr(outbox, "SECONDS_UNTIL_LEFT", -1.0)
    outbox.remove_empty(outboxes)
    assert {path.name for path in outboxes.iterdir()} == {"at work", "waiting"}
    server.error = None
    assert at_work.close(0)
    assert Outbox(outboxes / "waiting", server.send).close(0)
    assert not outboxes.exists()
    outbox.remove_empty(outboxes)
