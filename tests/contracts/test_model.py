"""What every choice of architecture, bottleneck and code size keeps to, over each yaml of its group."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, OmegaConf

from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.corruptions.chain import Chain
from aeexp.models.autoencoder import Autoencoder
from aeexp.runs.factory import build_model

NAMES = sorted(path.stem for path in Path(CONF, "model").glob("*.yaml"))


@cache
def config(name: str) -> DictConfig:
    register_schemas()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose("train", [f"model={name}"])


def model(name: str, shape: tuple[int, ...], seed: int = 0) -> Autoencoder:
    return build_model(OmegaConf.merge(config(name), {"seed": seed}), Chain({}), shape)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(28, 28, 1), (16, 16, 3)])
def test_gives_what_it_promises(name, shape):
    autoencoder = model(name, shape)
    images = tf.random.stateless_uniform((2, *shape), [0, 0])
    outputs = autoencoder(images)
    drawn = autoencoder.with_kl(autoencoder.draw(images, tf.ones((2, 2), tf.uint32), 3 if autoencoder.density() else 0))
    assert set(drawn) - {"kl_per_dimension"} == autoencoder.output_names
    assert outputs["reconstruction"].shape == (2, *shape)
    assert all(np.isfinite(values).all() for values in outputs.values())
    exported = autoencoder.functional()(images)
    assert set(exported) == set(outputs)
    for name, values in exported.items():
        np.testing.assert_allclose(values, outputs[name], atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_every_weight_takes_part(name):
    autoencoder = model(name, (8, 8, 1))
    images = tf.random.stateless_uniform((4, 8, 8, 1), [0, 0])
    with tf.GradientTape() as tape:
        outputs = autoencoder.with_kl(autoencoder.draw(images, tf.ones((4, 2), tf.uint32), training=True))
        loss = tf.reduce_mean(tf.square(outputs["reconstruction"] - images)) + tf.reduce_mean(outputs.get("kl", 0.0))
    gradients = tape.gradient(loss, autoencoder.trainable_variables)
    assert all(gradient is not None for gradient in gradients)


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_decides_the_first_weights(name):
    first, again, other = (model(name, (8, 8, 1), seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))
