"""What can be done with recorded runs: `aeexp runs`, `register`, `encode` and `reproduce`."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import mlflow
import numpy as np
import pytest

from aeexp.runs.loading import LoadedRun
from aeexp.tracking.mlflow.current_store import current_store
from aeexp.tracking.mlflow.tracker import MlflowTracker
from tests.cli.commands.test_train import recorded
from tests.conftest import TINY, command_line

NOISY, VARIATIONAL = ("corruption=noise",), ("model=dense_vae", "loss=[mse,kl]", "seed=1")


@pytest.fixture(scope="module")
def trained(database_made_once, tmp_path_factory) -> Path:
    """A store with two runs, the first of them with an MLflow model."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        run = command_line(patch, folder)
        for words in (("name=noisy", *NOISY), ("name=variational", "tracking.log_model=false", *VARIATIONAL)):
            run("train", *TINY, "trainer.epochs=2", "report=none", "baseline=none", *words)
    return folder / "mlruns"


@pytest.fixture
def runs(trained, store) -> Path:
    """A copy of it that a test may add to; the artifacts stay where they were."""
    shutil.copytree(trained, store)
    return store


def identity(store: Path, name: str) -> str:
    return next(run.info.run_id for run in recorded(store) if run.info.run_name == name)


def lines(out: str) -> list[str]:
    return [line for line in out.splitlines() if re.match(r" ?[0-9a-f]{8} ", line)]


def test_runs_are_listed_newest_first_with_what_differs(aeexp, runs):
    ended = aeexp("runs")
    assert ended.code == 0, ended.err
    newest, oldest = lines(ended.out)
    assert all(word in newest for word in ("variational", "finished", "seed=1", "bottleneck=Gaussian", "latent_dim=2"))
    assert all(word in oldest for word in ("noisy", "noise.std=0.5", "latent_dim=None", "seed=0"))
    assert "batch_size" not in ended.out
    run = recorded(runs)[0]
    assert f"{run.data.metrics['test/psnr']:.4g}" in oldest


def test_runs_are_filtered_and_sorted(aeexp, runs):
    low = min(run.data.metrics["test/psnr"] for run in recorded(runs))
    (best,) = lines(aeexp("runs", f"filter=metrics.test/psnr > {low + 1e-9} and params.trainer.epochs = '2'").out)
    ordered = lines(aeexp("runs", "sort=test/psnr", "metrics=[]").out)
    assert ordered[0].split()[0] == best.split()[0]
    assert len(lines(aeexp("runs", "limit=1").out)) == 1
    assert "no run meets filter=" in aeexp("runs", "filter=metrics.test/psnr > 999").out


def test_runs_of_an_empty_store(aeexp):
    assert aeexp("runs").out == "no run is recorded yet\n"


def test_listing_loads_no_tensorflow(runs):
    program = (
        "import sys; from aeexp.cli.main import main; main()\n"
        "print('LOADED', *({'tensorflow', 'keras', 'matplotlib', 'skimage', 'sklearn'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, "runs", f"tracking.folder={runs}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "LOADED"


def test_a_registered_run_is_found_by_its_name_and_alias(aeexp, runs):
    ended = aeexp("register", "run=latest", "name=variational")
    assert "tracking.log_model=true" in ended.err  # the latest keeps no model
    run_id = identity(runs, "noisy")
    for _ in range(2):
        ended = aeexp("register", f"run={run_id[:10]}", "name=denoiser", "alias=champion")
        assert "denoiser version 1" in ended.out
    tracker = MlflowTracker(uri=None, folder=str(runs), experiment="aeexp", log_model=True)
    assert tracker.store.find("denoiser") == tracker.store.find("denoiser@champion") == run_id
    with current_store(tracker.tracking_uri):
        model = mlflow.pyfunc.load_model("models:/denoiser@champion")
    assert model.predict(np.zeros((1, 28, 28, 1), np.float32)).any()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["name=a/b"], "Names cannot contain '/' or ':'"),
        (["name=latest"], "already means another run"),
        (["name=good", "alias=latest"], "reserved"),
        ([], "name: a value is needed"),
    ],
)
def test_names_that_cannot_be(aeexp, runs, words, hint):
    ended = aeexp("register", f"run={identity(runs, 'noisy')}", *words)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert hint in ended.err


@pytest.mark.parametrize("command", ["runs", "register", "ui"])
def test_only_mlflow_can(aeexp, command):
    words = ["run=latest", "name=mine"] if command == "register" else []
    assert "only MLflow" in aeexp(command, "tracking=memory", *words).err


def test_codes_are_those_of_an_evaluation(aeexp, runs, tmp_path):
    output = tmp_path / "codes of 日本" / "latents.npz"
    ended = aeexp("encode", f"run={identity(runs, 'variational')}", f"output={output}")
    assert ended.code == 0, ended.err
    with np.load(output) as file:
        arrays = dict(file)
    assert set(arrays) == {"latent", "mean", "log_variance", "split", "index", "label", "class_names"}
    assert (arrays["split"] == ["train"] * 40 + ["test"] * 40).all()
    assert (arrays["index"] == [*range(40), *range(40)]).all()
    tracker = MlflowTracker(uri=None, folder=str(runs), experiment="aeexp", log_model=True)
    saved = LoadedRun.find("latest", tracker.store)
    from aeexp.datasets.mnist import Mnist

    images = Mnist(limit=40).load("test")
    code = saved.model()(images.images / np.float32(255))
    for name in ("latent", "mean", "log_variance"):
        np.testing.assert_allclose(arrays[name][40:], code[name], atol=1e-4)
    np.testing.assert_array_equal(arrays["label"][40:], images.labels)
    assert list(output.parent.iterdir()) == [output]


def test_other_images_are_encoded(aeexp, runs, tmp_path):
    words = ["dataset=shapes", "dataset.limit=3", "corruption=none", f"output={tmp_path}/shapes.npz"]
    assert aeexp("encode", f"run={identity(runs, 'noisy')}", *words).code == 0
    with np.load(tmp_path / "shapes.npz") as file:
        assert file["latent"].shape == (6, 4, 4, 8)
        assert "mean" not in file


@pytest.mark.parametrize("output", ["latents.csv", "folder.npz", "file/latents.npz"])
def test_codes_that_cannot_be_written(aeexp, runs, tmp_path, output):
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "file").touch()
    ended = aeexp("encode", "run=latest", f"output={tmp_path}/{output}")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith("error: output: ")


def test_a_run_is_reproduced_to_the_last_bit(aeexp, runs):
    run_id = identity(runs, "noisy")
    ended = aeexp("reproduce", f"run={run_id}")
    assert ended.code == 0, ended
    assert "PASS" in ended.out
    again = recorded(runs)[-1]
    assert again.data.tags["aeexp.reproduces"] == run_id
    assert again.data.params["tracking.folder"] == str(runs)
    tracker = MlflowTracker(uri=None, folder=str(runs), experiment="aeexp", log_model=True)
    assert tracker.store.find("latest") == identity(runs, "variational")


def test_what_differs_is_named_with_what_has_changed(aeexp, runs):
    run_id = identity(runs, "variational")
    with sqlite3.connect(runs / "mlflow.db") as database:
        database.execute("update metrics set value = value * 1.01 where key = 'val/mse' and step = 2")
        database.execute("update tags set value = 'another commit' where key = 'mlflow.source.git.commit'")
        database.execute("update datasets set digest = 'other ' || digest")
    (run,) = (run for run in recorded(runs) if run.info.run_id == run_id)
    circumstances = Path(run.info.artifact_uri.removeprefix("file://")) / "environment.json"
    before = circumstances.read_text()
    try:
        circumstances.write_text(json.dumps({**json.loads(before), "numpy": "0.9", "processors": "99"}))
        ended = aeexp("reproduce", f"run={run_id}")
    finally:
        circumstances.write_text(before)
    assert ended.code == 1
    assert "1 of" in ended.err
    assert re.search(r"val/mse .* 1 .* 2 .* 0\.0099", ended.out)
    for changed in (
        "another commit",
        "data .test. .*other",
        "numpy .*0.9",
        "processors .*99",
    ):
        assert re.search(changed, ended.out), ended.out
    assert aeexp("reproduce", f"run={run_id}", "tolerance=0.02").code == 0


def test_a_stored_config_does_not_say_where_to_write(aeexp, runs, tmp_path):
    """Neither store nor cache nor checkpoints of a run from a shared server is taken from its config."""
    run = next(run for run in recorded(runs) if run.info.run_name == "noisy")
    path = Path(run.info.artifact_uri.removeprefix("file://")) / "config.yaml"
    before = path.read_text()
    hostile = re.sub(r"(folder|cache|checkpoints): .*mlruns.*", rf"\1: {tmp_path}/elsewhere", before)
    assert hostile.count("elsewhere") == 3
    try:
        path.write_text(hostile)
        assert aeexp("reproduce", f"run={run.info.run_id}").code == 0
    finally:
        path.write_text(before)
    assert not (tmp_path / "elsewhere").exists()


def test_a_config_of_another_version_names_it(aeexp, runs):
    run = next(run for run in recorded(runs) if run.info.run_name == "noisy")
    folder = Path(run.info.artifact_uri.removeprefix("file://"))
    before = (folder / "config.yaml").read_text()
    try:
        (folder / "config.yaml").write_text(re.sub(r"^comparison:\n( .*\n)*", "", before, flags=re.MULTILINE))
        ended = aeexp("reproduce", f"run={run.info.run_id}")
    finally:
        (folder / "config.yaml").write_text(before)
    assert ended.code == 2
    assert f"recorded by aeexp {json.loads((folder / 'model.json').read_text())['aeexp']}" in ended.err
    assert "comparison" in ended.err
