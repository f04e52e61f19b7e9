"""Memory that a batch needs, and what to do where there is too little."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import tensorflow as tf

from aeexp.errors import ConfigError, OutOfMemoryError
from aeexp.models.autoencoder import Autoencoder
from aeexp.training.step import images_at_once


def check_memory(model: Autoencoder, batch_size: int) -> None:
    """Refuse what the operating system would kill without a word, as it grants memory that it does not have.

    Raises:
        ConfigError: naming a batch size that fits, where even what the gradient is computed from does not.
    """
    if tf.config.list_physical_devices("GPU"):
        return  # whose memory TensorFlow knows
    needed, free = _bytes_per_image(model), psutil.virtual_memory().available
    if needed * images_at_once(batch_size) > free:
        fitting = free // (2 * needed)  # beside the outputs of the layers there are their gradients
        raise ConfigError(
            f"trainer: a batch of {batch_size} images needs more than {needed * images_at_once(batch_size) / 1e9:.1f} "
            f"GB of memory with this network, and {free / 1e9:.1f} GB are free; {_hint(fitting)}."
        )


@contextmanager
def within_memory(batch_size: int) -> Iterator[None]:
    """Says how to fix it where TensorFlow runs out of memory.

    Raises:
        OutOfMemoryError: in place of TensorFlow's own error.
    """
    try:
        yield
    except tf.errors.ResourceExhaustedError as error:
        hint = _hint(images_at_once(batch_size) // 2)
        raise OutOfMemoryError(f"a batch of {batch_size} needs more memory than there is; {hint}.") from error


def _hint(fitting: int) -> str:
    if fitting < 1:
        return "take a smaller network or smaller images"
    return f"try trainer.batch_size={2 ** int(math.log2(fitting))}"


def _bytes_per_image(model: Autoencoder) -> int:
    """What must be kept of an image until its gradient is known: the outputs of all layers that have weights."""
    layers = [layer for part in (model.encoder, model.decoder) for layer in part.layers if layer.weights]
    outputs = [output for layer in layers for output in tf.nest.flatten(layer.output)]
    return sum(math.prod(each.shape[1:]) * tf.as_dtype(each.dtype).size for each in outputs)
