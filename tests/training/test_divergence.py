"""What of an epoch is not finite, and what is to blame."""

import pytest

from aeexp.errors import MetricError
from aeexp.training.divergence import DivergenceError, refuse_divergence

NAN, INF = float("nan"), float("inf")
FINITE = {"train/loss": 2.0, "train/bce": 0.1, "val/bce": 0.1, "val/own": 3.0, "val/loss": 2.0, "learning_rate": 0.1}


def refuse(**changes: float) -> None:
    logs = {**FINITE, **{name.replace("_", "/", 1): value for name, value in changes.items()}}
    refuse_divergence(logs, 4, None, ["own", "psnr"])


def test_finite_metrics_are_let_through():
    assert refuse() is None  # and raises nothing


@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_a_metric_without_a_number_is_to_blame_where_the_loss_is_finite(value):
    with pytest.raises(MetricError, match=rf"^val/own is {value} in epoch 5, .* metric\.own .* without own"):
        refuse(val_own=value)


@pytest.mark.parametrize("name", ["train_loss", "val_loss", "val_bce"])
def test_a_loss_without_a_number_is_a_divergence_whatever_the_metrics(name):
    with pytest.raises(DivergenceError, match=r"became nan in epoch 5; lower optimizer\.learning_rate"):
        refuse(**{name: NAN, "val_own": NAN})


TERMS = {"train_loss": NAN, "train_loss_bce": 80.0, "train_loss_mmd": NAN, "val_loss_bce": 81.0}


def test_the_term_without_a_number_is_named():
    expected = r"^train/loss became nan in epoch 5 by the term mmd; lower .* or loss\.mmd\.weight, or look at"
    with pytest.raises(DivergenceError, match=expected):
        refuse(**TERMS)


def test_no_term_is_named_where_none_is_finite():
    with pytest.raises(DivergenceError, match=r"^train/loss became nan in epoch 5; lower optimizer\.learning_rate, or"):
        refuse(**{**TERMS, "train_loss_bce": NAN})
