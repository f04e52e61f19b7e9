"""Interrupts (Ctrl-C, SIGTERM), deferred to points where a run can stop safely.

Python raises `KeyboardInterrupt` between any two instructions. Within a call of TensorFlow that may crash the process,
within a transaction it leaves the database locked.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

RECORDED = "while run "
"""Beginning of the note of an error that ended a run."""

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


def note_run(error: BaseException, run_id: str) -> None:
    """Note at an error which run it ended."""
    error.add_note(f"{RECORDED}{run_id} was being recorded")


def recorded_in(error: BaseException) -> str:
    """The id of the run that an error ended; empty for none."""
    notes = [note.split() for note in getattr(error, "__notes__", ()) if note.startswith(RECORDED)]
    return notes[0][2] if notes else ""


def _note(number: int, frame: FrameType | None) -> None:
    global _is_noted
    if _is_noted:
        signal.default_int_handler(number, frame)
    _is_noted = True
