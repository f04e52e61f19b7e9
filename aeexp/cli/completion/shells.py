"""Completion in shells: `aeexp --completion bash` prints a script that asks `aeexp` again at each Tab."""

from collections.abc import Sequence
from pathlib import Path

from aeexp.cli.completion.query import SHELLS, completions, completions_of_line
from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError


def complete(words: Sequence[str], commands: Sequence[str]) -> None:
    """Print the script of a shell, or answer the question of one.

    Args:
        words: a shell; or `query` and the words of a command line; or `line`, a line and the part to be replaced.
        commands: of the program.

    Raises:
        ConfigError: for another shell.
    """
    match words:
        case [shell] if shell in SHELLS:
            print(Path(__file__).with_name(f"aeexp.{shell}").read_text(encoding="utf-8"), end="")
        case ["query", *typed]:
            _print(completions(typed, commands))
        case ["line", line, replaced]:
            _print(completions_of_line(line, replaced, commands))
        case _:
            name = " ".join(words) or "nothing"
            raise ConfigError(
                f"--completion: it needs the name of a shell, {', '.join(SHELLS[:-1])} or {SHELLS[-1]}. "
                f"Received {name}.{did_you_mean(name, SHELLS)}"
            )


def _print(found: Sequence[str]) -> None:
    print("\n".join(each for each in found if "\n" not in each))
