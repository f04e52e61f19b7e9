"""Files of random weights under the names that the package `lpips` gives them."""

from pathlib import Path

import numpy as np

from aeexp.metrics.lpips import HEAD, NAMES

VGG16, SMALL = (64, 128, 256, 512, 512), (2, 3, 4, 5, 5)
"""Channels of the five outputs: of the network itself, and of one for tests in which numbers do not matter."""


def write_weights(path: Path, channels: tuple[int, ...] = SMALL) -> Path:
    """Write a file of weights."""
    random, inputs, arrays = np.random.default_rng(0), 3, {}
    for place, (outputs, names) in enumerate(zip(channels, NAMES, strict=True)):
        for name in names:
            kernel = random.standard_normal((outputs, inputs, 3, 3), np.float32)
            arrays[f"{name}.weight"] = kernel * np.float32((2 / (9 * inputs)) ** 0.5)
            arrays[f"{name}.bias"] = random.random(outputs, np.float32) * np.float32(0.1)
            inputs = outputs
        arrays[HEAD.format(place)] = random.random((1, outputs, 1, 1), np.float32)
    np.savez(path, **arrays)
    return path
