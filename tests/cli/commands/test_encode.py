"""`aeexp encode`: the codes of a data set in a file."""

from pathlib import Path

import numpy as np
import pytest

from aeexp.datasets.mnist import Mnist
from aeexp.runs.loading import LoadedRun
from tests.support.stores import run_named, tracker_of
from tests.support.trainings import NOISY_AND_VARIATIONAL


@pytest.fixture
def runs(trained_stores) -> Path:
    """The store of a denoiser and a variational autoencoder."""
    return trained_stores.after(*NOISY_AND_VARIATIONAL)


@pytest.fixture
def encode(aeexp, runs):
    """Encodes with the run of a name."""
    return lambda name, *words: aeexp(
        "encode", f"run={run_named(runs, name).info.run_id}", f"tracking.folder={runs}", *words
    )


def test_codes_are_those_of_the_rebuilt_model(encode, runs, tmp_path):
    output = tmp_path / "codes of 日本" / "latents.npz"
    ended = encode("variational", f"output={output}")
    assert ended.code == 0, ended.err
    with np.load(output) as file:
        arrays = dict(file)
    assert set(arrays) == {"latent", "mean", "log_variance", "split", "index", "label", "class_names"}
    assert (arrays["split"] == ["train"] * 40 + ["validation"] * 40 + ["test"] * 40).all()
    assert (arrays["index"] == [*range(40)] * 3).all()
    images = Mnist(limit=40).load("test")
    code = LoadedRun.find("latest", tracker_of(runs).store).model()(images.images / np.float32(255))
    for name in ("latent", "mean", "log_variance"):
        np.testing.assert_allclose(arrays[name][80:], code[name], atol=1e-4)
    np.testing.assert_array_equal(arrays["label"][80:], images.labels)
    assert list(output.parent.iterdir()) == [output]


def test_images_of_another_data_set_are_encoded(encode, tmp_path):
    words = ["dataset=shapes", "dataset.limit=3", "corruption=none", f"output={tmp_path}/shapes.npz"]
    assert encode("noisy", *words).code == 0
    with np.load(tmp_path / "shapes.npz") as file:
        assert file["latent"].shape == (9, 4, 4, 8)
        assert "mean" not in file


@pytest.mark.parametrize("output", ["latents.csv", "folder.npz", "file/latents.npz"])
def test_a_file_that_cannot_be_written_is_refused_in_a_line(encode, tmp_path, output):
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "file").touch()
    ended = encode("variational", f"output={tmp_path}/{output}")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith("error: output: ")
