"""Commands that go on from a finished training, as its page, the terminal and `aeexp show` name them."""

import shlex
from collections.abc import Mapping

from aeexp.runs.params import command_overrides
from aeexp.runtime.credentials import without_credentials
from aeexp.runtime.notebook import in_notebook

STORE = ("tracking=", "tracking.uri=", "tracking.folder=", "tracking.experiment=", "home=")
"""Beginnings of the overrides that say where runs are recorded."""


def next_steps(run_id: str, epochs: int, corruption: str) -> dict[str, str]:
    """The commands, each with what it is for.

    Args:
        epochs: that were trained.
        corruption: with which, by its name; empty or `none` for none.
    """
    other, images = ("noise", "noisy") if corruption in ("", "none") else ("none", "clean")
    run = f"run={run_id[:8]}"
    commands = {
        f"aeexp predict {run} images='photos/*.png' output=restored": "restore your own images",
        f"aeexp explore {run}": "walk through its latent space in the browser",
        f"aeexp evaluate {run} corruption={other}": f"evaluate it on {images} images; dataset=… chooses other ones",
        f"aeexp resume {run} trainer.epochs={2 * epochs}": "train it for longer",
        f"aeexp reproduce {run}": "train it again and compare every number",
    }
    return {f"{command}{store_overrides()}": purpose for command, purpose in commands.items()}


def resume_call(run_id: str, settings: Mapping[str, str]) -> str:
    """How to go on with a run under other settings: a command, and in a notebook a call."""
    words = [f"{key}={value}" for key, value in settings.items()]
    if in_notebook():
        return f'aeexp.load("{run_id[:8]}", unfinished=True).resume({", ".join(map(repr, words))})'
    return " ".join([f"aeexp resume run={run_id[:8]}", *words])


def store_overrides() -> str:
    """The overrides of this command that say where runs are recorded, which the next one needs as well."""
    words = [word for word in command_overrides() if word.startswith(STORE)]
    return without_credentials("".join(f" {shlex.quote(word)}" for word in words))
