"""Optimizer updates in one pass over the weights, where Keras takes several."""

from collections.abc import Callable

import keras
import tensorflow as tf

Update = Callable[[tf.Tensor, tf.Variable, tf.Tensor], None]
"""Takes a gradient, the weight it belongs to, and the learning rate."""


def fuse(optimizer: keras.optimizers.Optimizer) -> None:
    """Let a built optimizer use TensorFlow's own operation for its formula; one that has none stays as it is.

    The formula and the state remain those of Keras, and so do clipping, schedules and weight decay.
    """
    formula = type(optimizer).update_step
    if formula is keras.optimizers.Adam.update_step and not optimizer.amsgrad:
        optimizer.update_step = _adam(optimizer)
    elif formula is keras.optimizers.RMSprop.update_step and not optimizer.centered:
        optimizer.update_step = _rmsprop(optimizer)


def _adam(optimizer: keras.optimizers.Adam) -> Update:
    def update(gradient: tf.Tensor, weight: tf.Variable, learning_rate: tf.Tensor) -> None:
        place = optimizer._get_variable_index(weight)
        step = tf.cast(optimizer.iterations + 1, weight.dtype)
        tf.raw_ops.ResourceApplyAdam(
            var=_handle(weight),
            m=_handle(optimizer._momentums[place]),
            v=_handle(optimizer._velocities[place]),
            beta1_power=tf.pow(float(optimizer.beta_1), step),
            beta2_power=tf.pow(float(optimizer.beta_2), step),
            lr=learning_rate,
            beta1=optimizer.beta_1,
            beta2=optimizer.beta_2,
            epsilon=optimizer.epsilon,
            grad=gradient,
        )

    return update


def _rmsprop(optimizer: keras.optimizers.RMSprop) -> Update:
    # Where there is no momentum Keras keeps none, but the operation needs a place for it.
    momenta = optimizer._momentums or [keras.Variable(tf.zeros(each.shape)) for each in optimizer._velocities]

    def update(gradient: tf.Tensor, weight: tf.Variable, learning_rate: tf.Tensor) -> None:
        place = optimizer._get_variable_index(weight)
        tf.raw_ops.ResourceApplyRMSProp(
            var=_handle(weight),
            ms=_handle(optimizer._velocities[place]),
            mom=_handle(momenta[place]),
            lr=learning_rate,
            rho=optimizer.rho,
            momentum=optimizer.momentum,
            epsilon=optimizer.epsilon,
            grad=gradient,
        )

    return update


def _handle(variable: keras.Variable | tf.Variable) -> tf.Tensor:
    return getattr(variable, "_value", variable).handle
