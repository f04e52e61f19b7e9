"""The least time an epoch can take: its multiplications at the rate of large matrix products on this machine.

python benchmarks/floor.py experiment=autoencoder experiment=vae
"""

import math
import sys
import time

import keras
import tensorflow as tf
from hydra import compose, initialize_config_dir
from keras import layers

from aeexp.config.instantiate import instantiate_all
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.corruptions.chain import Chain
from aeexp.corruptions.corruption import Corruption
from aeexp.runs.factory import build_model

VALIDATION_IMAGES = 10_000


def main() -> None:
    """Print a line for each experiment."""
    register_schemas()
    rates = {dtype: rate(dtype) for dtype in ("float32", "bfloat16")}
    print("matrix products: " + ", ".join(f"{value / 1e9:,.0f} GFLOP/s in {dtype}" for dtype, value in rates.items()))
    for experiment in sys.argv[1:]:
        flops = operations(experiment)
        seconds = ", ".join(f"{flops / value:.2f} s in {dtype}" for dtype, value in rates.items())
        print(f"{experiment}: {flops / 1e9:,.0f} GFLOP an epoch, at least {seconds}")


def rate(dtype: str, size: int = 4096, tries: int = 5) -> float:
    """Floating-point operations a second."""
    matrix = tf.cast(tf.random.normal([size, size]), dtype)
    product = tf.function(lambda: tf.reduce_sum(tf.matmul(matrix, matrix, transpose_b=True)))
    return max(2 * size**3 / seconds(lambda: product().numpy()) for _ in range(tries + 1))


def seconds(action: object) -> float:
    begin = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - begin


def operations(experiment: str) -> int:
    """Of an epoch of the plain network: once forward and twice back for training, once forward for validation."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        config = compose("train", [experiment])
    shape, training_images = ((32, 32, 3), 50_000) if "cifar10" in experiment else ((28, 28, 1), 60_000)
    model = build_model(config, Chain(instantiate_all(config.corruption, "corruption", Corruption)), shape)
    forward = [2 * multiplications(layer) for part in (model.encoder, model.decoder) for layer in part.layers]
    first = next(number for number in forward if number)  # whose input needs no gradient
    return training_images * (3 * sum(forward) - first) + VALIDATION_IMAGES * sum(forward)


def multiplications(layer: keras.Operation) -> int:
    """Of one image in a convolution or a dense layer."""
    if not isinstance(layer, layers.Conv2D | layers.Dense):
        return 0
    return math.prod(layer.output.shape[1:-1]) * math.prod(layer.kernel.shape)


if __name__ == "__main__":
    main()
