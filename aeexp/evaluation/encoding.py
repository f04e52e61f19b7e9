"""Encoding: the latent codes of a data set, written to an .npz file."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

from aeexp.datasets.pairs import CorruptedPairs
from aeexp.models.autoencoder import Autoencoder
from aeexp.models.fast_conv import fuse_convolutions
from aeexp.runtime.files import write_output
from aeexp.runtime.random import EVALUATION_EPOCH
from aeexp.runtime.sharding import map_shards

BLOCK = 500
"""Number of images encoded at a time."""


@dataclass(frozen=True)
class Encoding:
    """Encoder and data set whose latent codes are written to a file.

    Args:
        model: the trained model.
        pairs: images by split, corrupted as in an evaluation.
        labels: int [N] by split, or None if there are no classes.
        class_names: of the labels.
    """

    model: Autoencoder
    pairs: Mapping[str, CorruptedPairs]
    labels: Mapping[str, np.ndarray | None]
    class_names: tuple[str, ...]

    def write(self, path: Path) -> dict[str, tuple[int, ...]]:
        """Write an .npz file with `latent` [N, …], the other bottleneck outputs, and `split`, `index` and `label` [N].

        The codes are collected in temporary files next to it, because they may not fit into memory.

        Returns:
            The shape of each array by its name.
        """
        with write_output(path) as part, tempfile.TemporaryDirectory(dir=path.parent, prefix=".codes-") as folder:
            arrays = {**self._codes(Path(folder)), **self._origins()}
            with part.open("wb") as file:
                np.savez(file, **arrays)  # type: ignore[arg-type]
            return {name: array.shape for name, array in arrays.items()}

    def _codes(self, folder: Path) -> dict[str, np.ndarray]:
        arrays: dict[str, np.ndarray] = {}
        done, count = 0, sum(map(len, self.pairs.values()))
        for block in (block for pairs in self.pairs.values() for block in self._blocks(pairs)):
            for name, values in block.items():
                if name not in arrays:
                    shape = (count, *values.shape[1:])
                    arrays[name] = np.lib.format.open_memmap(folder / name, "w+", values.dtype.as_numpy_dtype, shape)
                arrays[name][done : done + len(values)] = values
            done += len(block["latent"])
        return arrays

    def _blocks(self, pairs: CorruptedPairs) -> Iterator[dict[str, tf.Tensor]]:
        return encoded_blocks(self.model, pairs, np.arange(len(pairs)))

    def _origins(self) -> dict[str, np.ndarray]:
        origins = {
            "split": np.concatenate([np.repeat(split, len(pairs)) for split, pairs in self.pairs.items()]),
            "index": np.concatenate([np.arange(len(pairs)) for pairs in self.pairs.values()]),
        }
        labels = [values for values in self.labels.values() if values is not None]
        if labels:
            origins |= {"label": np.concatenate(labels), "class_names": np.array(self.class_names)}
        return origins


def codes_of(model: Autoencoder, pairs: CorruptedPairs, indices: np.ndarray) -> np.ndarray:
    """The most likely codes of some images, float32 [N, …]."""
    return np.concatenate([block["latent"].numpy() for block in encoded_blocks(model, pairs, indices)])


def encoded_blocks(model: Autoencoder, pairs: CorruptedPairs, indices: np.ndarray) -> Iterator[dict[str, tf.Tensor]]:
    """The outputs of the encoder and the most likely codes, `latent`, of some images in turn, by blocks."""
    fast = fuse_convolutions(model)

    def encode(indices: tf.Tensor) -> dict[str, tf.Tensor]:
        code = fast.encoder(pairs.batch(indices, EVALUATION_EPOCH, EVALUATION_EPOCH).corrupted)
        return {**code, "latent": fast.bottleneck.sample(code, None)}

    encode_in_parallel = tf.function(lambda indices: map_shards(encode, indices), reduce_retracing=True)
    for start in range(0, len(indices), BLOCK):
        yield encode_in_parallel(tf.constant(indices[start : start + BLOCK], tf.int32))
