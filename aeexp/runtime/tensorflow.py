"""TensorFlow and Keras without their greetings."""

import logging
import os
import sys
import tempfile


def import_tensorflow() -> None:
    """Import TensorFlow and Keras, and keep off the terminal what tells users nothing, whoever imports them first."""
    choose_onednn()
    if "tensorflow" not in sys.modules and "TF_CPP_MIN_LOG_LEVEL" not in os.environ:
        _import_silently()
    import keras

    logging.getLogger("absl").setLevel(logging.WARNING)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of each new run in a process as of a retracing
    keras.utils.disable_interactive_logging()  # runs have a progress bar of their own


def choose_onednn() -> None:
    """Have TensorFlow compute convolutions by oneDNN, here and in child processes; it reads this when it is loaded.

    They take half the time of TensorFlow's own where a processor has no more than AVX2, but TensorFlow takes them by
    itself only where there is AVX-512 VNNI. `TF_ENABLE_ONEDNN_OPTS=0` in the environment goes without.
    """
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def _import_silently() -> None:
    """Import TensorFlow and hide what its libraries print while loading.

    From version 2.17 on these lines obey no setting (tensorflow#100442). They are shown after all where the
    import fails, or where the user has set TF_CPP_MIN_LOG_LEVEL.
    """
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
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
