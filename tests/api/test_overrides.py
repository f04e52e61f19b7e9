"""Overrides of a call, as words for Hydra."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf

from aeexp.api.calls import compose
from aeexp.api.components import component_name
from aeexp.api.overrides import Overrides, quote, text
from aeexp.api.sweep import _swept
from aeexp.corruptions.downscale import Downscale
from aeexp.corruptions.noise import Noise
from aeexp.errors import ConfigError, DataError
from aeexp.losses.bce import Bce
from aeexp.metrics.ssim import Ssim
from tests.support.own_components import Darken

IMAGES = np.zeros((4, 8, 8), np.uint8)
NOISE = Noise(mean=0, std=0.25)


@dataclass(frozen=True)
class Elsewhere(Darken):
    """A component at the top of a module."""


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, 3, -2, 0.5, 1e-5, 1e300, "noise", "a b", "it's", "a\\", "\\'", "", "null", "3", "a,b"),
        *("${x}", "[a", "ü🙂", "a=b", [1, 2], [], ["a", "b c"], {"a": 1, "b": [2, {"c": None}]}, [[1], [2]]),
    ],
)
def test_a_value_is_what_hydra_reads(value):
    words = f"key={text(value)}"
    assert OverridesParser.create().parse_override(words).value() == value


@pytest.mark.parametrize("value", [np.float32(0.5), np.int64(3), Path("a/b"), (1, 2), range(3)])
def test_other_values_become_plain_ones(value):
    plain = {Path: str, tuple: list, range: list}.get(type(value), lambda each: each.item())
    kind = Path if isinstance(value, Path) else type(value)
    expected = str(value) if kind is Path else plain(value)
    assert OverridesParser.create().parse_override(f"key={text(value)}").value() == expected


def test_lists_of_a_sweep_are_several_values_where_a_key_takes_one():
    given = {
        "model__latent_dim": [2, 8],
        "seed": range(2),
        "model": ["dense_ae", "conv_ae"],
        "trainer.epochs": [3],
        "name": [],
    }
    given |= {"corruption": ["noise", "blur"], "dataset.image_shape": [8, 8, 1], "probes": [0, 1]}
    expected = {"model__latent_dim": "2,8", "seed": "0,1", "model": "dense_ae,conv_ae", "trainer.epochs": "3"}
    assert _swept(given) == {**given, **expected}


@pytest.mark.parametrize("value", [object(), Noise, lambda: 1, {1, 2}, b"bytes", 1j])
def test_what_no_config_holds_is_refused(value):
    with pytest.raises(ConfigError, match="no setting can be a"):
        Overrides.of([], {"seed": value})


def test_quotes_hold_any_text():
    for value in ("'", "\\", "\\\\'", "a'b\\", "'''"):
        assert OverridesParser.create().parse_override(f"key={quote(value)}").value() == value


def test_strings_mappings_and_keywords_are_the_same():
    expected = ("trainer.epochs=3", "model.latent_dim=null", "corruption=noise")
    assert Overrides.of(expected, {}).words == expected
    assert (
        Overrides.of([{"trainer.epochs": 3, "model": {"latent_dim": None}}, "corruption=noise"], {}).words == expected
    )
    assert Overrides.of([], {"trainer__epochs": 3, "model__latent_dim": None, "corruption": "noise"}).words == expected


def test_nested_groups_are_chosen_with_a_slash():
    assert compose(model__architecture="unet").model.architecture._target_.endswith("Unet")


@pytest.mark.parametrize("given", [["epochs 3"], [3], [["a=1"]], [None]])
def test_what_is_no_override_is_refused(given):
    with pytest.raises(ConfigError, match="override is"):
        compose(*given)


def test_components_take_the_place_of_what_is_chosen():
    config = compose(corruption=[Downscale(factor=2), NOISE], loss=Bce(weight=2.0), optimizer__learning_rate=0.1)
    assert list(config.corruption) == ["downscale", "noise"]
    assert OmegaConf.to_container(config.corruption.noise) == {
        "_target_": "aeexp.corruptions.noise.Noise",
        **{"mean": 0, "std": 0.25},
    }
    assert OmegaConf.to_container(config.loss) == {"bce": {"_target_": "aeexp.losses.bce.Bce", "weight": 2.0}}


def test_components_follow_the_options_that_are_named_before_them():
    config = compose(corruption=["blur", "noise", NOISE], metric=["psnr", Ssim()])
    assert list(config.corruption) == ["blur", "noise", "noise_2"]
    assert list(config.metric) == ["psnr", "ssim"]
    assert Overrides.of([], {"corruption": ["blur", NOISE]}).named_words[-1] == "name='corruption=blur+noise'"


def test_the_same_component_twice_has_two_names():
    assert list(compose(corruption=[NOISE, NOISE]).corruption) == ["noise", "noise_2"]


def test_a_component_of_ones_own_is_recorded_by_its_path():
    given = Overrides.of([], {"corruption": Darken(brightness=0.5)})
    assert given.modules == ("tests.support.own_components",)
    assert "+corruption.darken={_target_:tests.support.own_components.Darken,brightness:0.5}" in given.words
    assert given.named_words[-1] == "name='corruption=darken'"


def test_what_keras_declares_is_recorded_with_its_default():
    import keras

    (node,) = compose(callback=keras.callbacks.TerminateOnNaN()).callback.values()
    assert node == {"_target_": "keras.callbacks.TerminateOnNaN", "raise_error": False}


@pytest.mark.parametrize(
    ("name", "expected"), [("ReduceLROnPlateau", "reduce_lr_on_plateau"), ("VAEModel", "vae_model")]
)
def test_acronyms_are_one_word(name, expected):
    assert component_name(type(name, (), {})()) == expected


def test_an_array_in_a_component_is_refused():
    import keras

    with pytest.raises(ConfigError, match="no setting can be a ndarray"):
        compose(callback=keras.callbacks.EarlyStopping(baseline=np.zeros(2)))


def test_labels_that_are_none_are_refused(tmp_path):
    with pytest.raises(DataError, match="y_train must hold numbers or strings"):
        compose(dataset=((IMAGES, [None] * 4), (IMAGES, [None] * 4)), home=tmp_path)


def test_objects_of_keras_tell_what_is_not_their_default():
    import keras

    optimizer = compose(optimizer=keras.optimizers.Adam(2e-3, clipnorm=1.0)).optimizer
    assert OmegaConf.to_container(optimizer) == {
        "_target_": "keras.optimizers.Adam",
        **{"learning_rate": 0.002, "clipnorm": 1.0},
    }


def test_a_class_that_cannot_be_imported_is_refused():
    @dataclass(frozen=True)
    class Hidden(Darken):
        pass

    with pytest.raises(ConfigError, match="define the class at the top of a module"):
        compose(corruption=Hidden(brightness=0.5))
    assert compose(corruption=Elsewhere(brightness=0.5)).corruption.elsewhere.brightness == 0.5


@pytest.mark.parametrize("value", [[NOISE, "blur"], [[NOISE]]])
def test_components_among_other_values_are_refused(value):
    with pytest.raises(ConfigError):
        compose(corruption=value)


def test_one_component_is_taken_where_a_group_holds_one():
    with pytest.raises(ConfigError, match="dataset: takes one component"):
        compose(dataset=[NOISE, NOISE])


IMAGES = np.arange(4 * 8 * 8).reshape(4, 8, 8).astype(np.uint8)
LABELS = np.array([0, 1, 0, 1])


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (IMAGES, {"images"}),
        ((IMAGES, IMAGES), {"x_train", "x_test"}),
        (((IMAGES, LABELS), (IMAGES, LABELS)), {"x_train", "y_train", "x_test", "y_test"}),
        ({"x_train": IMAGES, "x_val": IMAGES, "x_test": IMAGES}, {"x_train", "x_val", "x_test"}),
    ],
)
def test_arrays_are_kept_beside_the_runs_under_their_content(given, names, tmp_path):
    first, second = (compose(dataset=given, home=tmp_path).dataset for _ in range(2))
    assert first.path == second.path
    assert Path(first.path).parent == tmp_path / "arrays"
    with np.load(first.path) as kept:
        assert set(kept) == names
        assert all(kept[name].shape == (4, 8, 8, 1) for name in names if not name.startswith("y"))
    assert len(list((tmp_path / "arrays").iterdir())) == 1


@pytest.mark.parametrize("given", [(IMAGES,), (IMAGES, LABELS, IMAGES), IMAGES - 0.5, IMAGES[0, 0], (IMAGES, "x")])
def test_other_arrays_are_refused_and_nothing_is_kept(given, tmp_path):
    with pytest.raises((ConfigError, DataError)):
        compose(dataset=given, home=tmp_path)
    assert not list(tmp_path.iterdir())
