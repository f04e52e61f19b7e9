"""Lower bound of the time per epoch: its multiplications at the rate of large matrix products on this machine.

python benchmarks/floor.py experiment=autoencoder experiment=vae
"""

import math
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from hydra import compose, initialize_config_dir

from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.runtime.tensorflow import choose_onednn

if TYPE_CHECKING:
    import keras

VALIDATION_IMAGES = 10_000


def main() -> None:
    """Print the lower bound for each experiment."""
    choose_onednn()  # before TensorFlow is imported
    register_schemas()
    rates = {dtype: rate(dtype) for dtype in ("float32", "bfloat16")}
    print("matrix products: " + ", ".join(f"{value / 1e9:,.0f} GFLOP/s in {dtype}" for dtype, value in rates.items()))
    for experiment in sys.argv[1:]:
        flops = operations(experiment)
        bounds = ", ".join(f"{flops / value:.2f} s in {dtype}" for dtype, value in rates.items())
        print(f"{experiment}: {flops / 1e9:,.0f} GFLOP per epoch, at least {bounds}")


def rate(dtype: str, size: int = 4096, repetitions: int = 5) -> float:
    """Floating-point operations per second in matrix products."""
    import tensorflow as tf

    matrix = tf.cast(tf.random.normal([size, size]), dtype)
    product = tf.function(lambda: tf.reduce_sum(tf.matmul(matrix, matrix, transpose_b=True)))
    return max(2 * size**3 / seconds(lambda: product().numpy()) for _ in range(repetitions + 1))


def seconds(action: Callable[[], object]) -> float:
    """Wall-clock seconds of a call."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def operations(experiment: str) -> int:
    """Floating-point operations per epoch: a forward and two backward passes in training, a forward in validation."""
    from aeexp.runs.factory import build_corruption, build_model

    with initialize_config_dir(str(CONF), version_base="1.3"):
        config = compose("train", [experiment])
    shape, training_images = ((32, 32, 3), 50_000) if "cifar10" in experiment else ((28, 28, 1), 60_000)
    model = build_model(config, build_corruption(config.corruption), shape)
    forward = [2 * multiplications(layer) for part in (model.encoder, model.decoder) for layer in part.layers]
    first = next(number for number in forward if number)  # the gradient of its input is not computed
    return training_images * (3 * sum(forward) - first) + VALIDATION_IMAGES * sum(forward)


def multiplications(layer: "keras.Operation") -> int:
    """Multiplications per image in a convolution or a dense layer."""
    from keras import layers

    if not isinstance(layer, layers.Conv2D | layers.Dense):
        return 0
    return math.prod(layer.output.shape[1:-1]) * math.prod(layer.kernel.shape)


if __name__ == "__main__":
    main()
