"""Hand-written Keras version of experiment=super_resolution. Arguments: .npz with x_train and x_test, epochs."""

import sys

import keras
import numpy as np
from keras import layers

data = np.load(sys.argv[1])
x_train = data["x_train"].astype("float32")[..., np.newaxis] / 255
x_test = data["x_test"].astype("float32")[..., np.newaxis] / 255
x_train_low = x_train.reshape(-1, 14, 2, 14, 2, 1).mean((2, 4))
x_test_low = x_test.reshape(-1, 14, 2, 14, 2, 1).mean((2, 4))

model = keras.Sequential(
    [
        keras.Input((14, 14, 1)),
        layers.Conv2D(16, 3, activation="relu", padding="same"),
        layers.MaxPooling2D(2, padding="same"),
        layers.Conv2D(8, 3, activation="relu", padding="same"),
        layers.MaxPooling2D(2, padding="same"),
        layers.Conv2D(8, 3, activation="relu", padding="same"),
        layers.UpSampling2D(2),
        layers.Conv2D(8, 3, activation="relu", padding="same"),
        layers.UpSampling2D(2),
        layers.Conv2D(16, 3, activation="relu"),
        layers.UpSampling2D(2),
        layers.Conv2D(1, 3, activation="sigmoid", padding="same"),
    ]
)
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(
    x_train_low,
    x_train,
    batch_size=128,
    epochs=int(sys.argv[2]),
    validation_data=(x_test_low, x_test),
    shuffle=True,
    verbose=2,
)
