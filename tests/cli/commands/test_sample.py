"""`aeexp sample` and `aeexp interpolate`: pictures of codes that no image has."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aeexp.api.run import Run
from tests.support.stores import run_named, tracker_of
from tests.support.trainings import NOISY_AND_VARIATIONAL


@pytest.fixture
def runs(trained_stores) -> Path:
    """The store of a denoiser and a variational autoencoder."""
    return trained_stores.after(*NOISY_AND_VARIATIONAL)


@pytest.fixture
def command(aeexp, runs):
    """A command for the run of a name."""
    return lambda command, name, *words: aeexp(
        command, f"run={run_named(runs, name).info.run_id}", f"tracking.folder={runs}", *words
    )


@pytest.fixture
def variational(runs) -> Run:
    return Run(run_named(runs, "variational").info.run_id, tracker_of(runs))


def pixels(file: Path) -> np.ndarray:
    with Image.open(file) as image:
        return np.asarray(image)


def test_samples_are_those_of_the_api(command, variational, tmp_path):
    ended = command("sample", "variational", "n=10", "seed=3", f"output={tmp_path}/new")
    assert ended.code == 0, ended.err
    files = sorted((tmp_path / "new").iterdir())
    assert [file.name for file in files] == ["grid.png", *(f"sample-{number:02}.png" for number in range(1, 11))]
    expected = np.rint(255 * variational.sample(10, seed=3)[..., 0])
    assert np.abs(np.stack([pixels(file) for file in files[1:]]) - expected).max() <= 1
    assert pixels(files[0]).shape == (3 * 60 + 4, 4 * 60 + 4, 3)  # 28×28 twice as large, 4 pixels between


def test_any_code_can_be_sampled_by_a_fitted_density(command, tmp_path):
    words = ("n=2", f"output={tmp_path}", "sampler=gaussian_mixture", "sampler.gaussian_mixture.components=2")
    ended = command("sample", "noisy", *words)
    assert ended.code == 0, ended.err
    assert not np.array_equal(pixels(tmp_path / "sample-1.png"), pixels(tmp_path / "sample-2.png"))


def test_the_ends_of_an_interpolation_are_the_reconstructions_of_the_images(command, variational, tmp_path):
    images = variational.images("test", 2).targets
    for name, image in zip(("a.png", "b.png"), images, strict=True):
        Image.fromarray(np.rint(255 * image[..., 0]).astype(np.uint8)).save(tmp_path / name)
    ends = (f"from={tmp_path}/a.png", f"to={tmp_path}/b.png")
    ended = command("interpolate", "variational", *ends, "n=3", f"output={tmp_path}/steps")
    assert ended.code == 0, ended.err
    found = [pixels(tmp_path / "steps" / f"step-{number}.png") for number in (1, 2, 3)]
    codes = variational.encode(images)
    middle = variational.decode(codes.mean(axis=0))
    expected = np.rint(255 * np.stack([variational.decode(codes[0]), middle, variational.decode(codes[1])])[..., 0])
    assert np.abs(np.stack(found) - expected).max() <= 1
    assert (tmp_path / "steps" / "grid.png").exists()


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("sample", "n=0", "n: must be a whole number of at least 1. Received n=0."),
        ("sample", "", "this model has no prior to draw from"),
        ("sample", "sampler=[gaussian,prior]", "one at a time. Received gaussian, prior"),
        ("interpolate", "n=1 from=a.png to=b.png", "n: must be a whole number of at least 2. Received n=1."),
        ("interpolate", "from=a.png to=b.png", "'a.png' cannot be read"),
        ("interpolate", "from=steps/grid.png to=b.png output=steps", "would overwrite an input image"),
    ],
)
def test_refuses_in_a_line(command, name, line, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    output = () if "output" in line else ("output=new",)
    ended = command(name, "noisy", *line.split(), *output)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert not [*tmp_path.rglob("*.png")]
