import hashlib

import numpy as np
import pytest

from aeexp.datasets import mnist
from aeexp.datasets.mnist import Mnist
from aeexp.errors import DataError
from tests.support.splits import AS_PUBLISHED

FACTS = {
    "train": (
        [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
        "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    ),
    "test": (
        [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
        "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    ),
}


@pytest.mark.parametrize("split", ["train", "test"])
def test_is_the_published_database(split):
    data = Mnist(limit=None).read(split)
    counts, images_hash, labels_hash = FACTS[split]
    assert data.images.shape == (sum(counts), 28, 28, 1)
    assert np.bincount(data.labels).tolist() == counts
    assert hashlib.sha256(data.images.tobytes()).hexdigest() == images_hash
    assert hashlib.sha256(data.labels.astype(np.uint8).tobytes()).hexdigest() == labels_hash


def test_first_digits_are_the_known_ones():
    assert Mnist(limit=5, split=AS_PUBLISHED).load("train").labels.tolist() == [5, 0, 4, 1, 9]
    assert Mnist(limit=5).load("test").labels.tolist() == [7, 2, 1, 0, 4]


@pytest.mark.parametrize("damage", ["cut short", "one bit", "missing", "empty"])
def test_error_names_the_damaged_file_and_the_fix(damage, tmp_path, monkeypatch):
    content = bytearray(mnist.FILE.read_bytes())
    content[5_000_000] ^= 1
    contents = {"cut short": content[:6_000_000], "one bit": content, "empty": b""}
    file = tmp_path / "mnist.npz"
    if damage in contents:
        file.write_bytes(contents[damage])
    monkeypatch.setattr(mnist, "FILE", file)
    with pytest.raises(DataError) as caught:
        Mnist(limit=None).load("train")
    assert str(file) in str(caught.value)
    assert "pip install --force-reinstall aeexp" in str(caught.value)
    assert "\n" not in str(caught.value)
