"""Hand-written Keras version of experiment=denoising. Arguments: .npz with x_train and x_test, epochs."""

import sys

import keras
import numpy as np
from keras import layers

data = np.load(sys.argv[1])
x_train = data["x_train"].astype("float32")[..., np.newaxis] / 255
x_test = data["x_test"].astype("float32")[..., np.newaxis] / 255
x_train_noisy = np.clip(x_train + np.random.normal(0.5, 0.5, x_train.shape), 0, 1).astype("float32")
x_test_noisy = np.clip(x_test + np.random.normal(0.5, 0.5, x_test.shape), 0, 1).astype("float32")

model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(16, 3, activation="relu", padding="same"),
        layers.MaxPooling2D(2, padding="same"),
        layers.Conv2D(8, 3, activation="relu", padding="same"),
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
    x_train_noisy,
    x_train,
    batch_size=128,
    epochs=int(sys.argv[2]),
    validation_data=(x_test_noisy, x_test),
    shuffle=True,
    verbose=2,
)
