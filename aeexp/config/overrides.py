"""Overrides of a command as settings by their keys, and the names of runs made of them."""

from collections.abc import Mapping, Sequence

from aeexp.config.infrastructure import is_infrastructure
from aeexp.config.paths import CONF

MAX_NAME = 90
"""Letters of a run's name; longer ones push the pictures of MLflow's charts out of sight."""

CUT = "…"
"""Stands at the end of a name for what was left out."""

DEFAULTS = "defaults"
"""The name of a run without overrides."""

TELL_LEAST = (
    *("probes", "report", "baseline", "comparison", "metric", "callback", "sampler"),
    *("trainer", "dataset", "schedule", "optimizer", "loss"),
)
"""Parts of the config that a name has last and leaves out where it is long; the first of them tells least."""


def overridden(words: Sequence[str]) -> dict[str, str]:
    """The settings of an experiment that overrides such as `+corruption=[downscale,noise]` assign, by their keys.

    Options of a group are joined: `{"corruption": "downscale+noise"}`. Deleted keys and infrastructure are left out.
    """
    pairs = (word.lstrip("+").partition("=") for word in words if not word.startswith("~"))
    found = {key.partition("@")[0]: value for key, _, value in pairs}
    return {
        key: joined_options(value) if is_group(key) else value
        for key, value in found.items()
        if key != "name" and not is_infrastructure(key)
    }


def is_group(key: str) -> bool:
    """Whether a key without dots, such as `corruption` or `model/architecture`, is a group of the config."""
    return "." not in key and (CONF / key).is_dir()


def joined_options(value: str) -> str:
    """The options of a group as one word: `downscale+noise`, or `none`."""
    options = (option.strip(" '\"") for option in value.strip("[]").split(","))
    return "+".join(filter(None, options)).replace("{}", "none") or "none"


def named(settings: Mapping[str, str]) -> str:
    """A name of bounded length: `corruption=noise corruption.noise.std=0.1`; empty for no settings.

    Mappings are left out. What tells least stands last, and is left out where there is too much of it, which an
    ellipsis shows.
    """
    order = sorted(settings, key=lambda key: -TELL_LEAST.index(part) if (part := _part(key)) in TELL_LEAST else -99)
    kept, end = {key: settings[key] for key in order if settings[key][:1] != "{"}, ""
    for key in [key for key in reversed(kept) if _part(key) in TELL_LEAST]:
        if len(_joined(kept)) + len(end) > MAX_NAME:
            del kept[key]
            end = f" {CUT}"
    name = _joined(kept)
    return f"{name}{end}".strip() if len(name) + len(end) <= MAX_NAME else f"{name[: MAX_NAME - 2]} {CUT}"


def written_out(words: Sequence[str]) -> str:
    """The settings that overrides assign, in the order of the command; nothing is left out."""
    return _joined(overridden(words))


def _part(key: str) -> str:
    """The part of the config that a key belongs to."""
    return key.split(".")[0].split("/")[0]


def _joined(settings: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in settings.items())
