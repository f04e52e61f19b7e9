"""What every architecture keeps to, over each yaml of its group."""

from dataclasses import fields
from pathlib import Path

import keras
import numpy as np
import pytest
from omegaconf import ListConfig, OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.errors import ConfigError
from aeexp.models.architectures.architecture import Architecture

YAMLS = sorted((Path(__file__).parents[2] / "conf" / "model" / "architecture").glob("*.yaml"))
SHAPES = [(28, 28, 1), (32, 32, 3), (9, 14, 3)]


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def yaml(request) -> Path:
    return request.param


@pytest.fixture
def architecture(yaml) -> Architecture:
    return instantiate(OmegaConf.load(yaml), "model.architecture", Architecture)


def test_yaml_names_its_file_and_every_field(yaml, architecture):
    assert type(architecture).__module__ == f"aeexp.models.architectures.{yaml.stem}"
    assert set(OmegaConf.load(yaml)) == {"_target_"} | {field.name for field in fields(architecture)}


@pytest.mark.parametrize("shape", SHAPES)
def test_images_come_out_in_their_shape_and_range(architecture, shape):
    encoder = architecture.encoder(shape)
    decoder = architecture.decoder(encoder.output.shape[1:], shape)
    images = np.random.default_rng(0).random((2, *shape), np.float32)
    outputs = decoder(encoder(images)).numpy()
    assert outputs.shape == images.shape
    assert outputs.min() >= 0
    assert outputs.max() <= 1


def test_an_image_does_not_see_its_neighbours_in_the_batch(architecture):
    encoder = architecture.encoder((8, 8, 1))
    decoder = architecture.decoder(encoder.output.shape[1:], (8, 8, 1))
    images = np.random.default_rng(0).random((3, 8, 8, 1), np.float32)
    np.testing.assert_allclose(decoder(encoder(images))[:1], decoder(encoder(images[:1])), atol=1e-6)


@pytest.mark.parametrize(
    ("code_shape", "output_shape"),
    [((5,), (8, 8, 1)), ((4, 4, 8), (8, 8, 1)), ((3, 3, 2), (8, 8, 1)), ((4, 4, 8), (28, 28, 1)), ((2,), (9, 14, 3))],
)
def test_any_other_code_is_decoded_or_refused_in_a_line(architecture, code_shape, output_shape):
    try:
        decoder = architecture.decoder(code_shape, output_shape)
    except ConfigError as error:
        message = str(error)
    else:
        assert decoder(np.zeros((2, *code_shape), np.float32)).shape == (2, *output_shape)
        return
    assert "Received" in message
    assert "\n" not in message


def test_both_sides_can_be_saved_and_loaded(architecture, tmp_path):
    encoder = architecture.encoder((8, 8, 1))
    for model in (encoder, architecture.decoder(encoder.output.shape[1:], (8, 8, 1))):
        model.save(tmp_path / "model.keras")
        loaded = keras.saving.load_model(tmp_path / "model.keras")
        inputs = np.random.default_rng(0).random((2, *model.input_shape[1:]), np.float32)
        np.testing.assert_allclose(loaded(inputs), model(inputs), atol=1e-6)


def test_refuses_sizes_below_one(yaml):
    for name, value in OmegaConf.load(yaml).items():
        if type(value) is int or isinstance(value, ListConfig):
            wrong = OmegaConf.merge(OmegaConf.load(yaml), {name: 0 if isinstance(value, int) else [0, 0]})
            with pytest.raises(ConfigError, match=rf"model\.architecture: `{name}` .* at least 1"):
                instantiate(wrong, "model.architecture", Architecture)
