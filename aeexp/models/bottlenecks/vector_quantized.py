"""Vector-quantized code: each vector of the features becomes the nearest one of a learned codebook."""

from collections.abc import Mapping
from typing import ClassVar

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.bottleneck import Bottleneck, project
from aeexp.runtime.random import row_numbers
from aeexp.types import Outputs

EMA, GRADIENT = UPDATES = ("ema", "gradient")

LEAST_COUNT = 1e-6
"""Mean count of an entry in a batch below which the mean of its vectors means nothing."""


class VectorQuantized(Bottleneck):
    """z = e_k with k = argmin_j ‖z_e − e_j‖²: the entry of a codebook that is nearest to the encoder's vector z_e.

    Van den Oord, Vinyals and Kavukcuoglu, "Neural Discrete Representation Learning", 2017. The gradient of z is copied
    to z_e (straight-through). The codebook follows the encoder by moving averages of the vectors that take each entry
    (appendix A.1), or by the gradient of the loss term `commitment`, which a model needs in any case: it holds the
    encoder to the codebook. The vectors are those along the last axis of the features [N, h, w, D], or of a code
    [N, latent_dim].

    An entry that is hardly taken is restarted at a vector of the batch, which one follows from the bits of the vectors
    alone; so the first batch also gives the codebook its first entries.

    Args:
        codes: number of entries, at least 2.
        update: of the codebook, `ema` or `gradient`.
        decay: of the moving averages, in each training step, from 0 to below 1.
        restart: the part of the mean count of all entries below which one is restarted, from 0 (never) to below 1.
    """

    has_entries: ClassVar[bool] = True

    def __init__(self, codes: int, update: str, decay: float, restart: float) -> None:
        super().__init__(dtype="float32")
        if codes < 2:
            raise ConfigError(f"`codes` must be at least 2. Received codes={codes}.")
        if update not in UPDATES:
            hint = did_you_mean(update, UPDATES)
            raise ConfigError(f"`update` must be one of {', '.join(UPDATES)}. Received update={update}.{hint}")
        for name, value in (("decay", decay), ("restart", restart)):
            if not 0 <= value < 1:
                raise ConfigError(f"`{name}` must be at least 0 and below 1. Received {name}={value}.")
        self.codes, self.update_by, self.decay, self.restart = codes, update, decay, restart
        self.penalty_names = ("commitment", "codebook") if update == GRADIENT else ("commitment",)  # type: ignore[misc]

    def parameters(self, features: keras.KerasTensor, latent_dim: int | None) -> dict[str, keras.KerasTensor]:
        encoded = project(features, latent_dim, "encoded")
        shape, by_gradient = (self.codes, encoded.shape[-1]), self.update_by == GRADIENT
        first = keras.initializers.RandomUniform(-1 / self.codes, 1 / self.codes)
        self.codebook = self.add_weight(name="codebook", shape=shape, initializer=first, trainable=by_gradient)
        self.mean_counts = self.add_weight(name="counts", shape=shape[:1], initializer="zeros", trainable=False)
        if not by_gradient:
            self.mean_sums = self.add_weight(name="sums", shape=shape, initializer="zeros", trainable=False)
        return {"encoded": encoded}

    def sample(self, parameters: Outputs, seeds: tf.Tensor | None) -> tf.Tensor:
        encoded = parameters["encoded"]
        if keras.backend.is_keras_tensor(encoded):
            return self._of_stock_layers(encoded)
        return encoded + tf.stop_gradient(tf.cast(self._entries(encoded), encoded.dtype) - encoded)

    def nearest(self, latents: tf.Tensor) -> tf.Tensor:
        return self._entries(latents)

    def penalties(self, outputs: Outputs) -> dict[str, tf.Tensor]:
        """‖z_e − sg(e_k)‖² as `commitment`, and of a codebook with gradients ‖sg(z_e) − e_k‖², summed over the code."""
        encoded, entries = outputs["encoded"], self._entries(outputs["encoded"])
        axes = list(range(1, encoded.shape.rank))
        squares = {
            "commitment": tf.square(encoded - tf.stop_gradient(entries)),
            "codebook": tf.square(tf.stop_gradient(encoded) - entries),
        }
        return {name: tf.reduce_sum(squares[name], axes) for name in self.penalty_names}

    def counts(self, codes: np.ndarray) -> np.ndarray:
        return np.bincount(self._nearest(_rows(tf.constant(codes))), minlength=self.codes)[np.newaxis]

    def statistics(self, outputs: Outputs, present: tf.Tensor) -> dict[str, tf.Tensor]:
        """How many vectors take each entry [K], their sums [K, D], and K vectors for entries that are restarted."""
        vectors = tf.stop_gradient(_rows(outputs["encoded"]))
        present = tf.repeat(present, tf.shape(vectors)[0] // tf.shape(present)[0])
        taken = tf.one_hot(self._nearest(vectors), self.codes) * present[:, tf.newaxis]
        priorities = tf.where(present > 0, row_numbers(vectors), -1.0)
        return {
            "counts": tf.reduce_sum(taken, 0),
            "sums": tf.matmul(taken, vectors, transpose_a=True),
            **self._first(priorities, vectors),
        }

    def combine(self, one: Mapping[str, tf.Tensor], other: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        priorities, vectors = (tf.concat([one[name], other[name]], 0) for name in ("priorities", "vectors"))
        sums = {name: one[name] + other[name] for name in ("counts", "sums")}
        return {**sums, **self._first(priorities, vectors)}

    def update(self, statistics: Mapping[str, tf.Tensor]) -> None:
        counts = self._averaged(self.mean_counts, statistics["counts"])
        codebook = tf.convert_to_tensor(self.codebook)
        if self.update_by == EMA:
            sums = self._averaged(self.mean_sums, statistics["sums"])
            known = (counts > LEAST_COUNT)[:, tf.newaxis]
            codebook = tf.where(known, tf.math.divide_no_nan(sums, counts[:, tf.newaxis]), codebook)
        share = tf.reduce_sum(counts) / self.codes
        unused = counts < self.restart * share
        place = tf.maximum(tf.cumsum(tf.cast(unused, tf.int32)) - 1, 0)
        restarted = unused & (tf.gather(statistics["priorities"], place) >= 0)
        chosen = tf.gather(statistics["vectors"], place)
        self.codebook.assign(tf.where(restarted[:, tf.newaxis], chosen, codebook))
        self.mean_counts.assign(tf.where(restarted, share, counts))
        if self.update_by == EMA:
            self.mean_sums.assign(tf.where(restarted[:, tf.newaxis], share * chosen, sums))

    def _averaged(self, mean: keras.Variable, value: tf.Tensor) -> tf.Tensor:
        return self.decay * tf.convert_to_tensor(mean) + (1 - self.decay) * value

    def _first(self, priorities: tf.Tensor, vectors: tf.Tensor) -> dict[str, tf.Tensor]:
        """The K vectors of highest priority; where there are fewer, the rest has one below 0."""
        priorities = tf.concat([priorities, tf.fill([self.codes], -1.0)], 0)
        vectors = tf.concat([vectors, tf.zeros([self.codes, vectors.shape[1]])], 0)
        highest, places = tf.math.top_k(priorities, self.codes)
        return {"priorities": highest, "vectors": tf.gather(vectors, places)}

    def _nearest(self, vectors: tf.Tensor) -> tf.Tensor:
        """The nearest entry of each vector [M, D], int64 [M]: that of the largest e·z − ½·‖e‖²."""
        codebook = tf.stop_gradient(tf.convert_to_tensor(self.codebook))
        products = tf.matmul(tf.cast(vectors, tf.float32), codebook, transpose_b=True)
        return tf.argmax(products - 0.5 * tf.reduce_sum(tf.square(codebook), 1), 1)

    def _entries(self, encoded: tf.Tensor) -> tf.Tensor:
        """The nearest entries in the place of vectors [..., D]."""
        entries = tf.gather(tf.convert_to_tensor(self.codebook), self._nearest(_rows(encoded)))
        return tf.reshape(entries, tf.shape(encoded))

    def _of_stock_layers(self, encoded: keras.KerasTensor) -> keras.KerasTensor:
        """The same of a symbolic tensor, by layers that hold a copy of the codebook as it is now."""
        codebook = np.asarray(self.codebook)
        products = layers.Dense(self.codes, kernel_initializer="zeros", dtype="float32")
        entries = layers.Embedding(*codebook.shape, embeddings_initializer="zeros", dtype="float32")
        latent = entries(keras.ops.argmax(products(encoded), -1))
        products.set_weights([codebook.T, -0.5 * np.square(codebook).sum(1)])
        entries.set_weights([codebook])
        return latent


def _rows(encoded: tf.Tensor) -> tf.Tensor:
    """[..., D] -> [M, D]."""
    return tf.reshape(encoded, [-1, encoded.shape[-1]])
