from dataclasses import replace

import pytest

from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.reports.loss_curves import BEST_CAPTION, LossCurves
from tests.support.evaluations import HISTORY, evaluator


@pytest.mark.parametrize("epochs", [1, 2, 40])
def test_epochs_are_whole_numbers(epochs):
    (item,) = LossCurves()(evaluator(Deterministic(), 2).all_images(HISTORY[:1] * epochs))
    for axes in item.figure.axes:
        low, high = axes.get_xlim()
        ticks = [tick for tick in axes.get_xticks() if low <= tick <= high]
        assert ticks
        assert all(tick == round(tick) for tick in ticks)


def test_the_best_epoch_of_a_training_is_marked():
    judged = evaluator(Deterministic(), 2).all_images(HISTORY)
    (item,) = LossCurves()(judged)
    (marked,) = LossCurves()(replace(judged, best_epoch=1))
    assert marked.caption == item.caption + BEST_CAPTION
    assert [line.get_label() for line in marked.figure.axes[0].lines][2:] == ["best epoch (2)"]
    assert len(item.figure.axes[0].lines) == 2


@pytest.mark.parametrize(("rates", "panels"), [((0.1, 0.001), 1), ((0.1, 0.1), 0), ((), 0)])
def test_a_rate_that_changes_has_a_panel(rates, panels):
    judged = evaluator(Deterministic(), 2).all_images(HISTORY)
    logs = [{**epoch, "learning_rate": rate} for epoch, rate in zip(HISTORY, rates, strict=False)] or HISTORY
    (item,) = LossCurves()(replace(judged, history=tuple(logs)))
    titles = [axes.get_title() for axes in item.figure.axes]
    assert titles.count("learning rate") == panels
