"""Hand-written Keras version of experiment=super_resolution_cifar10. Arguments: .npz with x_train, x_test; epochs."""

import sys

import keras
import numpy as np
from keras import layers, ops

data = np.load(sys.argv[1])
x_train, x_test = (data[split].astype("float32") / 255 for split in ("x_train", "x_test"))
x_train_low, x_test_low = (x.reshape(-1, 16, 2, 16, 2, 3).mean((2, 4)) for x in (x_train, x_test))

FILTERS, BLOCKS = 32, 4


class DepthToSpace(layers.Layer):
    def call(self, x):
        n, h, w, c = ops.shape(x)
        x = ops.reshape(x, (n, h, w, 2, 2, c // 4))
        return ops.reshape(ops.transpose(x, (0, 1, 3, 2, 4, 5)), (n, 2 * h, 2 * w, c // 4))


low = keras.Input((16, 16, 3))
features = first = layers.Conv2D(FILTERS, 3, padding="same")(low)
for _ in range(BLOCKS):
    change = layers.Conv2D(FILTERS, 3, padding="same", activation="relu")(features)
    features = features + layers.Conv2D(FILTERS, 3, padding="same")(change)
details = layers.Conv2D(12, 3, padding="same", kernel_initializer="zeros")(features + first)
enlarged = layers.UpSampling2D(2, interpolation="bicubic")(low)
model = keras.Model(low, ops.clip(enlarged + DepthToSpace()(details), 0, 1))
model.compile(optimizer="adam", loss=lambda x, y: 3072 * ops.mean(ops.square(x - y), axis=(1, 2, 3)))
model.fit(
    x_train_low,
    x_train,
    batch_size=128,
    epochs=int(sys.argv[2]),
    validation_data=(x_test_low, x_test),
    shuffle=True,
    verbose=2,
)
