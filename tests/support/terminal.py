"""A terminal for tests of what a program does at each key."""

import os
import pty
import re
import select
import signal
import time
from collections.abc import Mapping, Sequence

UNSEEN = r"\x07|\x1b\[[?0-9;]*[a-zA-Z]"
"""Bells, and what sets colors and modes."""


class Terminal:
    """A program in a terminal of its own.

    Args:
        words: the command.
        environment: of the program.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process, self._end = pty.fork()
        if not self._process:
            os.execvpe(words[0], [*words], {**environment})

    def type(self, keys: str, expected: str, seconds: float = 60) -> str:
        """What is shown after some keys, up to a pattern.

        Raises:
            AssertionError: where it does not appear.
        """
        os.write(self._end, keys.encode())
        shown, end = b"", time.monotonic() + seconds
        while not re.search(expected, text := re.sub(UNSEEN, "", shown.decode(errors="replace")), re.DOTALL):
            assert select.select([self._end], [], [], max(0, end - time.monotonic()))[0], f"only {text!r}"
            shown += os.read(self._end, 65536)
        return text

    def close(self) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._end)
