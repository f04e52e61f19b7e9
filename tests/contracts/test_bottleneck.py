"""What every bottleneck keeps to, over each yaml of its group."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.bottleneck import Bottleneck

YAMLS = sorted((Path(__file__).parents[2] / "conf" / "model" / "bottleneck").glob("*.yaml"))
FEATURES = tf.random.stateless_normal((3, 2, 2, 4), [1, 2])
SEEDS = tf.constant([[1, 2], [3, 4], [5, 6]], tf.uint32)


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def bottleneck(request) -> Bottleneck:
    built = instantiate(OmegaConf.load(request.param), "model.bottleneck", Bottleneck)
    assert type(built).__module__ == f"aeexp.models.bottlenecks.{request.param.stem}"
    return built


@pytest.fixture(params=[None, 1, 6, 30])
def latent_dim(request) -> int | None:
    return request.param


@pytest.fixture
def parameters(bottleneck, latent_dim) -> keras.Model:
    features = keras.Input((2, 2, 4))
    least = {"sparse": 25, "von_mises_fisher": 2}.get(type(bottleneck).__module__.rpartition(".")[2], 1)
    if np.prod(features.shape[1:] if latent_dim is None else latent_dim) < least:
        with pytest.raises(ConfigError, match=r"at least 2|at most the size of the code"):
            bottleneck.parameters(features, latent_dim)
        pytest.skip("refused")
    return keras.Model(features, bottleneck.parameters(features, latent_dim))


def test_the_latent_has_the_size_asked_for(bottleneck, parameters, latent_dim):
    latent = bottleneck.sample(parameters(FEATURES), None)
    assert latent.shape[:3] == (3, 2, 2) if latent_dim is None else latent.shape[:2] == (3, latent_dim)
    assert latent.shape.rank <= 4
    assert bottleneck.sample(parameters(FEATURES), SEEDS).shape == latent.shape


def test_its_codes_are_the_nearest_to_themselves(bottleneck, parameters):
    for seeds in (None, SEEDS):
        latent = bottleneck.sample(parameters(FEATURES), seeds)
        np.testing.assert_allclose(bottleneck.nearest(latent.numpy()), latent, atol=1e-6)


def test_each_part_of_a_code_is_counted_once(bottleneck, parameters):
    latent = bottleneck.sample(parameters(FEATURES), SEEDS).numpy()
    counts = bottleneck.counts(latent)
    assert bottleneck.has_entries == (counts is not None)
    if counts is not None:
        assert counts.ndim == 2
        assert counts.sum() % len(latent) == 0


def test_without_seeds_nothing_is_random(bottleneck, parameters):
    np.testing.assert_array_equal(
        bottleneck.sample(parameters(FEATURES), None), bottleneck.sample(parameters(FEATURES), None)
    )


def test_a_draw_depends_on_the_image_and_its_seed_alone(bottleneck, parameters):
    together = bottleneck.sample(parameters(FEATURES), SEEDS)
    alone = bottleneck.sample(parameters(FEATURES[1:2]), SEEDS[1:2])
    np.testing.assert_allclose(together[1:2], alone, atol=1e-6)


def test_keeps_the_precision_of_its_features(bottleneck, parameters):
    halves = {name: tf.cast(value, tf.float16) for name, value in parameters(FEATURES).items()}
    assert bottleneck.sample(halves, SEEDS).dtype == tf.float16
