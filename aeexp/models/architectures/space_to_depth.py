"""Height and width traded for channels and back, without loss."""

import keras
from keras import ops


def space_to_depth(features: keras.KerasTensor, scale: int) -> keras.KerasTensor:
    """[N, H·scale, W·scale, C] -> [N, H, W, C·scale²]."""
    return ops.space_to_depth(features, scale) if scale > 1 else features  # Keras refuses a scale of 1


def depth_to_space(features: keras.KerasTensor, scale: int) -> keras.KerasTensor:
    """[N, H, W, C·scale²] -> [N, H·scale, W·scale, C]: the sub-pixel shuffle of Shi et al., 2016."""
    return ops.depth_to_space(features, scale) if scale > 1 else features
