"""What TensorFlow says to itself."""

import logging

import tensorflow as tf

from aeexp.runtime.tensorflow import import_tensorflow


def test_several_runs_in_one_process_are_no_reason_to_warn(caplog):
    """Also where TensorFlow was there before, as in the workers of a sweep."""
    logging.getLogger("tensorflow").setLevel(logging.NOTSET)
    import_tensorflow()
    for _ in range(9):
        tf.function(lambda: tf.constant(1))()
    assert caplog.text == ""
