"""Keys of a composed config: those without a value that need one, and those that nothing reads."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

from omegaconf import DictConfig, OmegaConf

from aeexp.config.schemas import SCHEMAS
from aeexp.config.suggestions import did_you_mean
from aeexp.config.wrong_types import EXAMPLES
from aeexp.errors import ConfigError

OUTPUTS = {
    "predict": "output=restored",
    "encode": "output=latents.npz",
    "sample": "output=samples",
    "interpolate": "output=steps",
}


BARE = ("loss", "bce", "mse", "mae", "psnr", "ssim")
"""Metrics that are recorded for each split alone."""

METRICS = ("sort", "sweep.metric")
"""Keys whose value is the name of a metric."""


def check_keys(config: DictConfig, command: str) -> None:
    """Refuse a config that lacks a required value, has a key that nothing reads, or names a metric without its split.

    Raises:
        ConfigError: naming all such keys.
    """
    if missing := sorted(OmegaConf.missing_keys(config), key=_position):
        examples = [OUTPUTS[command] if key == "output" else EXAMPLES.get(key, f"{key}=…") for key in missing]
        need = "a value is needed" if len(missing) == 1 else "values are needed"
        raise ConfigError(f"{_listed(missing)}: {need}; add {' '.join(examples)} (see aeexp {command} --help).")
    text = OmegaConf.to_yaml(config)
    for key, siblings in _unread(config, SCHEMAS[command]):
        if f"${{{key}" not in text:  # or else another key takes its value
            if message := own_of_run(key, command):
                raise ConfigError(message)
            raise ConfigError(
                f"{key}: no component reads this key.{did_you_mean(key.rpartition('.')[2], siblings)} "
                f"Leave it out; {key.rpartition('.')[0] or f'aeexp {command}'} has {', '.join(siblings)}."
            )

    _check_metrics(config)


def _check_metrics(config: DictConfig) -> None:
    for key in METRICS:
        if (value := OmegaConf.select(config, key)) in BARE:
            raise ConfigError(f"{key}={value}: {_with_split(value)}")
    for selector in [config.get("run"), *(config.get("runs") or [])]:
        if str(selector) == "best":
            raise ConfigError("run=best: best by which metric? Write, for example, run=best:val/psnr.")
        if str(selector).startswith("best:") and selector.removeprefix("best:") in BARE:
            raise ConfigError(f"run={selector}: {_with_split(selector.removeprefix('best:'), 'best:')}")


def _with_split(metric: str, prefix: str = "") -> str:
    return f"a metric is named with its split. Did you mean '{prefix}val/{metric}' or '{prefix}test/{metric}'?"


def own_of_run(key: str, command: str) -> str | None:
    """The message for a key that would make a resumed run another one; None for other keys and commands."""
    part = key.split(".")[0]
    if command != "resume" or part not in {each.name for each in fields(SCHEMAS["train"])}:
        return None
    return (
        f"{key}: a run goes on with its own {part}; train a new run to change it. aeexp resume changes optimizer.* "
        "and trainer.* alone."
    )


def _position(key: str) -> int:
    """The place of a key among the examples, for an order that a reader expects."""
    order = ["run", "runs", "images", "from", "to", "datasets", "output", "name"]
    return order.index(key) if key in order else len(order)


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _unread(node: DictConfig, schema: type, prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    """The keys of a node that are no fields of its schema, with those that are."""
    known = [each.name for each in fields(schema)]
    hints: dict[str, Any] = get_type_hints(schema)
    for name in map(str, node):
        if name not in known:
            yield f"{prefix}{name}", known
        elif is_dataclass(kind := hints[name]) and isinstance(node[name], DictConfig):
            yield from _unread(node[name], kind, f"{prefix}{name}.")  # type: ignore[arg-type]
