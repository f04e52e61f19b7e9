"""Callbacks of a training, and which of them ended it."""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import keras

from aeexp.errors import AeexpError, CallbackError
from aeexp.models.autoencoder import Autoencoder


class Listeners:
    """Keras callbacks that are told what happens in a training, in their order.

    Args:
        callbacks: all of them.
        own: those of them that the user has chosen.
        model: on which they set `stop_training`.
        params: of the training, such as `epochs`.
    """

    def __init__(
        self,
        callbacks: Sequence[keras.callbacks.Callback],
        own: Sequence[keras.callbacks.Callback],
        model: Autoencoder,
        params: Mapping[str, Any],
    ) -> None:
        self._callbacks = [*callbacks, *own]
        self._own = own
        self._model = model
        self.stopped_by: str | None = None
        """The class of the callback that ended the training."""
        model.stop_training = False
        for callback in self._callbacks:
            callback.set_params(dict(params))
            callback.set_model(model)
        self.tell("on_train_begin")

    def tell(self, event: str, *arguments: Any) -> None:
        """Call a method of each callback, such as `on_epoch_end` with the epoch and its metrics."""
        self._tell(self._callbacks, event, *arguments)

    def replay(self, history: Sequence[Mapping[str, float]]) -> None:
        """Tell the user's callbacks of epochs that were trained before, so that they end the training as they would."""
        for epoch, logs in enumerate(history):
            self._tell(self._own, "on_epoch_begin", epoch)
            self._tell(self._own, "on_epoch_end", epoch, dict(logs))

    def _tell(self, callbacks: Sequence[keras.callbacks.Callback], event: str, *arguments: Any) -> None:
        for callback in callbacks:
            with _named(callback, event) if callback in self._own else nullcontext():
                getattr(callback, event)(*arguments)
            if self._model.stop_training and self.stopped_by is None:
                self.stopped_by = type(callback).__name__


@contextmanager
def _named(callback: keras.callbacks.Callback, event: str) -> Iterator[None]:
    """Says of an error of the user's callback where it was raised.

    Raises:
        CallbackError: in its place.
    """
    try:
        yield
    except AeexpError:
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raise CallbackError(
            f"callback {type(callback).__name__}: its {event} raised {type(error).__name__}: {error} "
            f"({place.filename}, line {place.lineno})"
        ) from error
