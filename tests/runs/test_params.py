"""Params of a run: the choices by name and the settings that one compares, and nothing else."""

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf

from aeexp.config.aliases import recorded_param
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.runs.params import run_params
from tests.support.composing import compose_choices_once

DEFAULT = {
    "model": "conv_ae",
    "dataset": "mnist",
    "augmentation": "none",
    "corruption": "none",
    "loss": "bce",
    "optimizer": "adam",
    "schedule": "constant",
    "model.architecture.stem_filters": 16,
    "model.architecture.activation": "relu",
    "model.architecture.normalization": "none",
    "model.architecture.strided": False,
    "model.architecture.output_activation": None,
    "model.architecture.filters": 8,
    "model.architecture.code_size": 4,
    "model.latent_dim": None,
    "dataset.split.validation": None,
    "dataset.split.folds": None,
    "dataset.split.fold": 0,
    "dataset.split.seed": 0,
    "dataset.limit": None,
    "dataset.classes": None,
    "dataset.test_classes": None,
    "dataset.binarization": "none",
    "loss.bce.weight": 1.0,
    "optimizer.learning_rate": 0.001,
    "optimizer.beta_1": 0.9,
    "optimizer.beta_2": 0.999,
    "optimizer.epsilon": 1e-7,
    "optimizer.weight_decay": None,
    "optimizer.clipnorm": None,
    "optimizer.clipvalue": None,
    "optimizer.global_clipnorm": None,
    "schedule.warmup_epochs": 0,
    "trainer.epochs": 25,
    "trainer.batch_size": 128,
    "trainer.resample": "epoch",
    "trainer.precision": "float32",
    "trainer.monitor": "val/loss",
    "trainer.mode": None,
    "trainer.patience": None,
    "trainer.keep": None,
    "trainer.validation_weights": "final",
    "seed": 0,
}
DENOISING_VAE = {
    **{key: value for key, value in DEFAULT.items() if not key.startswith("model.architecture")},
    "experiment": "denoising",
    "model": "conv_vae",
    "loss": "bce+kl",
    "corruption": "downscale+noise",
    **{key: value for key, value in DEFAULT.items() if key.startswith("model.architecture")},
    "model.latent_dim": 8,
    "corruption.downscale.factor": 2,
    "corruption.noise.mean": 0.5,
    "corruption.noise.std": 0.1,
    "loss.kl.weight": 1.0,
    "loss.kl.warmup_epochs": 0,
    "loss.kl.cycle_epochs": 0,
    "loss.kl.free_bits": 0.0,
    "loss.kl.capacity": None,
    "loss.kl.capacity_epochs": 0,
    "optimizer.learning_rate": 0.002,
    "trainer.resample": "once",
    "dataset.split.validation": "test",
    "report": "none",
    "probes": [0, 3],
}
WORDS = (
    *("experiment=denoising", "model=conv_vae", "loss=[bce,kl]", "corruption=[downscale,noise]"),
    *("corruption.noise.std=0.1", "model.latent_dim=8", "report=none", "probes=[0,3]", "trainer.threads=1"),
    *("tracking=server", "tracking.uri=http://user:password@host", "name=mine", "launch=parallel"),
)


PLAIN_MODELS = ("conv_ae", "conv_vae", "dense_ae", "dense_vae", "residual", "unet")
"""Those that are known by their classes; presets of methods may share them."""


@pytest.fixture
def params(monkeypatch):
    """The params of a command, or of the config that it composes, without a command."""
    register_schemas()
    compose_choices_once(monkeypatch)
    monkeypatch.setattr(HydraConfig.instance(), "cfg", None)

    def of(*words: str, command: bool = True) -> dict:
        with initialize_config_dir(str(CONF), version_base="1.3"):
            config = compose("train", list(words), return_hydra_config=True)
        if command:
            monkeypatch.setattr(HydraConfig.instance(), "cfg", OmegaConf.masked_copy(config, ["hydra"]))
        plain = OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
        return run_params(plain)

    return of


def without_direction(params: dict) -> dict:
    """Whether the monitored metric is minimized may be said, or follow from the metric."""
    return {key: value for key, value in params.items() if key != "trainer.mode"}


def test_of_a_default_run(params):
    assert without_direction(params()) == without_direction(DEFAULT)


def test_of_a_denoising_vae(params):
    assert without_direction(params(*WORDS)) == without_direction(DENOISING_VAE)


def test_without_a_command_the_config_shows_the_choices(params):
    expected = {key: value for key, value in DENOISING_VAE.items() if key not in ("experiment", "report", "probes")}
    assert without_direction(params(*WORDS, command=False)) == without_direction(expected)


@pytest.mark.parametrize("name", [path.stem for path in sorted((CONF / "model").glob("*.yaml"))])
def test_a_command_names_its_model(params, name):
    assert params(f"model={name}")["model"] == name


@pytest.mark.parametrize(
    ("word", "key", "value"),
    [
        *((f"model={name}", "model", name) for name in PLAIN_MODELS),
        *((f"optimizer={path.stem}", "optimizer", path.stem) for path in sorted((CONF / "optimizer").glob("*.yaml"))),
        *((f"schedule={path.stem}", "schedule", path.stem) for path in sorted((CONF / "schedule").glob("*.yaml"))),
        *((f"dataset={name}", "dataset", name) for name in ("cifar10", "fashion_mnist", "shapes")),
        ("+corruption.mine={_target_:a.mine.Mine,std:1}", "corruption", "mine"),
        ("corruption=none", "corruption", "none"),
        ("augmentation=[shift,flip]", "augmentation", "shift+flip"),
    ],
)
@pytest.mark.parametrize("command", [True, False])
def test_choices_have_the_names_of_their_options(params, word, key, value, command):
    assert params(word, command=command)[key] == value


@pytest.mark.parametrize(
    ("word", "key", "value"),
    [
        ("metric=[psnr,ssim,mse,bce]", "metric", "psnr+ssim+mse+bce"),
        ("baseline.median.images=7", "baseline.median.images", 7),
        ("comparison.images=20", "comparison.images", 20),
        ("+repeat=2", "repeat", 2),
    ],
)
def test_what_a_command_sets_besides_is_a_param(params, word, key, value):
    assert params(word) == {**params(), key: value}


def test_parts_of_a_model_that_a_command_chooses_are_params(params):
    chosen = params("model/architecture=unet")
    assert (chosen["model"], chosen["model.architecture"]) == ("conv_ae", "unet")


@pytest.mark.parametrize(
    ("recorded", "axis", "value"),
    [
        ({"corruption": "downscale+noise"}, "corruption", "downscale+noise"),
        ({"corruption": "[downscale,noise]", "corruption.noise.std": "0.5"}, "corruption", "downscale+noise"),
        ({"corruption": "{}"}, "corruption", "none"),
        ({"model.architecture": "unet"}, "model/architecture", "unet"),
        ({"model/architecture": "unet"}, "model/architecture", "unet"),
        ({"loss.kl.warm_up": "3"}, "loss.kl.warmup_epochs", "3"),
        ({"probes": "[0, 3]"}, "probes", "[0, 3]"),
    ],
)
def test_swept_values_are_read_from_runs_of_any_version(recorded, axis, value):
    assert recorded_param(recorded, axis) == value
