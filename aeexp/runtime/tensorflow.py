"""Importing TensorFlow and Keras without their messages."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from aeexp.runtime.compat import custom_gradients, release_custom_gradients

SILENT = "3"
"""The level of TensorFlow's log at which nothing is shown; what a process sets, its children find."""


def import_tensorflow() -> None:
    """Import TensorFlow and Keras, and silence their messages, also if something else has imported them before."""
    choose_onednn()
    if "tensorflow" not in sys.modules and os.environ.get("TF_CPP_MIN_LOG_LEVEL", SILENT) == SILENT:
        _import_silently()
    import keras

    logging.getLogger("absl").setLevel(logging.WARNING)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # takes each new run in a process for a retracing
    keras.utils.disable_interactive_logging()  # runs have their own progress bar


@contextmanager
def tensorflow_imported() -> Iterator[None]:
    """TensorFlow for a call within a program, with Keras as before afterwards."""
    with keras_as_before():
        import_tensorflow()
        yield


@contextmanager
def keras_as_before() -> Iterator[None]:
    """Gives a program's own settings of Keras back, where a call sets them, and the memory that TensorFlow keeps.

    Settings are whether Keras shows progress bars, what is logged, and the precision of layers.
    """
    keras = sys.modules.get("keras")
    is_interactive = keras is None or keras.config.is_interactive_logging_enabled()
    policy = None if keras is None else keras.config.dtype_policy()
    loggers = [logging.getLogger(name) for name in ("absl", "tensorflow")]
    levels = [logger.level for logger in loggers]
    gradients = custom_gradients() if "tensorflow" in sys.modules else set()
    try:
        yield
    finally:
        if "tensorflow" in sys.modules:
            release_custom_gradients(gradients)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if (keras := sys.modules.get("keras")) is not None:
            if is_interactive:
                keras.utils.enable_interactive_logging()
            keras.config.set_dtype_policy(policy or "float32")


def choose_onednn() -> None:
    """Set TensorFlow to compute convolutions by oneDNN, here and in child processes; it reads this while loading.

    With AVX2, they take half the time of TensorFlow's own, but TensorFlow chooses them only on processors with AVX-512
    VNNI. `TF_ENABLE_ONEDNN_OPTS=0` in the environment disables them.
    """
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def _import_silently() -> None:
    """Import TensorFlow and hide what its libraries print while loading, unless the import fails.

    From version 2.17 on no setting turns these lines off (tensorflow#100442). They are shown if the user has set
    another TF_CPP_MIN_LOG_LEVEL.
    """
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = SILENT
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as lines:
        os.dup2(lines.fileno(), 2)
        try:
            import tensorflow  # noqa: F401
        except ImportError:
            lines.seek(0)
            os.write(terminal, lines.read())
            raise
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
