"""Components made from config nodes: checked against the fields of the class that `_target_` names."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import field, is_dataclass, make_dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from omegaconf import MISSING, DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from aeexp.config.aliases import current_class
from aeexp.config.suggestions import did_you_mean
from aeexp.config.wrong_types import wrong_type
from aeexp.errors import ConfigError

T = TypeVar("T")

SIMPLE = (int, float, str, bool, list[int], list[float], int | None, float | None, str | None)
"""Types of arguments that are checked of classes other than dataclasses."""


def instantiate(node: DictConfig, path: str, kind: type[T]) -> T:
    """The component of one config node, checked against the fields of its class.

    Args:
        node: a mapping with `_target_` and the fields of that class.
        path: where the node stands in the config, such as `corruption.noise`; errors open with it.
        kind: the contract that the class must fulfil.

    Raises:
        ConfigError: for a class that cannot be imported or is not of the kind, an unknown or missing field,
            a value of the wrong type, or one that the class refuses.
    """
    target = _component_class(node, path, kind)
    fields = {str(key): value for key, value in node.items_ex(resolve=True) if key != "_target_"}
    _check_names(fields, target, path)
    try:
        if is_dataclass(target):
            return OmegaConf.to_object(OmegaConf.merge(_schema(target), fields))  # type: ignore[return-value]
        if (schema := _schema_of_arguments(target)) is not None:  # type: ignore[arg-type]
            fields = dict(OmegaConf.merge(schema, fields).items_ex())  # type: ignore[arg-type, union-attr]
        return target(**{name: _plain(value) for name, value in fields.items()})
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    except MissingMandatoryValue as error:
        raise ConfigError(f"{path}: {_first_line(error)}; give every field of {target.__name__}.") from error
    except OmegaConfBaseException as error:
        name = next((name for name in fields if str(error.full_key).startswith(name)), str(error.key))
        message = wrong_type(f"{path}.{name}", _plain(fields.get(name)), error)
        raise ConfigError(message or f"{path}.{name}: {_first_line(error)}.") from error
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{path}: {_first_line(error)}") from error


def instantiate_all(nodes: Mapping[str, Any], path: str, kind: type[T]) -> dict[str, T]:
    """Build each node of a group that holds several, keeping names and order.

    Raises:
        ConfigError: for a name that cannot be part of the name of a metric or file, and as `instantiate` does.
    """
    for name in nodes:
        if not re.fullmatch(r"[\w.\- ]*\w[\w.\- ]*", str(name)):
            raise ConfigError(
                f"{path}: the name of a component must be of letters, digits, _, - and dots. Received {name!r}."
            )
    return {name: instantiate(node, f"{path}.{name}", kind) for name, node in nodes.items()}


def _component_class(node: DictConfig, path: str, kind: type[T]) -> type[T]:
    if not isinstance(node, DictConfig) or "_target_" not in node:
        raise ConfigError(
            f"{path}: no such component is chosen, yet values are set for it. Choose it in its group as well, as in "
            f"`{path.split('.')[0]}={path.split('.')[-1]}`, or leave the values out: ~{path}."
        )
    name = current_class(node["_target_"])
    module, _, attribute = name.rpartition(".")
    try:
        target = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"{path}._target_: cannot import '{name}' ({error}). Name a class by its full path."
        ) from error
    if not (inspect.isclass(target) and issubclass(target, kind)):
        raise ConfigError(
            f"{path}._target_: '{name}' must be a {kind.__name__}; subclass {kind.__module__}.{kind.__name__}."
        )
    return target


@cache
def _schema(target: type) -> DictConfig:
    """The fields of a dataclass with their types, to merge values into; a frozen dataclass among them takes them too.

    It is what takes longest, so it is made once for each class; a merge copies it.
    """
    schema = OmegaConf.structured(target)
    for name in schema:
        if not OmegaConf.is_missing(schema, name) and isinstance(schema[name], DictConfig):
            OmegaConf.set_readonly(schema[name], None)
    return schema


@cache
def _schema_of_arguments(target: type) -> DictConfig | None:
    """The same of a class that is no dataclass, such as a layer; None unless all its arguments are of simple types."""
    parameters = inspect.signature(target, eval_str=True).parameters.values()
    if not parameters or any(parameter.annotation not in SIMPLE for parameter in parameters):
        return None
    required = [(parameter.name, parameter.annotation, field(default=MISSING)) for parameter in parameters]
    return OmegaConf.structured(make_dataclass(target.__name__, required))


def _check_names(fields: Mapping[str, Any], target: type, path: str) -> None:
    known = [name for name in inspect.signature(target).parameters if name != "kwargs"]
    for name in fields:
        if name not in known:
            raise ConfigError(
                f"{path}.{name}: no such field.{did_you_mean(name, known)} {target.__name__} has {', '.join(known)}."
            )


def _plain(value: Any) -> Any:
    return OmegaConf.to_object(value) if OmegaConf.is_config(value) else value


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")
