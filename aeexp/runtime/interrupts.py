"""Ctrl-C, and a scheduler's end, taken where a run can be left.

Python raises `KeyboardInterrupt` between any two of its instructions. In the middle of a call of TensorFlow that may
crash the process, in the middle of a transaction it leaves the database locked.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_is_noted = False


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Where an interruption is only noted, until `check_interrupt` or the end of the block; a second one breaks in.

    Signals that do not raise `KeyboardInterrupt` keep their effect.
    """
    global _is_noted
    if threading.current_thread() is not threading.main_thread():
        yield  # where signals never arrive
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
    """A place where a run can be left.

    Raises:
        KeyboardInterrupt: where one has been noted.
    """
    if _is_noted:
        raise KeyboardInterrupt


def _note(number: int, frame: FrameType | None) -> None:
    global _is_noted
    if _is_noted:
        signal.default_int_handler(number, frame)
    _is_noted = True
