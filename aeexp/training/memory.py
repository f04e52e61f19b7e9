"""Memory that a network and a batch need, and what to do where there is too little."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import psutil
import tensorflow as tf

from aeexp.errors import ConfigError, OutOfMemoryError
from aeexp.models.autoencoder import Autoencoder
from aeexp.training.step import images_at_once

FLOAT = 4
"""Bytes of a weight."""

SMALLER = "take a smaller model.latent_dim, fewer filters or units, or smaller images"


def check_memory(model: Autoencoder, batch_size: int, samples: int = 0) -> None:
    """Refuse what the operating system would kill without a word, as it grants memory that it does not have.

    Args:
        samples: how many codes of each image are decoded; 0 as 1.

    Raises:
        ConfigError: where even the gradient does not fit, or what it is computed from; naming a batch size that does.
    """
    if tf.config.list_physical_devices("GPU"):
        return  # whose memory TensorFlow knows
    needed, free = _bytes_per_image(model, samples), psutil.virtual_memory().available
    gradient = sum(math.prod(weight.shape) for weight in model.trainable_weights) * FLOAT
    if gradient > free:
        raise _too_large(gradient, free)
    if needed * images_at_once(batch_size) > free:
        fitting = free // (2 * needed)  # beside the outputs of the layers there are their gradients
        raise ConfigError(
            f"trainer: a batch of {batch_size} images needs more than {needed * images_at_once(batch_size) / 1e9:.1f} "
            f"GB of memory with this network, and {free / 1e9:.1f} GB are free; {_hint(fitting)}."
        )


def check_code_memory(features: int, latent_dim: int | None) -> None:
    """Refuse a code whose weights alone do not fit, before they are made.

    Args:
        features: that the code is computed from.

    Raises:
        ConfigError: naming the size of the code.
    """
    free, needed = psutil.virtual_memory().available, features * (latent_dim or 0) * FLOAT
    if needed > free and not tf.config.list_physical_devices("GPU"):
        raise _too_large(needed, free, f" Received model.latent_dim={latent_dim}.")


@contextmanager
def network_within_memory() -> Iterator[None]:
    """Says how to fix it where the weights of a network do not fit into memory.

    Raises:
        OutOfMemoryError: in place of TensorFlow's own error.
    """
    try:
        yield
    except (tf.errors.ResourceExhaustedError, MemoryError) as error:
        raise OutOfMemoryError(f"model: its weights need more memory than there is; {SMALLER}.") from error


def _too_large(needed: int, free: int, received: str = "") -> ConfigError:
    return ConfigError(
        f"model: its weights need more than {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free; "
        f"{SMALLER}.{received}"
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


def _bytes_per_image(model: Autoencoder, samples: int) -> int:
    """What must be kept of an image until its gradient is known: the outputs of all layers that have weights."""
    return _bytes_of(model.encoder) + max(1, samples) * _bytes_of(model.decoder)


def _bytes_of(network: keras.Model) -> int:
    outputs = [output for layer in network.layers if layer.weights for output in tf.nest.flatten(layer.output)]
    return sum(math.prod(each.shape[1:]) * tf.as_dtype(each.dtype).size for each in outputs)
