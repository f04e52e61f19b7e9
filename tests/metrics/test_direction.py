"""Whether the smallest or the largest value of a metric is the best, and who says so."""

import pytest

from aeexp.errors import ConfigError
from aeexp.metrics.direction import resolve_mode
from aeexp.tracking.store import direction
from aeexp.tracking.tags import HIGHER_IS_BETTER_TAG, LOWER_IS_BETTER_TAG

TAGS = {HIGHER_IS_BETTER_TAG: "psnr linear_accuracy", LOWER_IS_BETTER_TAG: "loss kl loss_kl mse"}


@pytest.mark.parametrize(("own", "mode"), [(True, "max"), (False, "min")])
def test_the_metric_decides_and_a_given_mode_must_agree(own, mode):
    assert resolve_mode(None, "val/x", own, "mode") == resolve_mode(mode, "val/x", own, "mode") == mode


@pytest.mark.parametrize(("own", "mode", "better"), [(True, "min", "higher"), (False, "max", "lower")])
def test_a_contradiction_is_refused_with_the_direction(own, mode, better):
    with pytest.raises(ConfigError, match=f"trainer.mode: {better} values of val/x are better. Received"):
        resolve_mode(mode, "val/x", own, "trainer.mode")


def test_of_an_unknown_metric_a_mode_is_taken_and_none_is_refused():
    assert [resolve_mode(mode, "own", None, "mode") for mode in ("min", "max")] == ["min", "max"]
    with pytest.raises(ConfigError, match=r"give sweep\.mode=min or sweep\.mode=max"):
        resolve_mode(None, "own", None, "sweep.mode")
    with pytest.raises(ConfigError, match="min, max or null"):
        resolve_mode("largest", "own", None, "mode")


@pytest.mark.parametrize(
    ("metric", "higher"),
    [
        *(("test/psnr", True), ("val/loss", False), ("val/loss_kl", False), ("test/mse", False), ("val/kl", False)),
        *(("gain/psnr", True), ("baseline/median/psnr", True), ("baseline/median/mse", False)),
        ("latent/linear_accuracy", True),
    ],
)
def test_the_direction_of_what_runs_record(metric, higher):
    assert direction(metric, TAGS) is higher
    assert direction(metric, {}) is higher  # of a run from before there were tags
    assert direction(metric, {HIGHER_IS_BETTER_TAG: TAGS[HIGHER_IS_BETTER_TAG]}) is higher


def test_of_ones_own_numbers_nothing_is_known():
    assert direction("brightness", TAGS) is direction("brightness", {}) is None
