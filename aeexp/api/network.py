"""A recorded training with its network, which is applied to images and codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from aeexp.api.numbers import whole
from aeexp.api.pictures import Images, as_batch, as_ends, restored_picture
from aeexp.api.recorded import Recorded
from aeexp.api.run_images import RunImages, run_images
from aeexp.api.sampling import Chosen, sample_source, sampled
from aeexp.datasets.dataset import Split
from aeexp.inference.arrays import ImageArray
from aeexp.runs.chosen_data import chosen_data
from aeexp.runtime.tensorflow import tensorflow_imported

if TYPE_CHECKING:
    from aeexp.inference.codec import Codec
    from aeexp.runs.loading import LoadedRun

MOST_SEED = 2**32 - 1


@dataclass(frozen=True, repr=False)
class TrainedNetwork(Recorded):
    """A recorded training with its network.

    Args:
        allow: modules outside aeexp and Keras whose classes its stored config may name.
    """

    allow: tuple[str, ...] = ()

    def images(self, split: Split = "test", limit: int | None = None) -> RunImages:
        """The first images of its data, `train`, `validation` or `test`, corrupted as in its evaluation.

        Raises:
            DataError: where files of the data set are missing.
        """
        data = chosen_data(self.id, self.tracker.store, self.allow)
        with tensorflow_imported():
            return run_images(self._saved, data, split, limit)

    def encode(self, images: Images) -> np.ndarray:
        """The codes of images, [N, …], or the code of one image, […].

        Pictures are scaled and cropped to the size of the training, and color becomes gray for a grayscale network.

        Raises:
            DataError: for images of an unsuitable shape, type or range, or files that cannot be read.
        """
        with self._codec() as codec:
            pixels, is_single = as_batch(images, codec.input_shape)
            codes = codec.encode(pixels)
        return codes[0] if is_single else codes

    def decode(self, codes: ArrayLike) -> np.ndarray:
        """The images of codes, float32 [N, H, W, C] in [0, 1], or the image of one code, [H, W, C].

        Raises:
            DataError: for codes of another shape, or with numbers that are not finite.
        """
        with self._codec() as codec:
            from aeexp.inference.codec import as_codes

            array = as_codes(codes)
            is_single = array.shape == codec.code_shape
            images = codec.decode(array[np.newaxis] if is_single else array)
        return images[0] if is_single else images

    def restore(self, images: Images) -> Any:
        """The outputs for images that are corrupted already, as `aeexp predict` restores them.

        An array gives an array with the same axes and type, a picture an image of Pillow, a list a list. A fully
        convolutional network takes any size; a grayscale one restores red, green and blue separately.

        Raises:
            DataError: for images of an unsuitable shape, type or range, or files that cannot be read.
        """
        if isinstance(images, list | tuple):
            return [self.restore(image) for image in images]
        with self._codec() as codec:
            if isinstance(images, np.ndarray):
                given = ImageArray.of(images)
                return given.as_given(codec.restore(given.pixels))
            return restored_picture(codec.model, self._saved.image_shape, images)

    def sample(self, count: int = 1, seed: int = 0, sampler: Chosen = None) -> np.ndarray:
        """New images, decoded from codes that are drawn from a density, float32 [count, H, W, C] in [0, 1].

        Args:
            count: number of images.
            seed: of the draws.
            sampler: `prior`, or one that is fitted to the codes of the training images: `gaussian`, `gaussian_mixture`.
                None takes the prior where there is one, or else the first sampler that the run was trained with.

        Raises:
            ConfigError: for a sampler that does not fit the model, fewer than one image, or a seed that is none.
            DataError: where a sampler is to be fitted, and files of the data set are missing.
        """
        return np.concatenate([*self.sample_blocks(count, seed, sampler)])

    def sample_blocks(self, count: int = 1, seed: int = 0, sampler: Chosen = None) -> Iterator[np.ndarray]:
        """The images of `sample` in blocks, for more of them than fit into memory."""
        whole("count", count, 1)
        whole("seed", seed, 0, MOST_SEED)
        with self._codec() as codec:
            data = partial(chosen_data, self.id, self.tracker.store, self.allow)
            yield from sampled(sample_source(self._saved, codec, data, sampler), codec, count, seed)

    def interpolate(self, first: Images, second: Images, steps: int = 8) -> np.ndarray:
        """Images decoded from the line between the codes of two single images, [steps, H, W, C], both ends included.

        Raises:
            ConfigError: for fewer than 2 steps.
            DataError: for several images or unsuitable ones.
        """
        with self._codec() as codec:
            return codec.interpolate(*as_ends(first, second, codec.input_shape, steps), steps)

    @contextmanager
    def _codec(self) -> Iterator["Codec"]:
        with tensorflow_imported():
            yield self._loaded_codec

    @cached_property
    def _loaded_codec(self) -> "Codec":
        from aeexp.inference.codec import Codec
        from aeexp.runtime.threads import use_threads

        use_threads(None)
        return Codec(self._saved.model())

    @cached_property
    def _saved(self) -> "LoadedRun":
        from aeexp.runs.loading import LoadedRun

        return LoadedRun.find(self.id, self.tracker.store, self.allow, unfinished=True)
