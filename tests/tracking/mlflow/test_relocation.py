"""A store that was moved, renamed or copied is found where it is now, and what it was copied from stays untouched."""

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from aeexp.tracking.mlflow.relocation import COLUMNS, FOLDER, local_path, relocate
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tracker import RunSpec
from tests.support.stores import tracker_of

NAMES = ["moved", "two words", "100% & more", "a%20b", "#1", 'it\'s "quoted"', "größer 日本 🙂", "a'); --"]


def record(store: Path, text: str = "before") -> str:
    """Record a run with one file, and give its id."""
    tracker = tracker_of(store)
    tracker.open()
    run = tracker.begin(RunSpec("run", {}, texts={"a.txt": text}))
    run.finish("FINISHED")
    return run.id


def text_of(store: Path, run: str, folder: Path) -> str:
    """The file of a run, as a command would read it."""
    tracker = tracker_of(store)
    tracker.open()
    return tracker.store.read_file(run, "a.txt", folder).read_text()


def execute(store: Path, statement: str, *values: str) -> list[tuple]:
    with closing(sqlite3.connect(store / "mlflow.db")) as connection, connection:
        return connection.execute(statement, values).fetchall()


def locations(store: Path) -> list[str]:
    """All that the database says of where files are."""
    return [path for table, column in COLUMNS for (path,) in execute(store, f"SELECT {column} FROM {table}") if path]


def contents(store: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in store.rglob("*") if path.is_file()}


def as_by_an_older_version(store: Path) -> None:
    execute(store, "DELETE FROM experiment_tags WHERE key = ?", FOLDER)


@pytest.mark.parametrize("name", NAMES)
def test_moved(store, tmp_path, name, caplog):
    run = record(store)
    place = tmp_path / name / "runs"
    place.parent.mkdir()
    store.rename(place)
    assert text_of(place, run, tmp_path) == "before"
    assert f"the store was moved from {store} to {place}; its records now point to {place}" in caplog.text
    caplog.clear()
    assert text_of(place, record(place, "after"), tmp_path) == "after"
    assert caplog.text == ""
    assert not store.exists()


@pytest.mark.parametrize("is_older", [False, True])
def test_copied_and_the_original_stays_as_it_is(store, tmp_path, is_older, caplog):
    run = record(store)
    if is_older:
        as_by_an_older_version(store)
    copy = tmp_path / "copy"
    shutil.copytree(store, copy)
    before = contents(store)
    assert text_of(copy, run, tmp_path) == "before"
    assert f"the store was copied from {store} to {copy}" in caplog.text
    again = record(copy, "after")
    tracker_of(copy).resume(run).finish("FINISHED")
    assert (copy / "artifacts" / again).exists()
    assert contents(store) == before


@pytest.mark.parametrize("is_older", [False, True])
def test_a_copy_without_runs_or_without_files(store, tmp_path, is_older):
    tracker_of(store).open()
    for target in ("empty", "of the database alone"):
        if is_older:
            as_by_an_older_version(store)
        copy = tmp_path / target
        copy.mkdir()
        shutil.copy(store / "mlflow.db", copy)
        run = record(copy)
        assert (copy / "artifacts" / run / "artifacts" / "a.txt").exists()
        record(store)


def test_a_store_of_an_older_version_in_whose_former_place_a_run_was_recorded_after_it_had_moved(store, tmp_path):
    moved, left_behind = record(store), record(store)
    as_by_an_older_version(store)
    place = tmp_path / "moved"
    shutil.copytree(store, place)
    (store / "mlflow.db").unlink()
    shutil.rmtree(place / "artifacts" / left_behind)
    shutil.rmtree(store / "artifacts" / moved)
    assert text_of(place, moved, tmp_path) == text_of(place, left_behind, tmp_path) == "before"
    shutil.move(store / "artifacts" / left_behind, place / "artifacts")
    shutil.rmtree(store)
    assert text_of(place, left_behind, tmp_path) == "before"


def test_moved_twice_and_back(store, tmp_path, caplog):
    run, place = record(store), store
    for name in ("one", "one/two", "mlruns"):
        target = tmp_path / "other" / name if "/" not in name else tmp_path / "deeper" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        place = place.rename(target)
        assert text_of(place, run, tmp_path) == "before"
    assert caplog.text.count("its records now point to") == 3


def test_moved_into_a_part_of_its_former_folder(store, tmp_path):
    run = record(store)
    shutil.move(store, tmp_path / "kept")
    store.mkdir()
    place = store / "archive"
    shutil.move(tmp_path / "kept", place)
    assert text_of(place, run, tmp_path) == "before"
    assert text_of(place, record(place, "after"), tmp_path) == "after"
    assert all(path.startswith(place.as_uri()) for path in locations(place)[1:])


def test_artifacts_that_are_elsewhere_on_purpose_stay_there(store, tmp_path):
    elsewhere = ["s3://bucket/artifacts", "mlflow-artifacts:/1", (tmp_path / "big disk").as_uri()]
    tracker = tracker_of(store)
    tracker.open()
    for number, location in enumerate(elsewhere):
        tracker.store.client.create_experiment(f"elsewhere {number}", artifact_location=location)
    store.rename(tmp_path / "moved")
    tracker_of(tmp_path / "moved").open()
    assert set(elsewhere) <= set(locations(tmp_path / "moved"))


def test_a_database_of_an_older_version_whose_artifacts_are_in_another_folder(store, tmp_path, caplog):
    """It was named by MLFLOW_TRACKING_URI, and the files went to the checkout."""
    run = record(store)
    as_by_an_older_version(store)
    place = tmp_path / "database"
    place.mkdir()
    (store / "mlflow.db").rename(place / "mlflow.db")
    assert text_of(place, run, tmp_path) == "before"
    assert (store / "artifacts" / record(place)).exists()
    assert caplog.text == ""


def test_files_lie_beside_a_database_that_is_elsewhere(tmp_path):
    tracker = MlflowTracker(f"sqlite:///{tmp_path}/elsewhere/runs.db", str(tmp_path / "mlruns"), "aeexp", False)
    tracker.open()
    run = tracker.begin(RunSpec("run", {}, texts={"a.txt": "text"}))
    run.finish("FINISHED")
    assert (tmp_path / "elsewhere" / "artifacts" / run.id / "artifacts" / "a.txt").exists()
    assert not (tmp_path / "mlruns" / "artifacts").exists()


def test_reached_through_a_link_it_has_not_moved(store, tmp_path, caplog):
    run = record(store)
    (tmp_path / "link").symlink_to(store)
    before = locations(store)
    assert text_of(tmp_path / "link", run, tmp_path) == "before"
    assert (locations(store), caplog.text) == (before, "")


def test_opened_by_many_at_once(store, tmp_path, caplog):
    runs = [record(store) for _ in range(3)]
    place = store.rename(tmp_path / "moved")
    threads = [threading.Thread(target=relocate, args=(place / "mlflow.db", place)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [text_of(place, run, tmp_path) for run in runs] == ["before"] * 3


def test_a_database_that_mlflow_has_yet_to_fill(tmp_path):
    (tmp_path / "mlflow.db").touch()
    assert relocate(tmp_path / "mlflow.db", tmp_path) == []


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("file:///a%20b/%23", "/a b/#"),
        ("/a%20b", "/a%20b"),
        ("s3://bucket/x", None),
        ("models:/m-1", None),
        (None, None),
    ],
)
def test_local_paths(location, path):
    assert local_path(location) == (None if path is None else Path(path))
