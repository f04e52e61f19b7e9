"""Modules that act when they are used: TensorFlow and Keras, imported then, and packages that can be called.

A component that imports them from here can be built, and so checked, before they are loaded, which takes seconds. Its
file begins with `from __future__ import annotations`, as an annotation such as `tf.Tensor` would be a use.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any


class LazyModule(ModuleType):
    """A module that is imported when something of it is first used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what inspects modules asks for these, and uses nothing
            raise AttributeError(name)
        value = getattr(import_module(self.__name__), name)
        setattr(self, name, value)
        return value


class CallablePackage(ModuleType):
    """A package of components that, called, lists them: `aeexp.models()`."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        function = getattr(import_module("aeexp.api.listing"), self.__name__.rpartition(".")[2])
        return function(*arguments, **named)


if TYPE_CHECKING:
    import keras as keras
    import tensorflow as tf
    from keras import layers as layers
    from keras import ops as ops
else:
    keras, layers, ops, tf = map(LazyModule, ("keras", "keras.layers", "keras.ops", "tensorflow"))
