"""Help on a group of the config: its options, a line each."""

from collections.abc import Sequence

from aeexp.config.described_options import all_groups, described_options
from aeexp.config.known_names import LISTS, choices_of
from aeexp.config.suggestions import COMMANDS, did_you_mean, hint, synonyms
from aeexp.errors import ConfigError


def group_help(group: str, commands: Sequence[str]) -> str:
    """The options of a group, a line each.

    Args:
        group: such as `corruption` or `model/architecture`.
        commands: of which there is help as well.

    Raises:
        ConfigError: where there is no such group.
    """
    groups, name = all_groups(), group.strip("/").replace(".", "/")
    if name not in groups:
        key = group.partition(".")[0] if "." in group else ""
        meant = hint([key] if key in groups else synonyms(group, COMMANDS))
        chosen = dict.fromkeys(choice.partition("=")[0] for choice in choices_of(name, "train"))
        meant = meant or hint([f"aeexp help {each}" for each in chosen]) or did_you_mean(group, [*commands, *groups])
        raise ConfigError(
            f"help: no such command or group: {group}.{meant} See aeexp --help, or choose from {', '.join(groups)}."
        )
    options = described_options(name)
    several = f", '{name}=[A,B]' several" if name in LISTS else ""
    width = max(map(len, options))
    below = [each for each in groups if each.startswith(f"{name}/")]
    return "\n".join(
        [
            f"aeexp train {name}=OPTION chooses one of these{several}:",
            "",
            *(f"  {option:<{width}}  {description}" for option, description in options.items()),
            "",
            *([f"Made of {', '.join(below)}, of each of which there is help as well."] if below else []),
            f"aeexp train {name}={next(iter(options))} --cfg job shows the settings of an option with their values.",
        ]
    )
