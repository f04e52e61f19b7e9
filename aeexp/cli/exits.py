"""The end of a command: an expected error as one line, and the exit code."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aeexp.errors import AeexpError, OutputError
from aeexp.runtime.credentials import without_credentials
from aeexp.runtime.interrupts import recorded_in

DISK_FULL = "the disk is full; make room."

CLOSED = {"ui": "the UI is closed", "explore": "the explorer is closed"}
"""What is said of a command that serves until it is interrupted."""

MULTIRUN = {"-m", "--multirun"}
"""The words of a command that make a sweep of it."""


@contextmanager
def exit_on_error(command: str) -> Iterator[None]:
    """Turns an expected error into one line on stderr and an exit code."""
    try:
        yield
    except KeyboardInterrupt as error:
        print(_interrupted(command, error), file=sys.stderr)
        sys.exit(130)
    except AeexpError as error:
        print(f"error: {without_credentials(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(" ".join(filter(None, (f"error: {DISK_FULL}", _to_go_on(error)))), file=sys.stderr)
        sys.exit(OutputError.exit_code)


def _interrupted(command: str, error: KeyboardInterrupt) -> str:
    """What is said of a command that was interrupted."""
    if command in CLOSED:
        return CLOSED[command]
    if MULTIRUN.intersection(sys.argv):
        return "interrupted; the same command goes on with the sweep."
    if command not in ("train", "resume"):
        return "interrupted"
    nothing = "nothing was recorded yet" if command == "train" else "nothing was changed yet"
    return f"interrupted; {_to_go_on(error) or nothing}"


def _to_go_on(error: BaseException) -> str:
    """The command that goes on with the training in which an error arose; empty where none was being recorded."""
    run_id = recorded_in(error)
    if not run_id:
        return ""
    from aeexp.runs.next_steps import store_overrides  # imports Hydra

    return f"aeexp resume run={run_id[:8]}{store_overrides()} goes on with the training."
