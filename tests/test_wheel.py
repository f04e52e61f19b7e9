"""The built wheel carries all that it needs."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", folder, CHECKOUT], check=True)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_holds_configs_data_and_notices(wheel):
    names = set(ZipFile(wheel).namelist())
    configs = {f"aeexp/{path.relative_to(CHECKOUT)}" for path in (CHECKOUT / "conf").rglob("*.yaml")}
    assert configs <= names
    assert {"aeexp/datasets/mnist.npz", "aeexp/datasets/mnist.NOTICE.md"} <= names
    assert not any(name.startswith("tests/") for name in names)


@pytest.mark.slow
def test_trains_from_an_empty_folder(wheel, tmp_path):
    site = tmp_path / "site"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, wheel], check=True)
    empty = tmp_path / "empty folder"
    empty.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
    environment["PYTHONPATH"] = str(site)
    words = ["dataset.limit=200", "trainer.epochs=1"]
    command = [sys.executable, "-m", "aeexp", "train", *words]
    done = subprocess.run(command, cwd=empty, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (empty / "mlruns" / "mlflow.db").exists()
    assert list((empty / "mlruns" / "artifacts").rglob("reconstructions.png"))
