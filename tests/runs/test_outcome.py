"""A training in words: its title, and which images chose its weights."""

import sys

import pytest

from aeexp.runs.outcome import state_in_words, title
from aeexp.training.checkpoint import TrainingState


@pytest.mark.parametrize(
    ("monitor", "protocol", "said"),
    [
        ("val/loss", "validation is held out: 6000 images", ", chosen on 6,000 held-out images"),
        ("val/loss", "validation is fold 3 of 5 folds: 12000 images", ", chosen on 12,000 held-out images"),
        ("val/psnr", "validation is of the data set: 40 images", ", chosen on 40 validation images"),
        ("val/loss", "validation is test", " (validation is test: the test images chose as well)"),
        ("train/loss", "validation is held out: 6000 images", ", chosen on the training images"),
    ],
)
def test_says_which_images_chose(monitor, protocol, said):
    trained = TrainingState([{}, {}], [], [], [])
    expected = f"2 epochs, best {monitor} after epoch 2{said} · 0:01:05"
    assert state_in_words(trained, monitor, 1, protocol, 65.2) == expected


def test_in_a_pipe_the_title_leaves_out_nothing(monkeypatch):
    words = ["dataset=shapes", "tracking.folder=x", "trainer.epochs=2"]
    assert title("dataset=shapes …", words) == "dataset=shapes trainer.epochs=2"
    assert title("mine", words) == "mine"
    assert title("dataset=shapes …", []) == "dataset=shapes …"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert title("dataset=shapes …", words) == "dataset=shapes …"
