"""Short names of dotted keys: `std` for `corruption.noise.std`, and `noise.std` where another key ends alike."""

from collections.abc import Iterable, Iterator


def short_names(keys: Iterable[str]) -> list[str]:
    """The shortest end of each dotted key that is unique among the keys."""
    paths = list(keys)
    dotted = [f".{path}" for path in paths]
    return [
        next((end for end in _ends(path) if sum(other.endswith(f".{end}") for other in dotted) == 1), path)
        for path in paths
    ]


def _ends(path: str) -> Iterator[str]:
    parts = path.split(".")
    return (".".join(parts[-length:]) for length in range(1, len(parts) + 1))
