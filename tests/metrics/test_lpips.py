"""LPIPS against the numbers of the package `lpips`, and what it refuses."""

import numpy as np
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError, DataError
from aeexp.metrics.lpips import Lpips
from tests.support.lpips_weights import VGG16, write_weights

SHAPE = (28, 28, 1)


def test_numbers_are_those_of_the_package_lpips(tmp_path):
    """Those of lpips 0.1.4 with torch 2.15, LPIPS(net="vgg", pnet_rand=True) with these weights and normalize=True."""
    metric = Lpips(str(write_weights(tmp_path / "vgg.npz", VGG16)))
    random = np.random.default_rng(1)
    clean, other = (random.random((2, 20, 24, 3), np.float32) for _ in range(2))
    np.testing.assert_allclose(metric(clean, other), [0.5397982, 0.5687494], rtol=1e-5)
    gray = metric(clean[..., :1], other[..., :1])  # of three equal channels
    np.testing.assert_allclose(gray, [0.5264236, 0.549942], rtol=1e-5)
    np.testing.assert_array_equal(metric(clean, clean), 0)


def test_without_weights_it_says_where_they_are_from():
    with pytest.raises(
        ConfigError, match=r"^metric\.lpips: needs the weights .* docs/protocol\.md .*weights=lpips_vgg\.npz"
    ):
        Lpips(None).check(SHAPE)


@pytest.mark.parametrize("content", [None, b"", b"no weights", {"x": np.zeros(3)}])
def test_files_that_are_not_its_weights(tmp_path, content):
    path = tmp_path / "weights.npz"
    if isinstance(content, dict):
        np.savez(path, **content)
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"^metric\.lpips: '.*weights\.npz' is no \.npz file of its weights"):
        Lpips(str(path)).check(SHAPE)


def test_images_that_the_network_cannot_halve_four_times(tmp_path):
    metric = Lpips(str(write_weights(tmp_path / "small.npz")))
    metric.check((16, 16, 3))
    assert np.isfinite(metric(tf.zeros([1, 16, 16, 3]), tf.ones([1, 16, 16, 3]))).all()
    with pytest.raises(ConfigError, match=r"needs images of 16×16 pixels or more\. Received 15×40"):
        metric.check((15, 40, 3))
