"""Figures of a recorded run, as pictures."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import FileMissingError
from aeexp.tracking.store import RunStore


class Figures(Mapping[str, Image.Image]):
    """Figures of a run by their names, such as `reconstructions`; each is read when it is asked for.

    Args:
        run_id: of the run.
        store: where it is recorded.
        folder: of the run's files that holds them.
    """

    def __init__(self, run_id: str, store: RunStore, folder: str = "figures") -> None:
        self._run_id = run_id
        self._store = store
        self._folder = folder

    def __getitem__(self, name: str) -> Image.Image:
        names = self._names()
        if name not in names:
            raise FigureMissingError(
                f"run {self._run_id} has no figure {name}.{did_you_mean(name, names)} "
                f"It has {', '.join(names) or 'none'}."
            )
        with TemporaryDirectory() as folder:
            path = self._store.read_file(self._run_id, f"{self._folder}/{name}.png", Path(folder))
            image = Image.open(path)
            image.load()
            return image

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __repr__(self) -> str:
        return f"Figures({', '.join(self._names())})"

    def _names(self) -> list[str]:
        files = map(Path, self._store.list_files(self._run_id, self._folder))
        return sorted(file.stem for file in files if file.suffix == ".png")


class FigureMissingError(FileMissingError, KeyError):
    """The run has no such figure."""

    __str__ = Exception.__str__  # a KeyError would show its message in quotes
