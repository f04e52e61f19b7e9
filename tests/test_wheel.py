"""The built wheel carries all that it needs."""

import os
import re
import subprocess
import sys
import sysconfig
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
    assert {"aeexp/datasets/mnist.npz", "aeexp/datasets/mnist.NOTICE.md", "aeexp/py.typed"} <= names
    assert {f"aeexp/cli/completion/aeexp.{shell}" for shell in ("bash", "zsh", "fish")} <= names
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


@pytest.mark.slow
def test_components_of_ones_own_pass_a_strict_type_check(wheel, tmp_path):
    """Those of a program, and the one that CONTRIBUTING.md shows; TensorFlow and Keras have no types themselves."""
    pytest.importorskip("mypy")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    (site,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, wheel], check=True)
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    shown = re.search(r"```python\n(.*?)```", (CHECKOUT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    (tmp_path / "invert.py").write_text(shown[1])
    program = CHECKOUT / "tests" / "fixtures" / "own_components.py"
    (tmp_path / "program.py").write_text(program.read_text())
    python = tmp_path / "venv" / "bin" / "python"
    options = ["--strict", "--ignore-missing-imports", "--python-executable", python]
    environment = {name: value for name, value in os.environ.items() if name not in ("MYPYPATH", "PYTHONPATH")}
    command = [sys.executable, "-m", "mypy", *options, "program.py", "invert.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "Success: no issues found in 2 source files\n", done.stdout + done.stderr
