"""Batches that are too large for the machine."""

import psutil
import pytest
import tensorflow as tf

from aeexp.errors import ConfigError, OutOfMemoryError
from aeexp.models.architectures.unet import Unet
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.training.memory import check_code_memory, check_memory, network_within_memory, within_memory
from tests.support.evaluations import autoencoder


@pytest.fixture(scope="module")
def unet():
    return autoencoder(Unet(filters=[8, 16]), Deterministic(), None, (64, 64, 3), (64, 64, 3))


def free_memory(monkeypatch, size):
    answer = psutil.virtual_memory()._replace(available=size)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: answer)


def test_a_batch_that_does_not_fit_is_refused_for_one_that_does(monkeypatch, unet):
    free_memory(monkeypatch, 10**8)
    with pytest.raises(ConfigError, match=r"batch of 1024 .* try trainer\.batch_size=\d+") as refusal:
        check_memory(unet, 1024)
    size = int(str(refusal.value).rpartition("=")[2].rstrip("."))
    check_memory(unet, size)
    assert 1 < size < 1024


def test_no_batch_fits(monkeypatch, unet):
    free_memory(monkeypatch, 10**5)
    with pytest.raises(ConfigError, match="smaller network or smaller images"):
        check_memory(unet, 1)


def test_a_batch_needs_no_more_memory_than_the_images_at_once(monkeypatch, unet):
    free_memory(monkeypatch, 10**9)
    check_memory(unet, 1024)
    check_memory(unet, 10**6)


@pytest.mark.parametrize(
    ("batch_size", "fix"), [(32, "batch_size=16"), (10**6, "batch_size=512"), (1, "a smaller network")]
)
def test_running_out_of_memory_says_how_to_fix_it(batch_size, fix):
    with pytest.raises(OutOfMemoryError, match=f"batch of {batch_size} .*{fix}"), within_memory(batch_size):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")


def test_a_network_that_does_not_fit_is_refused_in_a_line(monkeypatch, unet):
    free_memory(monkeypatch, 10**4)
    with pytest.raises(ConfigError, match=r"its weights need more than .* model\.latent_dim"):
        check_memory(unet, 1)


def test_a_code_that_does_not_fit_is_refused_before_it_is_made(monkeypatch):
    free_memory(monkeypatch, 10**9)
    check_code_memory(128, 1000)
    check_code_memory(128, None)
    with pytest.raises(ConfigError, match=r"51\.2 GB of memory, and 1\.0 GB are free; .*latent_dim=100000000"):
        check_code_memory(128, 10**8)


@pytest.mark.parametrize("error", [tf.errors.ResourceExhaustedError(None, None, "OOM"), MemoryError()])
def test_weights_that_cannot_be_allocated_are_said_with_a_mend(error):
    with pytest.raises(OutOfMemoryError, match="its weights need more memory"), network_within_memory():
        raise error
