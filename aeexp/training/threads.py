"""How many processor threads TensorFlow may use."""

import os
from contextlib import suppress

import tensorflow as tf


def use_threads(count: int | None) -> None:
    """Run each operation on one thread and this many operations side by side; None takes all cores.

    A batch is computed in shards, one to a thread, which uses the cores better than threads within an operation,
    and gives the same result on any number of them. TensorFlow takes the setting before its first operation only:
    within one process, the first run decides.
    """
    with suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(count or len(os.sched_getaffinity(0)))
