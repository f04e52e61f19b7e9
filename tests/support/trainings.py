"""Trainings of a second, and what a command or a program is given for them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, OmegaConf

from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from tests.support.composing import compose_choices_once

TINY = ("dataset.limit=40", "trainer.epochs=1", "trainer.batch_size=16", "probes=[0,3,5]")
"""Few images and one epoch."""

BARE = ("report=none", "tracking.log_model=false", "baseline=none", "model=dense_ae", "model.architecture.units=[16]")
"""No pictures, no MLflow model, no baselines, a small network: for tests that look at none of them."""

SHAPES = (
    *("dataset=shapes", "dataset.image_shape=[8,8,1]", "dataset.limit=null"),
    *("dataset.train_size=40", "dataset.test_size=20"),
)
"""Even smaller images, for tests to which no digits matter."""

DENOISER = ("train", *TINY, *BARE, "corruption=noise")
"""The smallest run that there is: a dense denoiser."""

SWEEP = ("train", "-m", *TINY, *BARE, *SHAPES, "report=probe_arrays", "model.latent_dim=2,4", "seed=0,1")
"""Two sizes of the code with two seeds each."""

CONVOLUTIONAL = ("train", *TINY, "trainer.epochs=2", "report=none", "baseline=none")
NOISY = (*CONVOLUTIONAL, "name=noisy", "corruption=noise", "tracking.log_model=false")
VARIATIONAL = (*CONVOLUTIONAL, "name=variational", "model=dense_vae", "loss=[mse,kl]", "seed=1")
NOISY_AND_VARIATIONAL = (NOISY, VARIATIONAL)
"""Two runs with little in common; the second one has an MLflow model."""


def composer(folder: Path) -> Callable[..., DictConfig]:
    """Composes the config of `aeexp train`, tiny and kept in memory, with its files in a folder."""
    register_schemas()
    folders = (f"trainer.checkpoints={folder}/checkpoints", f"comparison.cache={folder}/cache")

    def compose_config(*overrides: str) -> DictConfig:
        with initialize_config_dir(str(CONF), version_base="1.3"), pytest.MonkeyPatch.context() as patch:
            compose_choices_once(patch)
            config = compose("train", ["tracking=memory", *TINY, *folders, *overrides])
        OmegaConf.resolve(config)
        return config

    return compose_config
