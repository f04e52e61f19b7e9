"""Numeric precision of the layers."""

import logging
from pathlib import Path

import keras
import tensorflow as tf

BFLOAT16_FLAGS = ("amx_bf16", "avx512_bf16")
"""Flags of processors that multiply in bfloat16; on others it is slower than float32."""


def use_precision(precision: str) -> None:
    """Set the precision of layers built from now on; weights, losses and metrics are float32 in any case."""
    if precision == "mixed_bfloat16" and not _multiplies_bfloat16():
        logging.getLogger(__name__).warning(
            "this machine does not multiply in bfloat16; trainer.precision=float32 is faster here."
        )
    keras.config.set_dtype_policy(precision)


def _multiplies_bfloat16() -> bool:
    flags = Path("/proc/cpuinfo")
    on_processor = flags.exists() and any(flag in flags.read_text() for flag in BFLOAT16_FLAGS)
    return on_processor or bool(tf.config.list_physical_devices("GPU"))
