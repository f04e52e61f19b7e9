"""A residual network that works at the input's resolution and enlarges at the end."""

from dataclasses import dataclass

import keras
from keras import layers, ops

from aeexp.errors import ConfigError
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.architectures.space_to_depth import depth_to_space
from aeexp.types import Shape


@dataclass(frozen=True)
class Residual(Architecture):
    """Adds what a stack of residual blocks makes out to the input's bicubic enlargement.

    The input's own channels travel in the code behind the features, so that the decoder can enlarge them.

    The blocks and the long skip are those of the EDSR baseline (Lim et al., "Enhanced Deep Residual Networks for
    Single Image Super-Resolution", 2017), the sub-pixel convolution is that of ESPCN (Shi et al., "Real-Time Single
    Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network", 2016).

    Args:
        filters: of every convolution in the encoder.
        blocks: residual blocks of two convolutions each.
    """

    filters: int
    blocks: int

    def __post_init__(self) -> None:
        for name in ("filters", "blocks"):
            if getattr(self, name) < 1:
                raise ConfigError(f"`{name}` must be at least 1. Received {name}={getattr(self, name)}.")

    def encoder(self, input_shape: Shape) -> keras.Model:
        images = keras.Input(input_shape)
        features = first = layers.Conv2D(self.filters, 3, padding="same")(images)
        for _ in range(self.blocks):
            features = self._block(features)
        return keras.Model(images, layers.Concatenate()([features + first, images]), name="encoder")

    def decoder(self, code_shape: Shape, output_shape: Shape) -> keras.Model:
        scale, channels = _scale(code_shape, output_shape), output_shape[2]
        code = keras.Input(code_shape)
        features, images = ops.split(code, [code_shape[2] - channels], axis=-1)
        # From zero, so that training sets out from the bicubic enlargement itself.
        details = layers.Conv2D(channels * scale**2, 3, padding="same", kernel_initializer="zeros")(features)
        enlarged = layers.UpSampling2D(scale, interpolation="bicubic")(images)
        return keras.Model(code, ops.clip(enlarged + depth_to_space(details, scale), 0, 1), name="decoder")

    def _block(self, features: keras.KerasTensor) -> keras.KerasTensor:
        change = layers.Conv2D(self.filters, 3, padding="same", activation="relu")(features)
        return features + layers.Conv2D(self.filters, 3, padding="same")(change)


def _scale(code_shape: Shape, output_shape: Shape) -> int:
    """How many times larger the output is than the code, the same in height and width."""
    height, width = output_shape[:2]
    if len(code_shape) != 3 or code_shape[2] <= output_shape[2]:
        raise ConfigError(
            f"the code must keep the shape of the encoder's features. Received {list(code_shape)}; "
            "use model.latent_dim=null."
        )
    scale = height // code_shape[0]
    if (height, width) != (scale * code_shape[0], scale * code_shape[1]):
        raise ConfigError(
            f"the images must be a whole number of times larger than their input. Received {height}×{width} from "
            f"{code_shape[0]}×{code_shape[1]}; use another corruption or model=conv_ae."
        )
    return scale
