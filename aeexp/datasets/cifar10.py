"""CIFAR-10: small color photographs of ten classes."""

import gzip
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from aeexp.datasets.dataset import Dataset, LabelledImages, Split
from aeexp.datasets.readers.cifar_batch import read_batch
from aeexp.datasets.readers.download import cache_folder, find_or_download
from aeexp.errors import DataError
from aeexp.types import Shape

ARCHIVE = "cifar-10-python.tar.gz"
CHECKSUM = "md5:c58f30108f718f92721af3b95e74349a"
UNPACKED = "cifar-10-batches-py"
BATCHES: dict[Split, tuple[str, ...]] = {
    "train": tuple(f"data_batch_{number}" for number in range(1, 6)),
    "test": ("test_batch",),
}
CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@dataclass(frozen=True, kw_only=True)
class Cifar10(Dataset):
    """CIFAR-10: 50,000 training and 10,000 test photographs of ten classes, 32×32 RGB.

    The published archive, or its extracted folder `cifar-10-batches-py`, is looked up in `folder`; otherwise the
    archive is downloaded to it. The archive is read in place and not extracted to disk.

    Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.

    Args:
        folder: with the archive or the extracted folder, or the extracted folder itself; None is the user's cache.
        base_url: of the published archive or a mirror.
    """

    image_shape: ClassVar[Shape] = (32, 32, 3)

    folder: str | None
    base_url: str

    @property
    def class_names(self) -> tuple[str, ...]:
        return CLASS_NAMES

    def fetch(self) -> None:
        if not all(self._unpacked(names) for names in BATCHES.values()):
            self._archive()

    def read(self, split: Split) -> LabelledImages:
        contents = self._contents(BATCHES[split])
        images, labels = zip(*(read_batch(content, source) for source, content in contents.items()), strict=True)
        return LabelledImages(np.concatenate(images), np.concatenate(labels))

    def _contents(self, names: tuple[str, ...]) -> dict[str, bytes]:
        """The content of each batch file, by a description of where it was found."""
        if files := self._unpacked(names):
            return {f"'{file}'": file.read_bytes() for file in files}
        archive = self._archive()
        return {f"'{name}' in '{archive}'": content for name, content in _unpack(archive, names).items()}

    def _unpacked(self, names: tuple[str, ...]) -> list[Path]:
        """The extracted files, none if one is missing."""
        for folder in (self._folder / UNPACKED, self._folder):
            if all((folder / name).is_file() for name in names):
                return [folder / name for name in names]
        return []

    def _archive(self) -> Path:
        hint = f"Put the file into '{self._folder}', or set dataset.folder."
        return find_or_download(ARCHIVE, (self._folder,), self.base_url, CHECKSUM, hint=hint)

    @property
    def _folder(self) -> Path:
        return Path(self.folder).expanduser() if self.folder else cache_folder("cifar10")


def _unpack(archive: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    """The content of each batch file in the archive, in the order of the names; nothing is written to disk."""
    found = {}
    try:
        with gzip.open(archive) as file, tarfile.open(fileobj=file, mode="r:") as members:
            # In the order of the archive: seeking backwards would decompress it again from the start.
            for member in members:
                name = member.name.removeprefix(f"{UNPACKED}/")
                if name in names and (batch := members.extractfile(member)):
                    found[name] = batch.read()
            while file.read(2**20):  # to the end, where gzip verifies its checksum
                pass
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"'{archive}' cannot be extracted ({error}). Delete the file and download it again.") from error
    if missing := [name for name in names if name not in found]:
        raise DataError(f"'{archive}' lacks {', '.join(missing)}. Delete the file and download it again.")
    return {name: found[name] for name in names}
