"""Components given as objects, as the config nodes that they are made of."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from typing import Any

import numpy as np

from aeexp.errors import ConfigError

CONTRACTS = ("Augmentation", "Baseline", "Corruption", "Dataset", "Loss", "Metric", "Report", "Architecture")


def is_component(value: Any) -> bool:
    """Whether a value is a component: an object of a contract of the package, or of a class of Keras."""
    kinds = [] if inspect.isclass(value) else type(value).__mro__
    names = {kind.__name__ for kind in kinds if kind.__module__.startswith("aeexp.")}
    return bool(names & set(CONTRACTS)) or any(kind.__module__.startswith("keras.") for kind in kinds)


def component_name(component: Any) -> str:
    """The name of a component among others of its group: `salt_and_pepper` of `SaltAndPepper`."""
    parts = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"
    return re.sub(parts, "_", type(component).__name__).lower()


def component_node(component: Any) -> dict[str, Any]:
    """The class of a component by its path, and the values of its fields.

    Raises:
        ConfigError: for a class that cannot be imported by its path, or an object that does not tell its fields.
    """
    return {"_target_": _class_path(component), **_values(component)}


def _class_path(component: Any) -> str:
    kind = type(component)
    if (exported := _exported(kind)) is not None:
        return exported
    path = f"{kind.__module__}.{kind.__qualname__}"
    if getattr(import_module(kind.__module__), kind.__qualname__, None) is not kind:
        raise ConfigError(
            f"{path}: a run records its components by the path of their classes, and this one is found under none; "
            "define the class at the top of a module."
        )
    return path


def _exported(kind: type) -> str | None:
    """The public path of a class of Keras, whose modules are private."""
    if not kind.__module__.startswith("keras."):
        return None
    import keras

    places = {"keras.optimizers": keras.optimizers, "keras.callbacks": keras.callbacks, "keras.layers": keras.layers}
    return next((f"{name}.{kind.__name__}" for name, place in places.items() if hasattr(place, kind.__name__)), None)


def _values(component: Any) -> dict[str, Any]:
    if is_dataclass(component):
        return {each.name: _plain(getattr(component, each.name)) for each in fields(component) if each.init}
    config: Mapping[str, Any] = component.get_config() if hasattr(component, "get_config") else vars(component)
    parameters = inspect.signature(type(component)).parameters
    known = [name for name in parameters if name not in ("args", "kwargs", "name")]
    if missing := [name for name in known if name not in config and not hasattr(component, name)]:
        raise ConfigError(
            f"{type(component).__name__}: its argument {missing[0]} cannot be read from the object; "
            f"{_advice(component)}"
        )
    values = {name: _plain(config[name] if name in config else getattr(component, name)) for name in known}
    return {name: value for name, value in values.items() if not _is_default(value, parameters[name])}


def _advice(component: Any) -> str:
    if type(component).__module__.startswith("keras."):
        return "subclass it and keep it as an attribute of that name, or choose the class by a yaml, as callback=mine."
    return "keep it as an attribute of that name, or give it in get_config()."


def _is_default(value: Any, parameter: inspect.Parameter) -> bool:
    """Whether a value is the default and can be left out: that of arguments of a declared type is recorded."""
    if parameter.annotation is not parameter.empty or isinstance(value, np.ndarray):
        return False
    return type(value) is type(parameter.default) and value == parameter.default


def _plain(value: Any) -> Any:
    """A field as the config holds it: the fields of a dataclass among them by their names."""
    if is_dataclass(value) and not isinstance(value, type):
        return _values(value)
    if isinstance(value, float) and value == np.float32(value):
        return float(str(np.float32(value)))  # Keras gives the learning rate as float32 holds it
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value
