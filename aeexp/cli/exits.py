"""The end of a command: an expected error as one line, and the exit code."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aeexp.errors import AeexpError, OutputError
from aeexp.runtime.credentials import without_credentials

GO_ON = "interrupted; the same command goes on with a sweep, and aeexp resume run=latest with a training"
INTERRUPTED = {"train": GO_ON, "resume": GO_ON, "ui": "the UI is closed", "explore": "the explorer is closed"}
"""What is said of a command that was interrupted."""

DISK_FULL = "the disk is full; make room. `aeexp resume run=latest` goes on with a training."


@contextmanager
def exit_on_error(command: str) -> Iterator[None]:
    """Turns an expected error into one line on stderr and an exit code."""
    try:
        yield
    except KeyboardInterrupt:
        print(INTERRUPTED.get(command, "interrupted"), file=sys.stderr)
        sys.exit(130)
    except AeexpError as error:
        print(f"error: {without_credentials(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"error: {DISK_FULL}", file=sys.stderr)
        sys.exit(OutputError.exit_code)
