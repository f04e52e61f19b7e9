"""Autoencoder as a transformer of scikit-learn, for pipelines and searches over settings."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Integral
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from omegaconf import OmegaConf
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.metrics import r2_score
from sklearn.utils import Tags
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from aeexp.api.calls import compose, train
from aeexp.api.run import Run
from aeexp.errors import ConfigError
from aeexp.runtime.tensorflow import tensorflow_imported
from aeexp.types import Shape

if TYPE_CHECKING:
    from aeexp.inference.codec import Codec

_codecs: "WeakKeyDictionary[Network, Codec]" = WeakKeyDictionary()
"""Of the networks that are in use: no estimator holds one itself, so that it can be pickled."""


@dataclass(frozen=True, eq=False)
class Network:
    """Trained network as arrays: what an estimator keeps of its run.

    Args:
        config: that it is rebuilt from.
        image_shape: of the clean images of the training, (H, W, C).
        weights: in the order of Keras.
    """

    config: dict[str, Any]
    image_shape: Shape
    weights: list[np.ndarray]

    @classmethod
    def of(cls, run: Run) -> "Network":
        """That of a run, which is no longer needed then."""
        with tensorflow_imported():
            from aeexp.runs.loading import LoadedRun

            saved = LoadedRun.find(run.id, run.tracker.store, run.allow)
            config: Any = OmegaConf.to_container(saved.config)
            return cls(config, saved.image_shape, saved.model().get_weights())

    @contextmanager
    def codec(self) -> "Iterator[Codec]":
        """The codec that computes with it, built when it is first needed."""
        with tensorflow_imported():
            if self not in _codecs:
                from aeexp.inference.codec import Codec
                from aeexp.runs.factory import build_corruption, build_model
                from aeexp.runtime.threads import use_threads

                use_threads(None)
                config = OmegaConf.create(self.config)
                model = build_model(config, build_corruption(config.corruption), self.image_shape)
                model.set_weights(self.weights)
                _codecs[self] = Codec(model)
            yield _codecs[self]


class Autoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Autoencoder that transforms rows or images to codes: a nonlinear relative of `sklearn.decomposition.PCA`.

    Rows [n, features] are scaled to [0, 1] by the least and the largest value of each feature, images by those of all
    pixels together; values beyond them, which only data of later calls has, are clipped. The training reads its data in
    8 bits: 256 steps between the least and the largest value. Codes and reconstructions are computed of exact values.

    Args:
        model: option of the package; `dense_ae` and `dense_vae` take rows as well as images, the others images alone.
        latent_dim: size of the code; None takes what the network gives.
        loss: term, or list of terms, of the loss.
        epochs: number of epochs.
        batch_size: images in a training step.
        learning_rate: of Adam.
        corruption: of the training images, such as `noise`, or None; it must keep their size.
        seed: of weights, order and all other random draws.
        image_shape: (H, W) or (H, W, C) of images given as rows; None takes a row as it is. Images [n, H, W] or
            [n, H, W, C] tell their shape themselves.
        overrides: more overrides of `aeexp.train`, such as `["model.architecture.units=[64]"]`; a string is one.
    """

    n_features_in_: int
    input_shape_: Shape
    """Of a row or an image as it was given: (features,), (H, W) or (H, W, C)."""
    image_shape_: Shape
    """Of the images of the training, (H, W, C); a row is (1, features, 1)."""
    least_: Any
    largest_: Any
    """Ends of the scale of each feature, float64 [features], or those of all pixels."""
    n_codes_: int
    network_: Network

    def __init__(
        self,
        model: str = "dense_ae",
        latent_dim: int | None = 8,
        loss: str | Sequence[str] = "mse",
        epochs: int = 25,
        batch_size: int = 128,
        learning_rate: float = 0.001,
        corruption: Any = "none",
        seed: int = 0,
        image_shape: Sequence[int] | None = None,
        overrides: str | Sequence[str | Mapping[str, Any]] = (),
    ) -> None:
        self.model = model
        self.latent_dim = latent_dim
        self.loss = loss
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.corruption = corruption
        self.seed = seed
        self.image_shape = image_shape
        self.overrides = overrides

    def fit(self, X: Any, y: None = None) -> "Autoencoder":  # noqa: N803
        """Train a network on rows [n, features] or images [n, H, W] or [n, H, W, C].

        Raises:
            ValueError: for numbers that are not finite, fewer than two rows, or an unsuitable shape.
            ConfigError: for parameters that `aeexp.train` refuses.
        """
        rows = self._rows(X, reset=True)
        self.input_shape_, self.image_shape_ = self._shapes(X)
        is_image = self.image_shape is not None or len(self.input_shape_) > 1
        self.least_, self.largest_ = (end(rows, axis=None if is_image else 0) for end in (np.min, np.max))
        self.network_ = self._trained(np.rint(255 * self._scaled(rows)).astype(np.uint8))
        with self.network_.codec() as codec:
            self.n_codes_ = int(np.prod(codec.code_shape))
        return self

    def transform(self, X: Any) -> np.ndarray:  # noqa: N803
        """The codes of rows or images, float32 [n, codes].

        Raises:
            NotFittedError: before `fit`.
            ValueError: for numbers that are not finite, or another shape than that of the training.
        """
        check_is_fitted(self)
        images = self._scaled(self._rows(X, reset=False)).astype(np.float32)
        with self.network_.codec() as codec:
            return codec.encode(images).reshape(len(images), -1)

    def inverse_transform(self, X: Any) -> np.ndarray:  # noqa: N803
        """What the network makes of codes [n, codes], in the shape and the scale of the training data.

        Raises:
            NotFittedError: before `fit`.
            ValueError: for codes of another size, or numbers that are not finite.
        """
        check_is_fitted(self)
        codes = check_array(X, dtype=np.float32)
        if codes.shape[1] != self.n_codes_:
            raise ValueError(f"codes must have shape [n, {self.n_codes_}]. Received {list(codes.shape)}.")
        with self.network_.codec() as codec:
            images = codec.decode(codes.reshape(-1, *codec.code_shape))
        rows = self.least_ + images.reshape(len(codes), -1) * (self.largest_ - self.least_)
        return rows.reshape(-1, *self.input_shape_)

    def score(self, X: Any, y: None = None) -> float:  # noqa: N803
        """The part of the variance of rows or images that the codes keep: R², at most 1; higher is better."""
        check_is_fitted(self)
        rows = self._rows(X, reset=False)
        restored = self.inverse_transform(self.transform(X)).reshape(len(rows), -1)
        return float(r2_score(rows, restored, multioutput="variance_weighted"))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = []  # codes are float32
        return tags

    @property
    def _n_features_out(self) -> int:
        """Number of codes, which `get_feature_names_out` names."""
        return self.n_codes_

    def _trained(self, images: np.ndarray) -> Network:
        """The network that is trained on images, uint8 [n, H, W, C]."""
        with tensorflow_imported():
            from aeexp.runs.factory import build_corruption
            from aeexp.runs.soundness import FEW

            corruption = "none" if self.corruption is None else self.corruption
            chosen = build_corruption(compose(corruption=corruption).corruption)
        if (shape := chosen.output_shape(self.image_shape_)) != self.image_shape_:
            raise ConfigError(f"corruption: must keep the size of the images, {self.image_shape_}. Received {shape}.")
        settings = {
            **{"model": self.model, "model.latent_dim": self.latent_dim, "loss": self.loss, "metric": "mse"},
            **{"trainer.epochs": self.epochs, "trainer.batch_size": self.batch_size, "seed": self.seed},
            **{"optimizer.learning_rate": self.learning_rate, "corruption": corruption},
            **{"tracking": "memory", "report": "none", "baseline": "none", "probes": []},
            **{"dataset": {"x_train": images, "x_test": np.resize(images, (max(FEW, len(images)), *images.shape[1:]))}},
            **{"dataset.split.validation": "test"},
        }
        with TemporaryDirectory() as home:
            return Network.of(train({"home": home}, settings, *self._overrides(), quiet=True))

    def _overrides(self) -> Sequence[str | Mapping[str, Any]]:
        if isinstance(self.overrides, list | tuple):
            return self.overrides
        if isinstance(self.overrides, str | Mapping):
            return [self.overrides]
        raise ConfigError(f"overrides: must be a list of strings or mappings. Received {self.overrides!r}.")

    def _rows(self, X: Any, *, reset: bool) -> np.ndarray:  # noqa: N803
        """Checked data as rows, float64 [n, features]; `reset` learns what later data has to look like."""
        shape = _image_shape(X)
        if shape and not reset and shape != self.input_shape_:
            raise ValueError(f"images must have shape {list(self.input_shape_)}. Received {list(shape)}.")
        rows = np.reshape(X, (len(X), -1)) if shape else X
        return validate_data(self, rows, reset=reset, dtype=np.float64, ensure_min_samples=2 if reset else 1)

    def _shapes(self, X: Any) -> tuple[Shape, Shape]:  # noqa: N803
        """Shape of a row or an image as it is given, and as it is trained on, (H, W, C)."""
        given = _image_shape(X)
        shape = given or ((1, self.n_features_in_) if self.image_shape is None else self.image_shape)
        is_shape = isinstance(shape, list | tuple) and all(isinstance(each, Integral) for each in shape)
        sides = tuple(map(int, shape)) if is_shape else ()
        image_shape = sides if len(sides) == 3 else (*sides, 1)
        if len(image_shape) != 3 or math.prod(sides) != self.n_features_in_ or image_shape[2] not in (1, 3):
            raise ValueError(
                f"images must have shape (H, W), (H, W, 1) or (H, W, 3), here of {self.n_features_in_} values in all. "
                f"Received {shape}."
            )
        return given or (self.n_features_in_,), image_shape

    def _scaled(self, rows: np.ndarray) -> np.ndarray:
        """Images [n, H, W, C] in [0, 1] of rows."""
        spread = np.where(self.largest_ > self.least_, self.largest_ - self.least_, 1)
        return np.clip((rows - self.least_) / spread, 0, 1).reshape(-1, *self.image_shape_)


def _image_shape(X: Any) -> Shape:  # noqa: N803
    """Shape of an image of an array [n, H, W] or [n, H, W, C]; empty for rows."""
    return tuple(X.shape[1:]) if getattr(X, "ndim", 2) in (3, 4) else ()
