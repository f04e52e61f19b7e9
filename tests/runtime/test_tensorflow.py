"""What TensorFlow is told before it is loaded, and what it says to itself."""

import logging
import os
import platform

import pytest
import tensorflow as tf

from aeexp.runtime.tensorflow import choose_onednn, import_tensorflow
from tests.support.processes import run

PROGRAM = """
from aeexp.runtime.tensorflow import import_tensorflow
import_tensorflow()
from tensorflow.python.util import _pywrap_util_port
print(_pywrap_util_port.IsMklEnabled())
"""


@pytest.mark.parametrize(("setting", "chosen"), [(None, "1"), ("0", "0")])
def test_onednn_is_chosen_unless_told_otherwise(monkeypatch, setting, chosen):
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", str(setting))
    if setting is None:
        monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    choose_onednn()
    assert os.environ["TF_ENABLE_ONEDNN_OPTS"] == chosen


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() != "x86_64", reason="TensorFlow has oneDNN for other processors in some builds")
@pytest.mark.parametrize(("setting", "enabled"), [(None, True), ("0", False)])
def test_onednn_computes_unless_told_otherwise(monkeypatch, setting, enabled):
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    if setting is not None:
        monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", setting)
    assert run(program=("-c", PROGRAM)).stdout == f"{enabled}\n"


def test_several_runs_in_one_process_are_no_reason_to_warn(caplog):
    """Also where TensorFlow was there before, as in the workers of a sweep."""
    logging.getLogger("tensorflow").setLevel(logging.NOTSET)
    import_tensorflow()
    for _ in range(9):
        tf.function(lambda: tf.constant(1))()
    assert caplog.text == ""
