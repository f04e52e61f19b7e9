"""Interpolation: the abstract base class of upscaling methods."""

from typing import ClassVar, Self

import numpy as np
import tensorflow as tf

from aeexp.baselines.baseline import Baseline, Examples, RestorationTask, Restorer


class Interpolation(Baseline):
    """Upscaling by `tf.image.resize` with half-pixel centers, the convention of Pillow.

    The kernels equal those of Pillow (bicubic with a = −½, Lanczos with radius 3); overshoot is clipped to [0, 1].
    """

    method: ClassVar[str]

    def adapt(self, task: RestorationTask) -> Self | None:
        return None if task.keeps_size else self

    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        def enlarge(inputs: np.ndarray) -> np.ndarray:
            return np.clip(tf.image.resize(inputs, task.output_shape[:2], self.method), 0, 1)

        return enlarge
