"""Space-to-depth and depth-to-space (pixel shuffle)."""

from __future__ import annotations

from aeexp.lazy import keras, ops


def space_to_depth(features: keras.KerasTensor, scale: int) -> keras.KerasTensor:
    """Pixels of each block moved to channels, [N, H·scale, W·scale, C] -> [N, H, W, C·scale²]."""
    return ops.space_to_depth(features, scale) if scale > 1 else features  # Keras rejects a scale of 1


def depth_to_space(features: keras.KerasTensor, scale: int) -> keras.KerasTensor:
    """Pixel shuffle of Shi et al., 2016, the inverse: [N, H, W, C·scale²] -> [N, H·scale, W·scale, C]."""
    return ops.depth_to_space(features, scale) if scale > 1 else features
