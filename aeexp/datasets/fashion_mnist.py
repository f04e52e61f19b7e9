"""Fashion-MNIST: grayscale images of clothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.datasets.readers.download import cache_folder, find_or_download
from aeexp.datasets.readers.idx import read_idx
from aeexp.errors import DataError
from aeexp.types import Shape

DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
CHECKSUMS = {
    "train-images-idx3-ubyte.gz": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
}
CLASS_NAMES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)


@dataclass(frozen=True, kw_only=True)
class FashionMnist(Dataset):
    """Fashion-MNIST: 60,000 training and 10,000 test images of clothing in ten classes, 28×28 grayscale.

    The four files are looked up in `folder`, then where the Debian package dataset-fashion-mnist installs them;
    otherwise they are downloaded to `folder`.

    Source: Xiao, Rasul and Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
    Algorithms", arXiv:1708.07747, 2017.

    Args:
        folder: with the four .gz files; None is the user's cache.
        base_url: of the published files or a mirror.
    """

    image_shape: ClassVar[Shape] = (28, 28, 1)

    folder: str | None
    base_url: str

    @property
    def class_names(self) -> tuple[str, ...]:
        return CLASS_NAMES

    def fetch(self) -> None:
        for name in CHECKSUMS:
            self._find(name)

    def read(self, split: Split) -> LabelledImages:
        part = {"train": "train", "test": "t10k"}[split]
        images = read_idx(self._find(f"{part}-images-idx3-ubyte.gz"), dimensions=3)
        labels = read_idx(self._find(f"{part}-labels-idx1-ubyte.gz"), dimensions=1)
        self._check_match(images, labels, split)
        return LabelledImages(images[..., np.newaxis], labels.astype(np.int64))

    def _find(self, name: str) -> Path:
        folder = Path(self.folder).expanduser() if self.folder else cache_folder("fashion_mnist")
        hint = f"Run `apt install dataset-fashion-mnist`, put the file into '{folder}', or set dataset.folder."
        return find_or_download(name, (folder, DEBIAN_FOLDER), self.base_url, CHECKSUMS[name], hint=hint)

    def _check_match(self, images: np.ndarray, labels: np.ndarray, split: Split) -> None:
        if len(images) != len(labels) or not len(images) or labels.max() >= len(CLASS_NAMES):
            raise DataError(
                f"The {split} files of Fashion-MNIST must contain as many images as labels, and labels from 0 to 9. "
                f"Received {len(images)} images and {len(labels)} labels; download both files again."
            )
