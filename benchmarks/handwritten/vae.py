"""Hand-written Keras version of experiment=vae. Arguments: .npz with x_train and x_test, epochs."""

import sys

import keras
import numpy as np
from keras import layers, ops

data = np.load(sys.argv[1])
x_train = data["x_train"].reshape(-1, 784).astype("float32") / 255
x_test = data["x_test"].reshape(-1, 784).astype("float32") / 255


class Sampling(layers.Layer):
    def call(self, inputs):
        z_mean, z_log_sigma = inputs
        self.add_loss(-0.5 * ops.mean(ops.sum(1 + 2 * z_log_sigma - z_mean**2 - ops.exp(2 * z_log_sigma), axis=-1)))
        return z_mean + ops.exp(z_log_sigma) * keras.random.normal(ops.shape(z_mean))


images = keras.Input((784,))
hidden = layers.Dense(512, activation="relu")(images)
z = Sampling()([layers.Dense(2)(hidden), layers.Dense(2)(hidden)])
hidden = layers.Dense(512, activation="relu")(z)
model = keras.Model(images, layers.Dense(784, activation="sigmoid")(hidden))
model.compile(optimizer="rmsprop", loss=lambda x, y: 784 * keras.losses.mean_squared_error(x, y))
model.fit(
    x_train, x_train, batch_size=128, epochs=int(sys.argv[2]), validation_data=(x_test, x_test), shuffle=True, verbose=2
)
