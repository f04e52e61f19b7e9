"""The number of processor threads that TensorFlow uses."""

import logging

import joblib
import tensorflow as tf


def use_threads(count: int | None) -> None:
    """Run this many operations in parallel, each on one thread; None takes all cores.

    A batch is computed in shards, one per thread, which uses the cores better than threads within an operation, and
    gives the same result on any number of them. TensorFlow accepts the setting before its first operation only: within
    a process, the first run decides.
    """
    is_refused_later = count is not None and count < 1
    if is_refused_later or tf.config.threading.get_inter_op_parallelism_threads() != 0:
        return
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(count or joblib.cpu_count())
    except RuntimeError:
        if count is not None:
            logging.warning("trainer.threads=%d has no effect: TensorFlow was in use before this run.", count)
