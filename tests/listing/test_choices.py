"""Choices and settings of recorded runs, of today's and of older versions."""

import pytest

from aeexp.config.options import classes_in, default_values, options
from aeexp.listing.choices import choices
from aeexp.listing.settings import changed, settings

OLD = {
    "dataset._target_": "aeexp.datasets.shapes.Shapes",
    "corruption.noise._target_": "aeexp.corruptions.noise.Noise",
    "corruption.noise.std": "0.3",
    "corruption.noise.mean": "0.5",
    "corruption.downscale._target_": "aeexp.corruptions.downscale.Downscale",
    "model.architecture._target_": "aeexp.models.dense.Dense",
    "model.architecture.units": "[16]",
    "model.bottleneck._target_": "aeexp.bottlenecks.gaussian.Gaussian",
    "model.latent_dim": "2",
    "loss.mse._target_": "aeexp.losses.mse.Mse",
    "loss.mse.weight": "1.0",
    "loss.kl._target_": "aeexp.losses.kl.Kl",
    "loss.kl.warm_up": "2",
    "optimizer._target_": "keras.optimizers.RMSprop",
    "optimizer.learning_rate": "0.001",
    "optimizer.clipnorm": "None",
    "trainer._target_": "aeexp.training.trainer.Trainer",
    "trainer.epochs": "2",
    "trainer.threads": "1",
    "trainer.checkpoints": "/home/me/checkpoints",
    "report.latent_quality.images": "2000",
    "baseline.input._target_": "aeexp.baselines.input.Input",
    "tracking.folder": "/home/me/mlruns",
    "seed": "0",
    "probes": "[0, 3, 5]",
}
NEW = {
    "model": "dense_vae",
    "dataset": "shapes",
    "corruption": "downscale+noise",
    "loss": "mse+kl",
    "optimizer": "rmsprop",
    "experiment": "vae",
}


def test_the_choices_of_an_older_run_are_concluded_from_its_classes():
    assert choices(OLD) == {name: option for name, option in NEW.items() if name != "experiment"}


def test_the_choices_of_a_run_of_today_are_recorded():
    assert choices(NEW) == NEW
    assert choices({**OLD, **NEW, "model": "mine"})["model"] == "mine"


def concluded(option: str) -> str:
    values = default_values("model", option)
    return choices({f"model.{key}": str(value) for key, value in values.items()})["model"]


@pytest.mark.parametrize("option", ["conv_ae", "conv_vae", "dense_ae", "dense_vae", "residual", "unet"])
def test_a_plain_model_is_known_by_its_classes(option):
    assert concluded(option) == option


@pytest.mark.parametrize("option", options("model"))
def test_every_option_of_a_model_is_known_as_one_with_its_classes(option):
    assert classes_in(default_values("model", concluded(option))) == classes_in(default_values("model", option))


def test_no_corruption_and_classes_of_ones_own():
    assert choices({"corruption": "{}"}) == {"corruption": "none"}
    own = {"model.architecture._target_": "mine.Deep", "model.bottleneck._target_": "aeexp.x.gaussian.Gaussian"}
    assert choices({**own, "dataset._target_": "faces.Faces"}) == {"model": "mine+gaussian", "dataset": "faces"}


def test_settings_are_those_that_matter_under_their_current_names():
    found = settings(OLD)
    assert found["loss.kl.warmup_epochs"] == "2"
    assert found["loss.mse.weight"] == "1"
    assert not any(
        word in " ".join(found) for word in ("report", "baseline", "tracking", "threads", "checkpoints", "_target_")
    )
    assert found["optimizer.clipnorm"] == "null"


def test_changed_settings_are_those_that_are_not_the_default_of_their_option():
    assert changed(settings(OLD), choices(OLD)) == {
        "loss": "mse+kl",
        "optimizer": "rmsprop",
        "model.architecture.units": "[16]",
        "loss.kl.warmup_epochs": "2",
        "corruption.noise.std": "0.3",
        "trainer.epochs": "2",
    }


@pytest.mark.parametrize("option", options("optimizer"))
def test_defaults_are_not_changed(option):
    values = {f"optimizer.{key}": str(value) for key, value in default_values("optimizer", option).items()}
    assert changed(settings(values), {"optimizer": option}) == ({} if option == "adam" else {"optimizer": option})
