"""Output of a command whose reader may leave, as in `aeexp train | head`: the command goes on without it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO


@contextmanager
def lasting_output() -> Iterator[None]:
    """Makes standard output and error outlast their readers for the block."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (LastingStream(each) for each in before)  # type: ignore[assignment]
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # here, as Python would report a closed pipe when it exits
        sys.stdout, sys.stderr = before


class LastingStream:
    """A stream that discards what is written once nobody reads it any more.

    Args:
        stream: that it writes to, and that has all its other methods.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._discard()
            return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._discard()

    def _discard(self) -> None:
        """Send what is left, and all that follows, nowhere; the programs that it starts as well."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
