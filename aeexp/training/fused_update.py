"""Fused optimizer updates: one pass over the weights, where Keras takes several."""

from collections.abc import Hashable, Sequence

import keras
import tensorflow as tf

Slots = tuple[keras.Variable | tf.Variable, ...]
"""The state that an optimizer keeps for one weight."""


def fuse(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The same optimizer with TensorFlow's own operation for its formula, or the optimizer itself if there is none.

    Formula, state and its order remain those of Keras, and so do clipping, schedules and weight decay.

    Args:
        optimizer: not built yet; left unused if another one is returned.
    """
    kind = type(optimizer)
    if kind in (keras.optimizers.Adam, keras.optimizers.AdamW) and not optimizer.amsgrad:
        return _copy(optimizer, FusedAdam)  # an AdamW is an Adam whose `weight_decay` has another default
    if kind is keras.optimizers.RMSprop and not optimizer.centered:
        return _copy(optimizer, FusedRMSprop)
    return optimizer


class FusedAdam(keras.optimizers.Adam):
    """Adam and AdamW without AMSGrad, updated by `tf.raw_ops.ResourceApplyAdam`."""

    def build(self, variables: Sequence[keras.Variable]) -> None:
        if self.built:
            return
        keras.optimizers.Optimizer.build(self, variables)
        momentums, velocities = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        self._slots = _by_variable(variables, momentums, velocities)

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor) -> None:
        momentum, velocity = self._slots[_key(variable)]
        step = tf.cast(self.iterations + 1, variable.dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=momentum.handle,
            v=velocity.handle,
            beta1_power=tf.pow(float(self.beta_1), step),
            beta2_power=tf.pow(float(self.beta_2), step),
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


class FusedRMSprop(keras.optimizers.RMSprop):
    """RMSprop, not centered, updated by `tf.raw_ops.ResourceApplyRMSProp`."""

    def build(self, variables: Sequence[keras.Variable]) -> None:
        if self.built:
            return
        keras.optimizers.Optimizer.build(self, variables)
        velocities = self.add_optimizer_variables(variables, "velocity")
        if self.momentum > 0:
            momentums = self.add_optimizer_variables(variables, "momentum")
        else:  # Keras keeps none then, but the operation needs a place; a tf.Variable does not belong to the state
            momentums = [tf.Variable(tf.zeros(variable.shape), trainable=False) for variable in variables]
        self._slots = _by_variable(variables, velocities, momentums)

    def update_step(self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor) -> None:
        velocity, momentum = self._slots[_key(variable)]
        tf.raw_ops.ResourceApplyRMSProp(
            var=variable.handle,
            ms=velocity.handle,
            mom=momentum.handle,
            lr=learning_rate,
            rho=self.rho,
            momentum=self.momentum,
            epsilon=self.epsilon,
            grad=gradient,
        )


def _copy(optimizer: keras.optimizers.Optimizer, kind: type[keras.optimizers.Optimizer]) -> keras.optimizers.Optimizer:
    """An optimizer of another class with the same settings; the optimizer itself if Keras cannot serialize them."""
    try:
        return kind.from_config(optimizer.get_config())
    except (NotImplementedError, TypeError, ValueError):  # a learning rate schedule of the user's own
        return optimizer


def _by_variable(
    variables: Sequence[keras.Variable], *states: Sequence[keras.Variable | tf.Variable]
) -> dict[Hashable, Slots]:
    return {_key(variable): slots for variable, slots in zip(variables, zip(*states, strict=True), strict=True)}


def _key(variable: keras.Variable | tf.Variable) -> Hashable:
    """Identifies a weight, which Keras passes on as the `tf.Variable` that it wraps."""
    return (variable.value if isinstance(variable, keras.Variable) else variable).ref()
