"""The transformer of scikit-learn: its contract, as scikit-learn checks it, and what it learns."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from aeexp.corruptions.noise import Noise
from aeexp.errors import ConfigError
from aeexp.sklearn import Autoencoder

DIGITS, LABELS = load_digits(return_X_y=True)
SMALL = Autoencoder(
    latent_dim=8, epochs=5, batch_size=32, learning_rate=0.005, overrides=["model.architecture.units=[64]"]
)


@pytest.fixture(scope="module")
def fitted():
    return clone(SMALL).fit(DIGITS[:500])


def test_rows_become_codes_and_rows_again(fitted):
    codes = fitted.transform(DIGITS)
    assert (codes.shape, codes.dtype) == ((1797, 8), np.float32)
    assert fitted.inverse_transform(codes).shape == DIGITS.shape
    assert 0.4 < fitted.score(DIGITS[500:]) < 1
    assert list(fitted.get_feature_names_out())[:2] == ["autoencoder0", "autoencoder1"]
    assert np.allclose(fitted.inverse_transform(codes)[:, 0], 0)  # a pixel that is 0 in all images


def test_it_is_pickled_and_cloned(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    assert np.array_equal(again.transform(DIGITS[:50]), fitted.transform(DIGITS[:50]))
    with pytest.raises(NotFittedError):
        clone(fitted).transform(DIGITS)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.where(DIGITS == 16, np.nan, DIGITS), "NaN"),
        (np.where(DIGITS == 16, np.inf, DIGITS), "infinity"),
        (DIGITS[:1], "minimum of 2"),
        (DIGITS[:, :63].reshape(-1, 7, 9, 1, 1), "dim"),
        (np.zeros((5, 4, 4, 2)), r"images must have shape \(H, W\)"),
    ],
)
def test_unsuitable_data_is_refused_before_any_training(rows, message):
    with pytest.raises(ValueError, match=message):
        clone(SMALL).fit(rows)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"image_shape": 64}, "here of 64 values in all. Received 64"),
        ({"image_shape": "8x8"}, "Received 8x8"),
        ({"image_shape": (8.0, 8.0)}, r"Received \(8.0, 8.0\)"),
        ({"overrides": 3}, "overrides: must be a list of strings or mappings. Received 3"),
        ({"overrides": "trainer.epochs=0"}, "`epochs` must be at least 1"),
        ({"corruption": None, "epochs": 0}, "`epochs` must be at least 1"),
    ],
)
def test_unsuitable_settings_are_refused_in_one_sentence(settings, message):
    with pytest.raises((ValueError, ConfigError), match=message):
        clone(SMALL).set_params(**settings).fit(DIGITS[:20])


def test_unsuitable_parameters_are_refused_before_any_training():
    with pytest.raises(ValueError, match="here of 64 values in all"):
        clone(SMALL).set_params(image_shape=(7, 7)).fit(DIGITS)
    with pytest.raises(ConfigError, match="Did you mean 'dense_ae'"):
        clone(SMALL).set_params(model="dense_aee").fit(DIGITS)
    with pytest.raises(ConfigError, match="must keep the size"):
        clone(SMALL).set_params(corruption="downscale", image_shape=(8, 8)).fit(DIGITS)


def test_other_data_than_that_of_the_training_is_refused(fitted):
    with pytest.raises(ValueError, match="expecting 64 features"):
        fitted.transform(DIGITS[:, :60])
    with pytest.raises(ValueError, match=r"images must have shape \[64\]"):
        fitted.transform(DIGITS.reshape(-1, 8, 8))
    with pytest.raises(ValueError, match=r"codes must have shape \[n, 8\]"):
        fitted.inverse_transform(DIGITS)


@pytest.mark.slow
@parametrize_with_checks(
    [Autoencoder(latent_dim=2, epochs=1, batch_size=32, overrides=["model.architecture.units=[8]"])]
)
def test_scikit_learn_finds_no_fault(estimator, check):
    check(estimator)


@pytest.mark.slow
def test_a_pipeline_is_searched_in_processes():
    pipeline = make_pipeline(clone(SMALL).set_params(epochs=3), LogisticRegression(max_iter=500))
    grid = {"autoencoder__latent_dim": [2, 16], "autoencoder__corruption": ["none", Noise(mean=0, std=0.1)]}
    found = GridSearchCV(pipeline, grid, cv=2, n_jobs=2).fit(DIGITS[:600], LABELS[:600])
    assert found.best_params_["autoencoder__latent_dim"] == 16
    assert found.score(DIGITS[600:], LABELS[600:]) > 0.5


@pytest.mark.slow
def test_a_search_without_labels_chooses_by_the_variance_that_is_kept():
    found = GridSearchCV(clone(SMALL), {"latent_dim": [1, 16]}, cv=2).fit(DIGITS[:400])
    assert found.best_params_ == {"latent_dim": 16}


@pytest.mark.slow
@pytest.mark.parametrize("model", ["dense_vae", "conv_ae"])
def test_images_keep_their_shape(model):
    images = np.kron(DIGITS[:200].reshape(-1, 8, 8), np.ones((2, 2)))
    estimator = Autoencoder(model=model, latent_dim=4, epochs=2, batch_size=32).fit(images)
    assert estimator.inverse_transform(estimator.transform(images)).shape == images.shape
    flat = Autoencoder(model=model, latent_dim=4, epochs=2, batch_size=32, image_shape=(16, 16))
    assert np.allclose(
        flat.fit_transform(images.reshape(200, -1)), estimator.transform(images), atol=1e-6
    )  # the same training
