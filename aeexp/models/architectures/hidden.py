"""Hidden layers: a layer with weights, the normalization of its results and its activation."""

from __future__ import annotations

import math
from collections.abc import Callable

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.lazy import keras, layers

GATED = "gated"
ACTIVATIONS = ("relu", "elu", "tanh", "leaky_relu", "gelu", GATED, "linear")
"""Of hidden layers: those of Keras by their names; `gated` multiplies a linear layer by a sigmoid one of the same kind
(Dauphin et al., "Language Modeling with Gated Convolutional Networks", 2017).
"""

LAYER, GROUP, NONE = "layer", "group", "none"
NORMALIZATIONS = (NONE, LAYER, GROUP)
"""Of each image by itself, so that they mean the same in batches and shards of any size."""

MAX_GROUPS = 8
"""Of a group normalization."""

OUTPUT_ACTIVATIONS = ("sigmoid", "linear")
"""Of the last layer of a decoder."""


def check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a value that is none of the choices.

    Raises:
        ConfigError: naming them.
    """
    if value not in choices:
        raise ConfigError(
            f"`{name}` must be one of {', '.join(choices)}. Received {name}={value}.{did_you_mean(value, choices)}"
        )


def hidden(
    make: Callable[[str], layers.Layer], features: keras.KerasTensor, activation: str, normalization: str
) -> keras.KerasTensor:
    """The results of a hidden layer.

    Args:
        make: a new layer with weights, with an activation of Keras.
        features: [N, …] that it is applied to.
        activation: one of `ACTIVATIONS`.
        normalization: of the results before the activation, one of `NORMALIZATIONS`.
    """
    if activation == GATED:
        return normalized(make("linear")(features), normalization) * make("sigmoid")(features)
    if normalization == NONE:
        return make(activation)(features)
    return layers.Activation(activation)(normalized(make("linear")(features), normalization))


def normalized(features: keras.KerasTensor, normalization: str) -> keras.KerasTensor:
    """Features [N, …, C] after a normalization: of each place over its channels, or of each group of channels."""
    if normalization == LAYER:
        return layers.LayerNormalization()(features)
    if normalization == GROUP:
        return layers.GroupNormalization(math.gcd(features.shape[-1], MAX_GROUPS))(features)
    return features
