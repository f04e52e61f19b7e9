"""What overrides say of an experiment, and the names of runs made of them."""

import pytest

from aeexp.config.infrastructure import is_infrastructure, without_infrastructure
from aeexp.config.overrides import MAX_NAME, named, overridden

SETTINGS = ("corruption=[noise]", "corruption.noise.std=0.1", "+model.latent_dim=8", "model/architecture=unet")
ELSEWHERE = (
    *("tracking=server", "tracking.uri=http://user:password@host", "launch=parallel", "launch.jobs=2", "home=/runs"),
    *("comparison.cache=/cache", "trainer.checkpoints=/state", "trainer.threads=3", "sweep.rerun=true"),
    *("hydra.verbose=true", "++hydra/launcher=ray", "name=mine", "~optimizer.beta_1"),
)


def test_infrastructure_is_no_setting():
    assert overridden([*SETTINGS, *ELSEWHERE]) == {
        "corruption": "noise",
        "corruption.noise.std": "0.1",
        "model.latent_dim": "8",
        "model/architecture": "unet",
    }


@pytest.mark.parametrize("key", ["trainer.threads_per_job", "trainer", "comparison.images", "homes", "model.hydra"])
def test_keys_with_a_like_beginning_are_settings(key):
    assert not is_infrastructure(key)


def test_config_without_infrastructure():
    config = {"tracking": {"uri": "x"}, "trainer": {"epochs": 1, "threads": 2}, "comparison": None, "seed": 0}
    assert without_infrastructure(config, "seed") == {"trainer": {"epochs": 1}, "comparison": None}
    assert config["trainer"]["threads"] == 2


def test_name_carries_the_groups():
    assert named(overridden(SETTINGS)) == (
        "corruption=noise corruption.noise.std=0.1 model.latent_dim=8 model/architecture=unet"
    )


def test_long_name_leaves_out_what_tells_least():
    data = {"dataset": "shapes", "dataset.image_shape": "[12,12,1]", "dataset.train_size": "256"}
    rest = {"probes": "[0,1,2,3,4,15,28,39,123,1012]", "trainer.epochs": "2", "trainer.batch_size": "32"}
    assert named({**data, **rest, "model": "dense_vae", "loss": "bce+kl", "report": "none"}) == (
        "model=dense_vae loss=bce+kl dataset=shapes dataset.image_shape=[12,12,1] …"
    )


def test_name_is_bounded_whatever_is_in_it():
    name = named({"model.architecture.filters": "1," * 200})
    assert len(name) == MAX_NAME
    assert name.endswith(" …")
