"""MNIST: grayscale images of handwritten digits."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.datasets.readers.npz import read_npz
from aeexp.types import Shape

FILE = Path(__file__).with_name("mnist.npz")


@dataclass(frozen=True, kw_only=True)
class Mnist(Dataset):
    """MNIST: 60,000 training and 10,000 test images of handwritten digits, 28×28 grayscale, bundled with the package.

    Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits"; see mnist.NOTICE.md.
    """

    image_shape: ClassVar[Shape] = (28, 28, 1)

    @property
    def class_names(self) -> tuple[str, ...]:
        return tuple("0123456789")

    def read(self, split: Split) -> LabelledImages:
        images, labels = f"x_{split}", f"y_{split}"
        arrays = read_npz(FILE, (images, labels), hint="Reinstall the package: pip install --force-reinstall aeexp.")
        return LabelledImages(arrays[images][..., np.newaxis], arrays[labels].astype(np.int64))
