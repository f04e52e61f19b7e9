"""Older names, in stored configs and on the command line."""

from importlib import import_module

import pytest

from aeexp.config.aliases import (
    CLASSES,
    current_class,
    current_config,
    current_override,
    former_override,
    recorded_param,
)


@pytest.mark.parametrize("name", CLASSES.values())
def test_every_class_is_where_it_is_said_to_be(name):
    module, _, attribute = name.rpartition(".")
    assert getattr(import_module(module), attribute).__name__ == attribute
    assert current_class(name) == name


def test_a_stored_config_is_read_in_todays_names():
    stored = {
        "model": {"architecture": {"_target_": "aeexp.models.conv.Conv", "first_filters": 8}, "latent_dim": None},
        "report": {
            "keepsake": {"_target_": "aeexp.reports.keepsake.Keepsake", "points": 5},
            "latent_quality": {"neighbours": 3},
            "none": {},
        },
        "loss": {"kl": {"weight": 1.0, "warm_up": 2}},
        "probes": [0, 1],
    }
    current = current_config(stored)
    assert current["model"]["architecture"] == {
        "_target_": "aeexp.models.architectures.conv.Conv",
        "stem_filters": 8,
        "activation": "relu",
        "normalization": "none",
        "strided": False,
        "output_activation": None,
    }
    assert current["report"]["probe_arrays"] == {"_target_": "aeexp.reports.probe_arrays.ProbeArrays", "points": 5}
    assert current["report"]["latent_quality"] == {"n_neighbors": 3}
    assert current["loss"]["kl"] == {"weight": 1.0, "warmup_epochs": 2}
    assert current["probes"] == [0, 1]
    assert "keepsake" in stored["report"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("report=keepsake", "report=probe_arrays"),
        ("report=[robustness,keepsake]", "report=[robustness,probe_arrays]"),
        ("+report.keepsake.points=5", "+report.probe_arrays.points=5"),
        ("loss.kl.warm_up=0,5", "loss.kl.warmup_epochs=0,5"),
        ("model.architecture.first_filters=8", "model.architecture.stem_filters=8"),
        ("report.latent_quality.neighbours=3", "report.latent_quality.n_neighbors=3"),
        ("colour=grey", "color=gray"),
        ("colour=per_channel", "color=per_channel"),
        ("name=keepsake", "name=keepsake"),
        ("name=grey", "name=grey"),
        ("seed=0,1", "seed=0,1"),
        ("--config-dir", "--config-dir"),
    ],
)
def test_an_override_may_be_typed_in_older_names(old, new):
    assert current_override(old) == current_override(new) == new
    assert former_override(new) == old


def test_a_key_may_have_changed_in_one_command_alone():
    assert current_override("metric=test/bce", "report") == "sort=test/bce"
    assert current_override("metric=psnr", "train") == "metric=psnr"


def test_a_param_is_found_by_the_name_that_it_had():
    assert recorded_param({"loss.kl.warm_up": "5"}, "loss.kl.warmup_epochs") == "5"
    assert recorded_param({"loss.kl.warmup_epochs": "3"}, "loss.kl.warmup_epochs") == "3"
    assert recorded_param({}, "seed") == ""
