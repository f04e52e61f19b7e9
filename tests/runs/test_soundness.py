"""What is checked of a training: the term of a prior, probes, whether it learns, and what it leaves to others."""

import random
from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from omegaconf import OmegaConf

from aeexp.config.paths import CONF
from aeexp.errors import ConfigError
from aeexp.runs.experiment import Experiment
from aeexp.runs.loading import LoadedRun
from aeexp.runs.soundness import DEFAULT_PROBES, stands_still, warn_of_few, warn_of_few_steps, warn_without_prior_term
from aeexp.tracking.tags import STANDS_STILL_TAG
from tests.support.evaluations import evaluation
from tests.support.trainings import SHAPES

SMALL = (*SHAPES, "report=none", "baseline=none", "model.architecture.units=[8]")


@pytest.mark.parametrize(
    ("overrides", "terms"),
    [
        (["model=conv_vae"], ["bce", "kl"]),
        (["model=dense_vae"], ["bce", "kl"]),
        (["model=dense_vae", "loss=mse"], ["mse"]),
        (["model=dense_vae", "loss=[mse,kl_lecture]"], ["mse", "kl_lecture"]),
        (["experiment=vae"], ["mse", "kl"]),
        (["model=conv_ae"], ["bce"]),
        (["experiment=denoising", "model=unet"], ["bce"]),
    ],
    ids=" ".join,
)
def test_the_preset_of_a_vae_brings_its_term_and_a_chosen_loss_stays(composed, overrides, terms):
    assert list(composed(*overrides).loss) == terms


@pytest.mark.parametrize(
    ("overrides", "added"),
    [
        (["model=dense_vae", "loss=[mse,mae]"], "loss=[mse,mae,kl]"),
        (["model=dense_ae", "model/bottleneck=gaussian"], "loss=[bce,kl]"),
        (["model=dense_vae"], None),
        (["model=dense_vae", "loss=[mse,kl_lecture]"], None),
        (["model=dense_ae"], None),
    ],
    ids=str,
)
def test_a_loss_without_such_a_term_is_told(composed, caplog, overrides, added):
    task = Experiment.from_config(composed(*SMALL, *overrides)).task
    warn_without_prior_term(task.model, task.objective)
    told = [record.getMessage() for record in caplog.records if "add kl" in record.getMessage()]
    assert (len(told), [added in each for each in told]) == ((1, [True]) if added else (0, []))


def test_a_training_tells_it_once(composed, caplog):
    Experiment.from_config(composed(*SMALL, "model=dense_vae", "loss=[mse,mae]")).run(quiet=True)
    assert sum("add kl" in record.getMessage() for record in caplog.records) == 1


@pytest.mark.parametrize(("images", "batch_size", "told"), [(49, 128, "trainer.batch_size=8"), (128, 128, "")])
def test_a_step_that_takes_all_images_is_told(caplog, images, batch_size, told):
    warn_of_few_steps(images, batch_size)
    assert bool(caplog.text) == bool(told)
    assert told in caplog.text


def logs(*losses: float) -> list[dict[str, float]]:
    return [{"train/loss": loss, "val/loss": loss} for loss in losses]


@pytest.mark.parametrize(
    ("history", "constant", "reason"),
    [
        (logs(5.0, 5.0, 5.0), False, "has not fallen in 3 epochs"),
        (logs(5.0, 4.0, 6.0), False, "has not fallen in 3 epochs"),
        (logs(5.0, 4.999), True, "same output for every image"),
        (logs(5.0, 5.0), False, None),  # too early to say
        (logs(5.0, 4.9, 4.99), False, None),
        ([{"train/loss": epoch, "val/loss": 9 - epoch} for epoch in range(3)], False, None),  # a warm-up
    ],
)
def test_a_training_that_learns_nothing_is_told(history, constant, reason):
    evaluated = evaluation("vector")
    if constant:
        outputs = {**evaluated.outputs, "reconstruction": 0 * evaluated.outputs["reconstruction"]}
        evaluated = replace(evaluated, outputs=outputs)
    told = stands_still(history, evaluated)
    assert (reason in told) if reason else (told is None)


def test_a_rate_far_too_high_is_told_and_recorded(composed, caplog):
    overrides = ("model=dense_ae", "model.latent_dim=4", "optimizer.learning_rate=1e6", "trainer.epochs=3")
    experiment = Experiment.from_config(composed(*SMALL, *overrides))
    experiment.run(quiet=True)
    (run,) = experiment.tracker.runs
    assert [record.getMessage() for record in caplog.records if "stands still" in record.getMessage()]
    assert run.tags[STANDS_STILL_TAG] in caplog.text


@pytest.mark.parametrize(("limit", "shown"), [(4, (0, 1, 2, 3)), (20, (0, 1, 2, 3, 4, 15)), (1, (0,))])
def test_of_the_default_probes_those_are_shown_that_exist(composed, limit, shown):
    defaults = f"probes={list(DEFAULT_PROBES)}".replace(" ", "")
    experiment = Experiment.from_config(composed(*SMALL, "model=dense_ae", defaults, f"dataset.test_size={limit}"))
    assert experiment.test.probes == shown


def test_the_default_probes_are_those_of_the_config():
    assert tuple(OmegaConf.load(CONF / "train.yaml").probes) == DEFAULT_PROBES


def test_chosen_probes_beyond_the_test_set_are_refused_in_a_new_run_alone(composed):
    config = composed(*SMALL, "model=dense_ae", "probes=[3,20,100]")
    with pytest.raises(ConfigError, match=r"probes: the test set has 20 images, .* 0 to 19. Received \[20, 100\]"):
        Experiment.from_config(config)
    assert Experiment.from_config(config, recorded=True).test.probes == (3,)


def test_without_probes_all_else_is_done(composed):
    overrides = (
        *SHAPES,
        "model=dense_ae",
        "model.architecture.units=[8]",
        "probes=[]",
        "report.reconstructions.every=1",
    )
    experiment = Experiment.from_config(composed(*overrides, "corruption=noise"))
    experiment.run(quiet=True)
    (run,) = experiment.tracker.runs
    names = {item.name for item, _ in run.items}
    assert {"loss_curves", "latent_scatter", "probe_arrays"} <= names
    assert not {"reconstructions", "latent_codes", "latent_perturbation"} & names
    assert run.status == "FINISHED"


def streams() -> list[object]:
    """The next draws of all random streams that a program may use, and the precision of its layers."""
    drawn = [random.random(), np.random.random(), float(tf.random.uniform([])), float(keras.random.uniform([]))]
    return [*drawn, keras.config.dtype_policy().name, keras.config.floatx()]


def test_building_training_and_loading_leave_the_random_streams_of_others_alone(composed):
    def seeded() -> None:
        keras.utils.set_random_seed(7)

    seeded()
    expected = streams()
    config = composed(*SMALL, "model=dense_vae", "trainer.precision=mixed_bfloat16", "report=latent_quality")
    seeded()
    experiment = Experiment.from_config(config)
    assert streams() == expected
    seeded()
    run_id = experiment.run(quiet=True).run_id
    assert streams() == expected
    seeded()
    LoadedRun.find(run_id, experiment.tracker.store).model()
    assert streams() == expected


@pytest.mark.parametrize(("images", "said"), [(10, 0), (9, 1), (1, 1)])
def test_few_test_images_are_warned_of(caplog, images, said):
    warn_of_few(images)
    assert len(caplog.records) == said
