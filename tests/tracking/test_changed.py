"""Settings that were changed when a run was resumed."""

import pytest

from aeexp.tracking.changed import params_in_force, with_changes
from aeexp.tracking.tags import CHANGED_TAG

FIRST = {"trainer.epochs": "2 -> 4", "optimizer.learning_rate": "0.1 -> 0.01"}


def test_the_last_values_are_in_force():
    text = with_changes(with_changes(None, 2, FIRST), 4, {"trainer.epochs": "4 -> 6"})
    assert text.startswith("after epoch 2: trainer.epochs 2 -> 4, optimizer.learning_rate 0.1 -> 0.01; after epoch 4: ")
    found = params_in_force({"trainer.epochs": "2", "seed": "1"}, {CHANGED_TAG: text})
    assert found == {"trainer.epochs": "6", "optimizer.learning_rate": "0.01", "seed": "1"}


@pytest.mark.parametrize("value", ["[0.5, 0.9]", "None", "val/psnr", "{'a': 1, 'b': 2}", "epoch"])
def test_any_value_is_read_again(value):
    changed = {"optimizer.betas": f"[1, 2] -> {value}", "trainer.monitor": f"{value} -> {value}"}
    found = params_in_force({}, {CHANGED_TAG: with_changes(None, 1, changed)})
    assert found == {"optimizer.betas": value, "trainer.monitor": value}


def test_a_run_that_was_never_resumed_keeps_its_params():
    assert params_in_force({"trainer.epochs": "2"}, {}) == {"trainer.epochs": "2"}
