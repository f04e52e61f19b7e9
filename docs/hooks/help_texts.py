"""The `--help` of every command, printed as JSON; a program of its own, as Hydra changes its process."""

import json
import sys
from contextlib import redirect_stdout, suppress
from io import StringIO

from aeexp.cli.main import COMMANDS, main


def help_text(command: str) -> str:
    """What `aeexp COMMAND --help` prints."""
    sys.argv = ["aeexp", command, "--help"]
    with redirect_stdout(StringIO()) as printed, suppress(SystemExit):
        main()
    return printed.getvalue()


if __name__ == "__main__":
    print(json.dumps({command: help_text(command) for command in COMMANDS}))
