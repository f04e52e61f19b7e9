"""Over the whole space of configs: what is accepted trains, is saved, and comes back; what is not is said in a line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from aeexp.config.paths import CONF
from aeexp.errors import ConfigError, OutcomeError
from aeexp.runs.experiment import Experiment
from aeexp.runs.loading import LoadedRun

pytestmark = pytest.mark.slow

QUICK = ("trainer.batch_size=4", "dataset.limit=null", "dataset.train_size=8", "dataset.test_size=6", "probes=[0,2]")
WRONG = (-1, 0, 0.5, float("nan"), float("inf"), "nonsense", None, True, [], {})
"""Values that hardly any key takes."""

ELSEWHERE = ("tracking", "launch", "sweep", "baseline", "report", "comparison", "name")
"""Keys that `Experiment` does not judge, or that say where things are written."""

CHECKS = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def options(group: str, *left_out: str) -> list[str]:
    return sorted(path.stem for path in Path(CONF, group).glob("*.yaml") if path.stem not in left_out)


@st.composite
def compositions(draw: st.DrawFn) -> list[str]:
    """Overrides that choose from every group."""
    corruptions = draw(st.lists(st.sampled_from(options("corruption", "none")), max_size=2, unique=True))
    augmentations = draw(st.lists(st.sampled_from(options("augmentation", "none")), max_size=2, unique=True))
    losses = draw(st.lists(st.sampled_from(options("loss")), min_size=1, max_size=3, unique=True))
    latent_dim = draw(st.sampled_from(["null", 1, 2, 5]))
    return [
        f"dataset.image_shape={draw(st.sampled_from(['[8,8,1]', '[12,12,3]', '[9,13,1]', '[16,8,3]']))}",
        f"augmentation=[{','.join(augmentations) or 'none'}]",
        f"dataset.binarization={draw(st.sampled_from(['none', 'threshold', 'static', 'dynamic']))}",
        f"corruption=[{','.join(corruptions) or 'none'}]",
        f"model={draw(st.sampled_from(options('model')))}",
        *([f"model.latent_dim={latent_dim}"] if draw(st.booleans()) else []),
        f"loss=[{','.join(losses)}]",
        f"optimizer={draw(st.sampled_from(options('optimizer')))}",
        f"schedule={draw(st.sampled_from(options('schedule', 'stages')))}",
        f"trainer.keep={draw(st.sampled_from(['null', 'best', 'last']))}",
        f"trainer.precision={draw(st.sampled_from(['float32', 'mixed_bfloat16']))}",
        f"trainer.resample={draw(st.sampled_from(['epoch', 'once']))}",
        f"trainer.patience={draw(st.sampled_from(['null', 1]))}",
        f"seed={draw(st.integers(0, 2**32 - 1))}",
    ]


@settings(CHECKS, max_examples=12)
@given(words=compositions())
def test_what_is_accepted_trains_and_comes_back(composed, words):
    config = composed("dataset=shapes", *QUICK, "report=none", "baseline=none", *words)
    try:
        experiment = Experiment.from_config(config)
    except ConfigError:
        reject()
    experiment.run(quiet=True)
    images = experiment.task.validation.probe_images().inputs
    before = experiment.task.model(images)
    for name, values in LoadedRun.find("latest", experiment.tracker.store).model()(images).items():
        np.testing.assert_array_equal(values, before[name], err_msg=name)


def leaves(config: DictConfig) -> list[str]:
    """The full paths of all values that `Experiment` judges."""
    plain = OmegaConf.to_container(config, resolve=True)
    paths: list[str] = []

    def walk(node: object, path: str) -> None:
        if isinstance(node, dict) and node:
            for key, value in node.items():
                walk(value, f"{path}.{key}" if path else key)
        elif path.partition(".")[0] not in ELSEWHERE and not path.endswith(("_target_", "trainer.checkpoints")):
            paths.append(path)

    walk(plain, "")
    return paths


@settings(CHECKS, max_examples=12)
@given(data=st.data())
def test_a_wrong_value_is_refused_in_a_line_or_does_no_harm(composed, data):
    model, loss = data.draw(st.sampled_from([("conv_ae", "bce"), ("dense_vae", "[mse,kl]"), ("unet", "mae")]))
    corruption = data.draw(st.sampled_from(options("corruption", "none")))
    parts = (f"model={model}", f"loss={loss}", f"corruption={corruption}", "dataset.image_shape=[16,16,1]")
    config = composed("dataset=shapes", *QUICK, "report=none", "baseline=none", *parts)
    path = data.draw(st.sampled_from(leaves(config)))
    value = data.draw(st.sampled_from(WRONG))
    try:
        OmegaConf.update(config, path, value, force_add=True)
    except OmegaConfBaseException:
        reject()  # the schema refuses it, as it does on the command line
    said = ""
    try:
        Experiment.from_config(config).run(quiet=True)
    except (ConfigError, OutcomeError) as error:
        said = str(error)
    assert "\n" not in said
