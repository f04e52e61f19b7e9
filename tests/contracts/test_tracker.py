"""Every tracker, and the store of what it has recorded: the same questions get the same answers."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aeexp.errors import (
    ConfigError,
    DataError,
    FileMissingError,
    OutOfMemoryError,
    RunBusyError,
    RunNotFoundError,
)
from aeexp.tracking.artifacts import Scalar
from aeexp.tracking.memory import MemoryTracker
from aeexp.tracking.mlflow.tracker import MlflowTracker
from aeexp.tracking.tags import HIGHER_IS_BETTER_TAG, KIND_TAG
from aeexp.tracking.tracker import DatasetSpec, RunSpec, Tracker

TRAINING = {KIND_TAG: "training"}
SPEC = RunSpec("first", {"seed": 0, "model.latent_dim": None}, TRAINING, texts={"config.yaml": "größe: 1\n"})
EPOCHS = {1: {"val/loss": 0.5, "val/psnr": 18.0}, 2: {"val/loss": 0.1 + 0.2, "val/psnr": 19.5}}
FINAL = {"test/psnr": 20.25, "test/ssim": 0.75}
NOBODY = "0" * 32


@pytest.fixture(params=["memory", "mlflow"])
def tracker(request, monkeypatch) -> Tracker:
    """An opened tracker with an empty store."""
    if request.param == "memory":
        tracker: Tracker = MemoryTracker()
    else:
        monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
        folder = str(request.getfixturevalue("store"))
        tracker = MlflowTracker(uri=None, folder=folder, experiment="aeexp", log_model=False)
    tracker.open()
    return tracker


@pytest.fixture
def ended(tracker) -> Callable[..., str]:
    """Records a training with some final metrics, and gives its id."""

    def record(status: str = "FINISHED", tags: dict[str, str] | None = None, **metrics: float) -> str:
        run = tracker.begin(replace(SPEC, tags=TRAINING if tags is None else tags))
        run.write_metrics({name.replace("_", "/", 1): value for name, value in metrics.items()}, 0)
        run.finish(status)
        return run.id

    return record


def test_what_is_written_is_read_with_the_same_values_and_steps(tracker, tmp_path):
    data = {part: DatasetSpec("mnist", f"digest of {part}", {"limit": 9}, {"images": 9}) for part in ("train", "test")}
    before = datetime.now() - timedelta(seconds=1)
    run = tracker.begin(replace(SPEC, datasets=data))
    for step, metrics in EPOCHS.items():
        run.write_metrics(metrics, step)
    run.write(Scalar("latent/active_units", 7.0))
    run.write(Scalar("probe/psnr", 11.0), step=2)
    run.write_metrics(FINAL, 0)
    run.finish("FINISHED")
    info = tracker.store.info(run.id)
    assert (info.id, info.name, info.status) == (run.id, "first", "FINISHED")
    assert before < info.begin < datetime.now() + timedelta(seconds=1)
    assert info.params == {"seed": "0", "model.latent_dim": "None"}
    assert info.tags[KIND_TAG] == "training"
    assert info.digests == {"train": "digest of train", "test": "digest of test"}
    assert info.metrics == {**EPOCHS[2], **FINAL, "latent/active_units": 7.0, "probe/psnr": 11.0}
    series = {name: {step: values[name] for step, values in EPOCHS.items()} for name in EPOCHS[1]}
    finals = {name: {0: value} for name, value in FINAL.items()}
    expected = {**series, **finals, "latent/active_units": {0: 7.0}, "probe/psnr": {2: 11.0}}
    assert tracker.store.metric_history(run.id) == expected
    assert tracker.store.list() == [info]
    assert tracker.store.find("latest") == run.id


def test_files_are_read_as_they_were_written(tracker, tmp_path):
    (tmp_path / "state.npz").write_bytes(bytes(range(256)))
    run = tracker.begin(SPEC)
    run.write_file(tmp_path / "state.npz", "weights")
    run.write_text("Gewöhnliches", "notes/more.txt")
    run.write_text("once more", "notes/more.txt")
    run.finish("FINISHED")
    target = tmp_path / "read"
    target.mkdir()

    def read(name: str) -> bytes:
        path = tracker.store.read_file(run.id, name, target)
        assert path.is_relative_to(target)
        return path.read_bytes()

    assert read("weights/state.npz") == bytes(range(256))
    assert read("notes/more.txt") == b"once more"
    assert read("config.yaml").decode() == "größe: 1\n"


@pytest.mark.parametrize("name", ["model.json", "weights/state.npz", "notes/nothing.txt"])
def test_a_missing_file_is_told_from_a_missing_run(tracker, tmp_path, name):
    run = tracker.begin(SPEC)
    run.write_text("", "notes/more.txt")
    run.finish("KILLED")
    with pytest.raises(FileMissingError, match=f"run {run.id} has no file {name}"):
        tracker.store.read_file(run.id, name, tmp_path)
    with pytest.raises(RunNotFoundError):
        tracker.store.read_file(NOBODY, name, tmp_path)


def test_nobody_is_no_run(tracker):
    for ask in (tracker.store.info, tracker.store.metric_history, tracker.store.find, tracker.resume):
        with pytest.raises(RunNotFoundError):
            ask(NOBODY)


def test_nan_and_infinity_are_kept(tracker):
    run = tracker.begin(SPEC)
    for step, value in enumerate((math.nan, -math.nan, 1.0), start=1):
        run.write_metrics({"val/loss": value}, step)
    run.finish("FAILED")
    series = tracker.store.metric_history(run.id)["val/loss"]
    assert [str(series[step]) for step in (1, 2, 3)] == ["nan", "nan", "1.0"]
    assert tracker.store.info(run.id).metrics["val/loss"] == 1.0


def test_latest_is_the_newest_finished_training(tracker, ended):
    with pytest.raises(RunNotFoundError, match=r"run=latest: there is no such training yet; train one"):
        tracker.store.find("latest")
    killed_first = ended("KILLED")
    with pytest.raises(RunNotFoundError):
        tracker.store.find("latest")
    assert tracker.store.find("latest", unfinished=True) == killed_first
    finished = ended()
    killed = ended("KILLED")
    ended(tags={KIND_TAG: "evaluation"})
    assert tracker.store.find("latest") == finished
    assert tracker.store.find("latest", unfinished=True) == killed


def test_an_id_may_be_given_by_its_beginning(tracker, ended):
    ids = [ended() for _ in range(17)]  # more than there are first digits
    for run_id in ids[:3]:
        assert tracker.store.find(run_id) == run_id
        assert tracker.store.find(run_id[:12]) == run_id
    first = next(run_id[0] for run_id in ids if sum(other[0] == run_id[0] for other in ids) > 1)
    with pytest.raises(RunNotFoundError, match=rf"run={first}: more than one run begins so \({first}\w+, {first}\w+"):
        tracker.store.find(first)


@pytest.mark.parametrize("selector", ["", "zebra", "a name", "denoiser@champion", "'; drop", "%", "best", "bést:x"])
def test_what_means_no_run_is_refused_with_what_can_be_given(tracker, ended, selector):
    ended()
    with pytest.raises(RunNotFoundError, match=r"there is no such run\..* Give an id or its beginning, latest, best:"):
        tracker.store.find(selector)


def test_best_is_the_finished_training_with_the_best_value(tracker, ended):
    tags = {**TRAINING, HIGHER_IS_BETTER_TAG: "psnr ssim"}
    low = ended(tags=tags, val_psnr=18.0, val_loss=0.3, baseline_pca_psnr=2.0)
    high = ended(tags=tags, val_psnr=22.0, val_loss=0.5, baseline_pca_psnr=1.0)
    ended("KILLED", tags=tags, val_psnr=30.0, val_loss=0.1)
    ended(tags={**tags, KIND_TAG: "evaluation"}, val_psnr=31.0, val_loss=0.0)
    ended(tags=tags, val_psnr=math.nan, val_loss=math.nan)
    ended(tags=tags)
    assert tracker.store.find("best:val/psnr") == high
    assert tracker.store.find("best:val/loss") == low
    with pytest.raises(RunNotFoundError, match=r"no finished run has this metric; one of them has"):
        tracker.store.find("best:val/beauty")


def test_best_counts_the_last_value_of_a_run(tracker):
    ids = []
    for values in ((30.0, 20.0), (10.0, 25.0)):
        run = tracker.begin(SPEC)
        for step, value in enumerate(values, start=1):
            run.write_metrics({"val/psnr": value}, step)
        run.finish("FINISHED")
        ids.append(run.id)
    assert tracker.store.find("best:val/psnr") == ids[1]


def test_best_of_nothing(tracker, ended):
    with pytest.raises(RunNotFoundError, match="there is no such training yet"):
        tracker.store.find("best:val/psnr")
    ended()
    with pytest.raises(RunNotFoundError, match="no finished run has this metric; one of them has none"):
        tracker.store.find("best:val/psnr")


def test_the_newest_run_with_a_metric_says_which_direction_is_better(tracker, ended):
    def tagged(names: str) -> dict[str, str]:
        return {**TRAINING, HIGHER_IS_BETTER_TAG: names}

    ended(tags=tagged("fid"), test_fid=2.0, test_psnr=20.0)
    assert tracker.store.higher_is_better("test/fid")
    assert not tracker.store.higher_is_better("test/psnr")
    best = ended(tags=tagged("psnr"), test_fid=1.0, test_psnr=21.0)
    ended(tags=tagged("fid"), val_loss=1.0)  # has neither metric
    assert not tracker.store.higher_is_better("test/fid")
    assert tracker.store.higher_is_better("test/psnr")
    assert tracker.store.find("best:test/fid") == best
    assert [run.metrics.get("test/fid") for run in tracker.store.list(sort="test/fid")] == [1.0, 2.0, None]
    ended(tags=tagged("fid psnr"), test_fid=math.nan)
    assert tracker.store.higher_is_better("test/fid")
    assert not tracker.store.higher_is_better("test/d")  # no part of a name


@pytest.mark.parametrize(
    ("metric", "higher"),
    [
        *(("val/psnr", True), ("baseline/pca/ssim", True), ("latent/linear_accuracy", True), ("active_units", True)),
        *(("val/loss", False), ("test/mse", False)),
    ],
)
def test_runs_without_the_tag_and_empty_stores_fall_back_to_names(tracker, ended, metric, higher):
    assert tracker.store.higher_is_better(metric) is higher
    run = tracker.begin(SPEC)
    run.write_metrics({metric: 1.0}, 0)
    run.finish("FINISHED")
    assert tracker.store.higher_is_better(metric) is higher


def test_a_list_is_ordered_and_cut(tracker, ended):
    assert tracker.store.list() == []
    without = ended("FAILED")
    values = {ended(tags={}, val_psnr=value): value for value in (20.0, math.nan, 22.0, 18.0)}
    oldest, nan, best, newest = values
    assert [run.id for run in tracker.store.list()] == [newest, best, nan, oldest, without]
    assert [run.id for run in tracker.store.list(sort="val/psnr")] == [best, oldest, newest, nan, without]
    assert [run.id for run in tracker.store.list(sort="val/psnr", limit=2)] == [best, oldest]
    assert [run.id for run in tracker.store.list(limit=1)] == [newest]
    assert [run.id for run in tracker.store.list(sort="val/beauty")] == [newest, best, nan, oldest, without]
    for limit in (0, -1, 50_001):
        with pytest.raises(ConfigError, match=f"limit: it must be from 1 to 50000. Received limit={limit}"):
            tracker.store.list(limit=limit)


def test_a_condition_that_the_store_cannot_follow_is_refused(tracker, ended):
    with pytest.raises(ConfigError, match=r"filter: .*Received filter=best of all"):
        tracker.store.list("best of all")


def test_a_run_goes_on_where_it_stopped(tracker, tmp_path):
    run = tracker.begin(SPEC)
    for step, metrics in EPOCHS.items():
        run.write_metrics(metrics, step)
    run.finish("KILLED")
    run = tracker.resume(run.id)
    assert (run.epochs_written, run.status_before) == (2, "KILLED")
    assert tracker.store.info(run.id).status == "RUNNING"
    run.write_metrics({"val/loss": 0.25, "val/psnr": 20.0}, 3)
    run.write_text("trainer: longer\n", "config.yaml")
    run.finish("FINISHED")
    assert tracker.store.metric_history(run.id)["val/loss"] == {1: 0.5, 2: 0.1 + 0.2, 3: 0.25}
    assert tracker.store.read_file(run.id, "config.yaml", tmp_path).read_text() == "trainer: longer\n"
    assert [each.id for each in tracker.store.list()] == [run.id]


def test_a_run_without_epochs_goes_on_from_the_first(tracker, ended):
    run = tracker.resume(ended("KILLED"))
    assert run.epochs_written == 0
    run.finish("FINISHED")


def test_a_second_evaluation_replaces_the_first(tracker, ended):
    run = tracker.resume(ended(test_psnr=20.0))
    run.write_metrics({"test/psnr": 19.0}, 0)
    run.finish("FINISHED")
    assert tracker.store.metric_history(run.id) == {"test/psnr": {0: 19.0}}
    assert tracker.store.info(run.id).metrics == {"test/psnr": 19.0}


def test_a_run_at_work_is_not_resumed(tracker):
    run = tracker.begin(SPEC)
    with pytest.raises(RunBusyError, match=f"run {run.id} is at work"):
        tracker.resume(run.id)
    run.finish("FINISHED")


def test_a_recording_ends_as_finished(tracker):
    with tracker.record(SPEC) as run:
        assert tracker.store.info(run.id).status == "RUNNING"
    assert tracker.store.info(run.id).status == "FINISHED"


@pytest.mark.parametrize("error", [ValueError("odd"), OutOfMemoryError("odd"), ConfigError("odd"), SystemExit("odd")])
def test_a_recording_that_fails_says_why(tracker, tmp_path, error):
    with pytest.raises(type(error)), tracker.record(SPEC) as run:
        raise error
    assert tracker.store.info(run.id).status == "FAILED"
    assert "odd" in tracker.store.read_file(run.id, "traceback.txt", tmp_path).read_text()


def test_an_interrupted_recording_is_killed(tracker, tmp_path):
    with pytest.raises(KeyboardInterrupt), tracker.record(SPEC) as run:
        raise KeyboardInterrupt
    assert tracker.store.info(run.id).status == "KILLED"
    with pytest.raises(FileMissingError):
        tracker.store.read_file(run.id, "traceback.txt", tmp_path)


@pytest.mark.parametrize("status", ["FINISHED", "KILLED", "FAILED"])
def test_a_resumed_run_that_is_refused_stays_as_it_was(tracker, ended, tmp_path, status):
    run_id = ended(status)
    before = tracker.store.info(run_id)
    with pytest.raises(DataError), tracker.record(SPEC, resumed=run_id):
        raise DataError("the images are gone")
    after = tracker.store.info(run_id)
    assert (after.status, after.metrics) == (status, before.metrics)
    with pytest.raises(FileMissingError):
        tracker.store.read_file(run_id, "traceback.txt", tmp_path)


def test_a_resumed_run_that_fails_has_failed(tracker, ended):
    run_id = ended("KILLED")
    with pytest.raises(OutOfMemoryError), tracker.record(SPEC, resumed=run_id):
        raise OutOfMemoryError("odd")
    assert tracker.store.info(run_id).status == "FAILED"


def test_a_store_sees_what_is_recorded_later(tracker, ended):
    store = tracker.store
    assert store.list() == []
    assert store.find(ended()) == store.list()[0].id


def test_two_stores_do_not_mix(tracker, ended, tmp_path):
    other = (
        MemoryTracker()
        if isinstance(tracker, MemoryTracker)
        else MlflowTracker(uri=None, folder=str(tmp_path / "other place"), experiment="aeexp", log_model=False)
    )
    other.open()
    ended()
    assert other.store.list() == []
