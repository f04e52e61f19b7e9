"""The settings of a run that can change its result, and those of them that are not the default."""

from collections.abc import Mapping
from functools import cache

from aeexp.config.aliases import current_key
from aeexp.config.options import default_values, train_defaults
from aeexp.listing.choices import default_choice

GROUPS = ("model", "loss", "augmentation", "corruption", "dataset", "optimizer", "schedule", "trainer", "seed")
"""Parts of the config in which results are decided, in the order in which their settings are shown."""

WITHOUT_EFFECT = ("trainer.threads", "trainer.checkpoints", "trainer.mode", "dataset._target_")
"""Settings of these that change no result."""

NULL = "null"


def settings(params: Mapping[str, str]) -> dict[str, str]:
    """The settings by their current dotted keys, without the classes that the choices name."""
    found = {key: normal(value) for name, value in params.items() if (key := _setting(name))}
    return dict(sorted(found.items(), key=lambda item: _place(item[0])))


def changed(values: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """The settings and choices that are not what `aeexp train` takes by default for the options of a run."""
    named = ("experiment", "augmentation", "loss", "optimizer", "schedule")
    groups = {group: chosen[group] for group in named if chosen.get(group)}
    different = {group: option for group, option in groups.items() if option != default_choice(group)}
    return different | {key: value for key, value in values.items() if value != default_of(key, chosen)}


def default_of(key: str, chosen: Mapping[str, str]) -> str:
    """The default of a setting for the options of a run; `null` also where it is not known."""
    group, _, rest = key.partition(".")
    if not rest:
        return normal(str(train_defaults().get(key, NULL)))
    if group in ("augmentation", "corruption", "loss"):
        option = rest.partition(".")[0]
    else:
        option = "default" if group == "trainer" else chosen.get(group, "")
    return _defaults(group, option).get(rest, NULL)


@cache
def normal(value: str) -> str:
    """A value as it is compared: numbers that are equal are written alike."""
    if value in ("", "None"):
        return NULL
    for kind in (int, float):
        try:
            plain = repr(kind(value)).removesuffix(".0")
        except ValueError:
            continue
        short = f"{float(value):g}"
        return short if len(short) < len(plain) and float(short) == kind(value) else plain
    return value


@cache
def _defaults(group: str, option: str) -> dict[str, str]:
    return {key: normal(str(value)) for key, value in default_values(group, option).items()}


@cache
def _setting(name: str) -> str:
    """The current key of a param that is a setting; else empty."""
    key = current_key(name)
    group, dot, _ = key.partition(".")
    is_setting = group in GROUPS and (bool(dot) or group == "seed")
    return "" if not is_setting or key.endswith("_target_") or key in WITHOUT_EFFECT else key


@cache
def _place(key: str) -> tuple[int, str]:
    return GROUPS.index(key.partition(".")[0]), key
