"""Sharding: batches split into parts that are computed on one thread each."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

SHARDS = 4
"""Into how many the images of an evaluation are split; fixed, so that no result depends on the number of threads."""


def map_shards(function: Callable[[tf.Tensor], Any], indices: tf.Tensor) -> Any:
    """Apply a function of some images to shards of them in parallel, and join the results.

    Args:
        function: from int [n] to a structure of tensors [n, …].
        indices: int [N].
    """
    function = tf.function(function, autograph=False)  # traced once for all shards
    count = tf.shape(indices)[0]
    whole = tf.concat([indices, tf.repeat(indices[:1], -count % SHARDS)], 0)
    parts = [function(shard) for shard in tf.split(whole, SHARDS)]
    return tf.nest.map_structure(lambda *values: tf.concat(values, 0)[:count], *parts)
