"""Residual super-resolution network (EDSR, ESPCN)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from aeexp.errors import ConfigError
from aeexp.lazy import keras, layers, ops
from aeexp.models.architectures.architecture import Architecture
from aeexp.models.architectures.space_to_depth import depth_to_space
from aeexp.types import Shape


@dataclass(frozen=True)
class Residual(Architecture):
    """Residual super-resolution network: details are predicted and added to the bicubic upscaling of the input.

    All convolutions work at the resolution of the input. The input's channels are concatenated to the features in the
    code, so that the decoder can upscale them.

    Residual blocks and the long skip connection are those of the EDSR baseline (Lim et al., "Enhanced Deep Residual
    Networks for Single Image Super-Resolution", 2017). The sub-pixel convolution is that of ESPCN (Shi et al.,
    "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network",
    2016).

    Args:
        filters: number of filters of every convolution in the encoder.
        blocks: number of residual blocks, of two convolutions each.
    """

    keeps_shape: ClassVar[bool] = True

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
        # Initialized with zeros, so that training starts from the bicubic upscaling.
        details = layers.Conv2D(channels * scale**2, 3, padding="same", kernel_initializer="zeros")(features)
        upscaled = layers.UpSampling2D(scale, interpolation="bicubic")(images)
        return keras.Model(code, ops.clip(upscaled + depth_to_space(details, scale), 0, 1), name="decoder")

    def _block(self, features: keras.KerasTensor) -> keras.KerasTensor:
        change = layers.Conv2D(self.filters, 3, padding="same", activation="relu")(features)
        return features + layers.Conv2D(self.filters, 3, padding="same")(change)


def _scale(code_shape: Shape, output_shape: Shape) -> int:
    """The upscaling factor from code to output, equal in height and width."""
    height, width = output_shape[:2]
    if len(code_shape) != 3 or code_shape[2] <= output_shape[2]:
        raise ConfigError(
            f"the code must keep the shape of the encoder's features. Received {list(code_shape)}; "
            "use model.latent_dim=null."
        )
    scale = height // code_shape[0]
    if (height, width) != (scale * code_shape[0], scale * code_shape[1]):
        raise ConfigError(
            f"the image size must be an integer multiple of the input size. Received {height}×{width} for inputs of "
            f"{code_shape[0]}×{code_shape[1]}; use another corruption or model=conv_ae."
        )
    return scale
