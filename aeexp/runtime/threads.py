"""How many processor threads TensorFlow may use."""

import logging

import joblib
import tensorflow as tf


def use_threads(count: int | None) -> None:
    """Run each operation on one thread and this many operations side by side; None takes all cores.

    A batch is computed in shards, one to a thread, which uses the cores better than threads within an operation,
    and gives the same result on any number of them. TensorFlow takes the setting before its first operation only:
    within one process, the first run decides.
    """
    if tf.config.threading.get_inter_op_parallelism_threads() != 0:
        return
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(count or joblib.cpu_count())
    except RuntimeError:
        if count is not None:
            logging.warning("trainer.threads=%d has no effect: TensorFlow was in use before this run.", count)
