"""What the winner of a sweep may be chosen by, and on which images the report says that it was."""

import pytest
from omegaconf import OmegaConf

from aeexp.errors import ConfigError
from aeexp.sweeps.protocol import check_metric, chosen_on
from aeexp.tracking.tags import PROTOCOL_TAG


def config(metric: str, validation: object = None):
    return OmegaConf.create({"sweep": {"metric": metric}, "dataset": {"split": {"validation": validation}}})


@pytest.mark.parametrize("metric", ["test/psnr", "gain/psnr", "latent/linear_accuracy", "baseline/median/psnr"])
def test_the_test_images_do_not_choose(metric):
    with pytest.raises(ConfigError, match=rf"sweep.metric: {metric} is no metric of the validation images"):
        check_metric(config(metric, 0.2))
    check_metric(config(metric, "test"))


@pytest.mark.parametrize("metric", ["val/psnr", "train/loss"])
def test_other_images_choose(metric):
    check_metric(config(metric))


def test_the_refusal_names_what_to_choose_by():
    with pytest.raises(ConfigError, match=r"Use, for example, sweep.metric=val/psnr; or dataset.split.validation=test"):
        check_metric(config("test/psnr"))


@pytest.mark.parametrize(
    ("metric", "protocol", "said"),
    [
        ("val/psnr", "validation is held out: 6000 images", "the test images chose nothing"),
        ("val/psnr", "validation is fold 2 of 3 folds: 20000 images", "validation is one of 3 folds: 20000 images"),
        ("val/psnr", "validation is test", "too favorable"),
        ("test/psnr", "validation is held out: 6000 images", "too favorable"),
        ("train/loss", "validation is held out: 6000 images", "Chosen on the training images"),
    ],
)
def test_the_report_says_which_images_chose(metric, protocol, said):
    assert said in chosen_on(metric, {PROTOCOL_TAG: protocol})


def test_of_an_older_run_validation_is_test():
    assert "too favorable" in chosen_on("val/psnr", {})
