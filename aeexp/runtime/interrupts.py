"""Interrupts (Ctrl-C, SIGTERM), deferred to points where a run can stop safely.

Python raises `KeyboardInterrupt` between any two instructions. Within a call of TensorFlow that may crash the process,
within a transaction it leaves the database locked.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_is_noted = False


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Defers interrupts to `check_interrupt` or the end of the `with`; a second one is not deferred.

    Signals that do not raise `KeyboardInterrupt` keep their handlers.
    """
    global _is_noted
    if threading.current_thread() is not threading.main_thread():
        yield  # signals arrive in the main thread only
        return
    signals = [each for each in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(each) is signal.default_int_handler]
    for each in signals:
        signal.signal(each, _note)
    try:
        yield
        check_interrupt()
    finally:
        for each in signals:
            signal.signal(each, signal.default_int_handler)
        _is_noted = False


def check_interrupt() -> None:
    """Raise an interrupt that has been deferred.

    Raises:
        KeyboardInterrupt: if there is one.
    """
    if _is_noted:
        raise KeyboardInterrupt


def _note(number: int, frame: FrameType | None) -> None:
    global _is_noted
    if _is_noted:
        signal.default_int_handler(number, frame)
    _is_noted = True
