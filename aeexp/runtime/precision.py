"""Numeric precision of the layers."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import tensorflow as tf

BFLOAT16_FLAGS = ("amx_bf16", "avx512_bf16")
"""Flags of processors that multiply in bfloat16; on others it is slower than float32."""


@contextmanager
def built_in_precision(precision: str) -> Iterator[None]:
    """Set the precision of the layers built inside; weights, losses and metrics are float32 in any case.

    The policy of Keras is restored afterwards.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def warn_where_slow(precision: str) -> None:
    """Warn if a precision is slower than float32 on this machine."""
    if precision == "mixed_bfloat16" and not _multiplies_bfloat16():
        logging.getLogger(__name__).warning(
            "this machine does not multiply in bfloat16; trainer.precision=float32 is faster here."
        )


def _multiplies_bfloat16() -> bool:
    flags = Path("/proc/cpuinfo")
    on_processor = flags.exists() and any(flag in flags.read_text() for flag in BFLOAT16_FLAGS)
    return on_processor or bool(tf.config.list_physical_devices("GPU"))
