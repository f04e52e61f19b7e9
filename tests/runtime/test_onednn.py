"""What TensorFlow is told before it is loaded."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
from aeexp.runtime.tensorflow import import_tensorflow
import_tensorflow()
from tensorflow.python.util import _pywrap_util_port
print(_pywrap_util_port.IsMklEnabled())
"""


@pytest.mark.skipif(platform.machine() != "x86_64", reason="TensorFlow has oneDNN for other processors in some builds")
@pytest.mark.parametrize(("setting", "enabled"), [(None, True), ("0", False)])
def test_onednn_computes_unless_told_otherwise(monkeypatch, setting, enabled):
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    if setting is not None:
        monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", setting)
    out = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
    assert out == f"{enabled}\n"
