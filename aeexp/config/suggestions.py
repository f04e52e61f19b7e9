"""Suggestions for mistyped names."""

from collections.abc import Iterable


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A hint such as ` Did you mean 'noise'?`, empty where nothing is near."""
    from difflib import get_close_matches  # only where something is mistyped

    matches = get_close_matches(word, list(choices), n=1, cutoff=0.5)
    return f" Did you mean '{matches[0]}'?" if matches else ""
