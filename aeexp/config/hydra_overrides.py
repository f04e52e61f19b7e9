"""Overrides as Hydra needs them: settings of what is chosen elsewhere, by a recorded run or by each job of a sweep."""

import re
from collections.abc import Sequence

from aeexp.config.quotes import SEVERAL

CHANGE_DATA = ("evaluate", "encode")
"""Commands that take the data of the run where none is chosen."""


def changing_data(command: str, overrides: Sequence[str]) -> list[str]:
    """The overrides of a command; settings of data that is not chosen are added, to change those of the run."""
    if command not in CHANGE_DATA:
        return list(overrides)
    chosen = {word.partition("=")[0].lstrip("+") for word in overrides}
    is_change = [
        re.match(r"(dataset|corruption)\.", word) and word.partition(".")[0] not in chosen for word in overrides
    ]
    return [f"++{word}" if change else word for word, change in zip(overrides, is_change, strict=True)]


def deferred(overrides: Sequence[str]) -> list[str]:
    """The overrides of a sweep, in which a setting of a component that not every job chooses waits for that choice.

    Hydra composes a config without the swept values first, and refuses in it what belongs to them; it leaves out
    whatever looks like several values.
    """
    swept = {key.lstrip("+") for key, _, value in (word.partition("=") for word in overrides) if _is_several(value)}
    return [
        f"{key}=choice({value})" if key.partition(".")[0] in swept - {key} and not _is_several(value) else word
        for word, (key, _, value) in ((word, word.partition("=")) for word in overrides)
    ]


def _is_several(value: str) -> bool:
    """Whether a value stands for several, by a comma outside of its brackets and quotes, or by a function."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", value)
    while (shorter := re.sub(r"\[[^][]*\]|\{[^{}]*\}", "", bare)) != bare:
        bare = shorter
    return "," in bare or re.match(SEVERAL, value) is not None
