"""Fast convolutions with the weights of Keras' layers, fused with the upsampling before and the pooling after them."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from aeexp.models.autoencoder import Autoencoder

INCREASING = (keras.activations.relu, keras.activations.linear)
"""Activations that commute with a maximum."""


def fuse_convolutions(model: Autoencoder) -> Autoencoder:
    """An autoencoder with the same weights and outputs that computes faster, for training and evaluation.

    Upsampling before a convolution and pooling after it become a part of it; other layers stay as they are. The
    original is the one to save, show and export.
    """
    return model.with_networks(_with_fast_convolutions(model.encoder), _with_fast_convolutions(model.decoder))


class FusedConv2D(layers.Layer):
    """A `Conv2D` with the upsampling before it or the pooling after it.

    - Each pixel of an upsampled image is one of factor² copies, so several taps of the kernel meet the same number.
      Each of the factor² positions within a pixel thus has a smaller kernel of its own, of sums of taps. They are
      applied as channels of one convolution at the low resolution, and `interleave` arranges the results (Shi et al.,
      "Is the deconvolution layer the same as a convolutional layer?", 2016).
    - A maximum commutes with adding a bias and with ReLU, so both are applied after the pooling, to fewer numbers.

    Args:
        convolution: the layer whose weights are used; of odd kernel size, without strides, dilation or groups.
        factor: of the nearest-neighbor upsampling; 1 if there is none.
        pooling: None if there is none.
    """

    def __init__(self, convolution: layers.Conv2D, factor: int = 1, pooling: layers.MaxPooling2D | None = None) -> None:
        super().__init__(dtype=convolution.dtype_policy)
        self.convolution = convolution
        self.factor = factor
        self.pooling = pooling
        self.built = True

    def call(self, images: tf.Tensor) -> tf.Tensor:
        """[N, h, w, c] -> [N, H, W, filters]."""
        convolution = self.convolution
        results = convolve(images, self._kernels(), convolution.padding.upper())
        if self.pooling:
            results = self.pooling(results)
        if convolution.use_bias:
            results = tf.nn.bias_add(results, tf.tile(tf.convert_to_tensor(convolution.bias), [self.factor**2]))
        results = results if self.factor == 1 else interleave(results, self.factor)
        if convolution.activation not in INCREASING:
            results = tf.cast(results, tf.float32)  # near 1, a sigmoid in bfloat16 has steps of 1/256
        return convolution.activation(results)

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        height, width = (side and side * self.factor for side in shape[1:3])
        shape = self.convolution.compute_output_shape((shape[0], height, width, shape[3]))
        return self.pooling.compute_output_shape(shape) if self.pooling else shape

    def _kernels(self) -> tf.Tensor:
        """[taps, taps, c, factor² · filters] in the order of `interleave`."""
        kernel = tf.convert_to_tensor(self.convolution.kernel)
        if self.factor == 1:
            return kernel
        rows, columns = (tf.constant(self._sums(size), kernel.dtype) for size in kernel.shape[:2])
        kernels = tf.einsum("atk,bul,klcf->tucabf", rows, columns, kernel)
        return tf.reshape(kernels, (*kernels.shape[:3], -1))

    def _sums(self, size: int) -> np.ndarray:
        """Which taps of the kernel meet which pixel, for each position within one: 0 or 1, [factor, taps, size]."""
        rim = size // 2 if self.convolution.padding == "same" else 0
        met = (np.arange(self.factor)[:, np.newaxis] + np.arange(size) - rim) // self.factor
        return np.equal(met[:, np.newaxis], np.arange(met.min(), met.max() + 1)[:, np.newaxis])


def convolve(images: tf.Tensor, kernel: tf.Tensor, padding: str) -> tf.Tensor:
    """`tf.nn.conv2d` without strides, with a gradient of the kernel that is fast for few filters.

    The gradient correlates the images with the gradients of the results. If the latter have fewer channels, the two
    are swapped and the result is flipped: a processor handles up to 16 channels of the second at once.
    """
    options = {"strides": [1, 1, 1, 1], "padding": padding}
    swap = padding == "SAME" and kernel.shape[3] < kernel.shape[2]

    def gradient(above: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        of_images = tf.raw_ops.Conv2DBackpropInput(
            input_sizes=tf.shape(images), filter=kernel, out_backprop=above, **options
        )
        first, second = (above, images) if swap else (images, above)
        shape = (*kernel.shape[:2], first.shape[3], second.shape[3])
        of_kernel = tf.raw_ops.Conv2DBackpropFilter(input=first, filter_sizes=shape, out_backprop=second, **options)
        return of_images, tf.transpose(of_kernel[::-1, ::-1], [0, 1, 3, 2]) if swap else of_kernel

    @tf.custom_gradient
    def convolution(images: tf.Tensor, kernel: tf.Tensor) -> tuple[tf.Tensor, Callable[[tf.Tensor], Any]]:
        return tf.nn.conv2d(images, kernel, **options), gradient

    return convolution(images, kernel)


def interleave(images: tf.Tensor, factor: int) -> tf.Tensor:
    """`tf.nn.depth_to_space`, [N, h, w, factor² · C] -> [N, h · factor, w · factor, C], in a tenth of its time.

    A row of pixels becomes `factor` rows, which are stored side by side within each pixel. This is a transposition of
    two dimensions, for which TensorFlow has a fast operation on processors, as for its gradient.
    """
    height, width, channels = images.shape[1], images.shape[2], images.shape[3] // factor**2
    rows = tf.reshape(images, (-1, width, factor, factor * channels))
    return tf.reshape(tf.transpose(rows, (0, 2, 1, 3)), (-1, height * factor, width * factor, channels))


class ConvFusion:
    """A `call_function` for `keras.models.clone_model` that replaces layers by `FusedConv2D` where it can.

    Args:
        model: a functional model, which stays as it is.
    """

    def __init__(self, model: keras.Model) -> None:
        self._uses = Counter(id(tensor) for each in model.operations for tensor in tf.nest.flatten(each.input))
        self._upsampled: dict[int, tuple[int, keras.KerasTensor]] = {}
        self._convolved: dict[int, tuple[layers.Conv2D, keras.KerasTensor]] = {}

    def __call__(self, layer: layers.Layer, *inputs: Any, **options: Any) -> Any:
        factor, images = self._upsampled.get(id(inputs[0]), (1, inputs[0]))
        if _is_plain(layer) and _keeps_places(layer, factor):
            return self._convolve(layer, factor, images)
        if isinstance(layer, layers.MaxPooling2D) and id(inputs[0]) in self._convolved:
            convolution, images = self._convolved[id(inputs[0])]
            return FusedConv2D(convolution, pooling=layer)(images)
        results = layer(*inputs, **options)
        if isinstance(layer, layers.UpSampling2D) and layer.interpolation == "nearest" and len({*layer.size}) == 1:
            self._upsampled[id(results)] = (layer.size[0], inputs[0])
        return results

    def _convolve(self, layer: layers.Conv2D, factor: int, images: keras.KerasTensor) -> keras.KerasTensor:
        """Convolve, and remember the result if a pooling may be its only use."""
        results = FusedConv2D(layer, factor)(images)
        if factor == 1 and layer.activation in INCREASING and self._uses[id(layer.output)] == 1:
            self._convolved[id(results)] = (layer, images)
        return results


def _with_fast_convolutions(model: keras.Model) -> keras.Model:
    return keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=ConvFusion(model))


def _is_plain(layer: layers.Layer) -> bool:
    return (
        type(layer) is layers.Conv2D
        and tuple(layer.strides) == tuple(layer.dilation_rate) == (1, 1)
        and layer.groups == 1
        and all(size % 2 for size in layer.kernel_size)
        and layer.padding in ("same", "valid")
        and layer.data_format == "channels_last"
    )


def _keeps_places(convolution: layers.Conv2D, factor: int) -> bool:
    """Whether the results cover whole pixels of the low resolution, as `interleave` needs."""
    return convolution.padding == "same" or all((size - 1) % factor == 0 for size in convolution.kernel_size)
