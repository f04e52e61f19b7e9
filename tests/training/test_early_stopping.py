"""Which epoch is the best, and when a training ends early."""

import pytest

from aeexp.training.early_stopping import EarlyStopping


def history(*losses: float) -> list[dict[str, float]]:
    return [{"val/loss": loss, "val/psnr": -loss} for loss in losses]


@pytest.mark.parametrize(("monitor", "mode"), [("val/loss", "min"), ("val/psnr", "max")])
def test_the_best_epoch_is_the_first_with_the_best_value(monitor, mode):
    stopping = EarlyStopping(monitor, mode, patience=None)
    assert stopping.best_epoch(history(3, 1, 2, 1)) == 1


def test_is_due_after_as_many_epochs_without_a_better_value():
    stopping = EarlyStopping("val/loss", "min", patience=2)
    assert [stopping.is_due(history(*[3, 1, 2, 1][:epochs])) for epochs in range(5)] == [False] * 4 + [True]


def test_is_never_due_without_patience():
    assert not EarlyStopping("val/loss", "min", patience=None).is_due(history(1, 2, 3, 4))
