"""Seeds of the initial weights."""

import random
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def seeded_initializers(seed: int) -> Iterator[None]:
    """Have the layers built inside draw their initial weights by a seed.

    Keras takes the seed of each initializer from Python's own stream, which is given back as it was.
    """
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)
