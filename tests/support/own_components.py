"""Components of a user's own, as a module of theirs would have them."""

from dataclasses import dataclass
from pathlib import Path

import keras

from aeexp.corruptions.corruption import Corruption


@dataclass(frozen=True)
class Darken(Corruption):
    """Images at a fraction of their brightness."""

    brightness: float

    def output_shape(self, shape):
        return shape

    def __call__(self, images, seeds):
        return self.brightness * images


class InterruptOnce(keras.callbacks.Callback):
    """Ctrl-C at the end of the first epoch, unless a file says that it has come before."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path

    def on_epoch_end(self, epoch, logs=None):
        if not Path(self.path).exists():
            Path(self.path).touch()
            raise KeyboardInterrupt
