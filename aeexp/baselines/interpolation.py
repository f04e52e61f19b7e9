"""What the ways of enlarging an image have in common."""

from typing import ClassVar, Self

import numpy as np
import tensorflow as tf

from aeexp.baselines.baseline import Baseline, Examples, RestorationTask, Restorer


class Interpolation(Baseline):
    """Enlarges by `tf.image.resize`: pixels are squares with their values in the middle, as Pillow sees them.

    The kernels are Pillow's too (bicubic with a = −½, Lanczos of radius 3); overshooting is clipped to [0, 1].
    """

    method: ClassVar[str]

    def adapt(self, task: RestorationTask) -> Self | None:
        return None if task.keeps_size else self

    def fit(self, task: RestorationTask, examples: Examples) -> Restorer:
        def enlarge(inputs: np.ndarray) -> np.ndarray:
            return np.clip(tf.image.resize(inputs, task.output_shape[:2], self.method), 0, 1)

        return enlarge
