"""Commands that are interrupted while they write files."""

import signal
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.processes import start
from tests.support.trainings import NOISY_AND_VARIATIONAL

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("command", ["predict", "encode"])
def test_ctrl_c_leaves_no_half_written_file(command, trained_stores, tmp_path):
    store, output = trained_stores.after(*NOISY_AND_VARIATIONAL), tmp_path / "out"
    for number in range(200):
        (tmp_path / "in").mkdir(exist_ok=True)
        Image.fromarray(np.full((90, 90), number, np.uint8)).save(tmp_path / "in" / f"{number}.png")
    words = {
        "predict": [f"images={tmp_path}/in", f"output={output}"],
        "encode": [f"output={output}/codes.npz", "dataset=mnist"],
    }[command]
    process = start(command, "run=latest", f"tracking.folder={store}", *words)
    while process.poll() is None and not any(output.rglob("*")):
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert not [path for path in output.rglob("*") if path.name.startswith(".")]
    for path in output.rglob("*.png"):
        check(path)


def check(path: Path) -> None:
    with Image.open(path) as image:
        image.load()
