import pytest

from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.reports.loss_curves import LossCurves
from tests.support.evaluations import HISTORY, evaluator


@pytest.mark.parametrize("epochs", [1, 2, 40])
def test_epochs_are_whole_numbers(epochs):
    (item,) = LossCurves()(evaluator(Deterministic(), 2).all_images(HISTORY[:1] * epochs))
    for axes in item.figure.axes:
        low, high = axes.get_xlim()
        ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
        assert ticks
        assert all(tick == round(tick) for tick in ticks)
