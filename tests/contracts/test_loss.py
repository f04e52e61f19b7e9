"""What every loss term keeps to, over each yaml of its group."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.errors import ConfigError
from aeexp.losses.loss import Loss
from aeexp.losses.objective import Objective

YAMLS = sorted((Path(__file__).parents[2] / "conf" / "loss").glob("*.yaml"))
RANDOM = np.random.default_rng(0)
TARGETS = tf.constant(RANDOM.random((3, 4, 4, 1)), tf.float32)
OUTPUTS = {
    "reconstruction": tf.constant(RANDOM.uniform(0.1, 0.9, (3, 4, 4, 1)), tf.float32),
    "latent": tf.constant(RANDOM.normal(size=(3, 5)), tf.float32),
    "mean": tf.constant(RANDOM.normal(size=(3, 5)), tf.float32),
    "log_variance": tf.constant(RANDOM.normal(size=(3, 5)), tf.float32),
    "prior_latent": tf.constant(RANDOM.normal(3, 1, (3, 5)), tf.float32),
    "decoder_norm": tf.constant([1.0, 1.0, 1.0]),
    "kl": tf.constant(RANDOM.random(3), tf.float32),
    "commitment": tf.constant(RANDOM.random(3), tf.float32),
    "log_std": tf.constant(RANDOM.random(3), tf.float32),
    "latents": tf.constant(RANDOM.normal(size=(3, 2, 5)), tf.float32),
    "reconstructions": tf.constant(RANDOM.uniform(0.1, 0.9, (3, 2, 4, 4, 1)), tf.float32),
    "log_prior": tf.constant(RANDOM.normal(size=(3, 2)), tf.float32),
    "log_posterior": tf.constant(RANDOM.normal(size=(3, 2)), tf.float32),
    "log_posterior_of_latents": tf.constant(RANDOM.normal(size=(3, 2)), tf.float32),
    "path_scale": tf.zeros((3, 2)),
}

OF_BATCH = {"present": tf.ones(3), "dataset_size": tf.constant(100.0)}


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def loss(yaml) -> Loss:
    return instantiate(OmegaConf.load(yaml)[yaml.stem], f"loss.{yaml.stem}", Loss)


def test_yaml_names_its_file_and_every_field(yaml, loss):
    node = OmegaConf.load(yaml)
    assert list(node) == [yaml.stem]
    assert type(loss).__module__ == f"aeexp.losses.{yaml.stem}"
    assert set(node[yaml.stem]) == {"_target_"} | {field.name for field in fields(loss)}


def test_one_number_an_image_that_no_other_image_changes(loss):
    values = loss(TARGETS, {**OUTPUTS, **OF_BATCH})
    assert values.shape == (3,)
    assert values.dtype == tf.float32
    if loss.scope == "batch":
        return
    alone = loss(TARGETS[1:2], {name: value[1:2] for name, value in OUTPUTS.items()})
    np.testing.assert_allclose(values[1:2], alone, rtol=1e-6)


def test_is_positive_away_from_its_least_unless_it_is_a_density_or_an_estimate(loss):
    assert loss.is_likelihood or loss.scope == "batch" or min(loss(TARGETS, {**OUTPUTS, **OF_BATCH})) > 0


def test_a_likelihood_gives_its_logarithm(loss):
    if loss.is_likelihood:
        assert Objective({"term": loss}).likelihood is loss
        assert loss.log_likelihood(TARGETS, OUTPUTS).shape == (3,)
    else:
        assert Objective({"term": loss}).likelihood is None


def test_reads_what_it_needs_and_passes_a_gradient_to_it(loss):
    needed = {name: OUTPUTS[name] for name in (*loss.needs, *loss.learned)}
    with tf.GradientTape() as tape:
        tape.watch(needed)
        value = tf.reduce_sum(loss(TARGETS, {**needed, **OF_BATCH}))
    gradients = tape.gradient(value, needed)
    assert all(np.isfinite(gradient).all() and np.any(gradient) for gradient in gradients.values())


def test_its_weight_is_the_configured_one_in_the_end(loss):
    assert loss.weight_at(10**6) == loss.weight


@pytest.mark.parametrize("weight", [-0.5, float("nan"), float("inf")])
def test_refuses_a_weight_that_is_negative_or_not_finite(yaml, weight):
    wrong = OmegaConf.merge(OmegaConf.load(yaml)[yaml.stem], {"weight": weight})
    with pytest.raises(ConfigError, match=rf"`weight` must be at least 0\. Received weight={weight}"):
        instantiate(wrong, "loss", Loss)
