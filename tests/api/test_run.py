"""A recorded training, as a program works with it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import aeexp
from aeexp.api.run import Run
from aeexp.errors import ConfigError, DataError, FileMissingError, RunNotFoundError, UntrustedRunError
from tests.support.own_components import Darken
from tests.support.stores import TrainedStores, copy_store
from tests.support.trainings import DENOISER, NOISY_AND_VARIATIONAL

BARE = {"report": "none", "baseline": "none"}
IMAGES = np.random.default_rng(0).random((3, 28, 28, 1)).astype(np.float32)


@pytest.fixture(scope="module")
def trained(trained_stores: TrainedStores) -> Path:
    """A store with two runs, to read from."""
    return trained_stores.after(*NOISY_AND_VARIATIONAL)


@pytest.fixture
def copied(trained, tmp_path) -> Path:
    """The same, to be changed."""
    copy_store(trained, tmp_path / "mlruns")
    return tmp_path / "mlruns"


def named(store: Path, name: str) -> Run:
    (run_id,) = (run_id for run_id, each in aeexp.runs(home=store)["name"].items() if each == name)
    return aeexp.load(run_id, home=store)


@pytest.fixture(scope="module")
def noisy(trained) -> Run:
    return named(trained, "noisy")


@pytest.fixture(scope="module")
def variational(trained) -> Run:
    return named(trained, "variational")


def test_a_run_tells_what_is_recorded(noisy):
    assert (noisy.name, noisy.status) == ("noisy", "finished")
    assert (noisy.settings["trainer.epochs"], noisy.settings["corruption"]) == ("2", "noise")
    assert noisy.config.corruption.noise.std == 0.5
    assert list(noisy.history.index) == [1, 2]
    assert noisy.history["val/psnr"][2] == noisy.metrics["val/psnr"]
    assert "noisy" in repr(noisy)
    assert noisy.id[:8] in noisy._repr_html_()


def test_a_grayscale_network_takes_images_in_every_form(noisy):
    whole = noisy.restore(IMAGES)
    assert whole.shape == (3, 28, 28, 1)
    assert np.allclose(noisy.restore(IMAGES[1, ..., 0]), whole[1, ..., 0], atol=1e-5)
    in_bytes = noisy.restore(np.rint(255 * IMAGES).astype(np.uint8))
    assert in_bytes.dtype == np.uint8
    assert np.abs(in_bytes - 255 * whole).max() < 2
    color = noisy.restore(np.repeat(IMAGES, 3, axis=3))
    assert np.allclose(color, np.repeat(whole, 3, axis=3), atol=1e-5)


def test_pictures_give_pictures_as_the_command_restores_them(noisy, trained, aeexp, tmp_path):
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 56, 3)).astype(np.uint8))
    picture.save(tmp_path / "picture.png")
    words = (f"home={trained}", f"run={noisy.id}", f"images={tmp_path / 'picture.png'}", f"output={tmp_path / 'out'}")
    assert aeexp("predict", *words).code == 0
    expected = np.asarray(Image.open(tmp_path / "out" / "picture.png"))
    for restored in (noisy.restore(picture), *noisy.restore([tmp_path / "picture.png"])):
        assert np.array_equal(np.asarray(restored), expected)
    array = noisy.restore(np.asarray(picture))
    assert np.abs(array.astype(int) - expected).max() <= 1


def test_opacity_and_depth_are_kept(noisy):
    transparent = Image.fromarray(np.full((30, 30, 4), 100, np.uint8))
    deep = Image.fromarray(np.full((30, 30), 30000, np.uint16))
    assert [noisy.restore(image).mode for image in (transparent, deep)] == ["RGBA", "I;16"]


def test_codes_and_images_are_made_of_each_other(variational):
    codes = variational.encode(IMAGES)
    assert codes.shape == (3, variational.config.model.latent_dim)
    assert np.allclose(variational.decode(codes), variational.restore(IMAGES), atol=1e-5)
    assert np.allclose(variational.encode(IMAGES[0]), codes[0], atol=1e-5)
    assert variational.decode(codes[0]).shape == (28, 28, 1)
    between = variational.interpolate(IMAGES[0], IMAGES[1], 5)
    assert np.allclose(between[[0, -1]], variational.decode(codes[:2]), atol=1e-5)
    assert np.allclose(between[2], variational.decode(codes[:2].mean(axis=0)), atol=1e-5)


def test_the_images_of_a_run_are_those_of_its_evaluation(noisy):
    images = noisy.images(limit=20)
    assert len(images) == len(images.labels) == 20
    assert images.class_names[images.labels[0]] == "7"
    whole = noisy.images()
    assert len(whole) == 40
    assert np.array_equal(whole.inputs[:20], images.inputs)
    restored = noisy.restore(whole.inputs)
    assert np.isclose(np.square(restored - whole.targets).mean(), noisy.metrics["test/mse"], rtol=1e-4)
    assert noisy.images("validation", limit=3).targets.shape == (3, 28, 28, 1)


def test_samples_depend_on_their_seed_alone(variational):
    first = variational.sample(600, seed=1)
    assert first.shape == (600, 28, 28, 1)
    assert np.allclose(variational.sample(2, seed=1), first[:2], atol=1e-5)
    assert not np.allclose(variational.sample(2, seed=2), first[:2], atol=1e-5)


def test_a_model_without_a_prior_cannot_be_sampled(noisy):
    with pytest.raises(ConfigError, match="no prior"):
        noisy.sample()


@pytest.mark.parametrize(
    "call",
    [
        lambda run: run.encode(np.zeros((2, 9, 9, 1))),
        lambda run: run.restore(np.zeros((2, 28, 28, 1), int)),
        lambda run: run.restore("missing.png"),
        lambda run: run.restore({}),
        lambda run: run.decode(np.zeros(3)),
        lambda run: run.decode(np.full((1, 4, 4, 8), np.nan)),
        lambda run: run.encode([]),
        lambda run: run.decode("code"),
        lambda run: run.decode(1j * np.zeros((1, 4, 4, 8))),
        lambda run: run.decode([[0, 0], [0]]),
        lambda run: run.decode(np.zeros((0, 4, 4, 8))),
        lambda run: run.interpolate(IMAGES, IMAGES),
    ],
)
def test_what_is_unsuitable_is_refused_in_one_sentence(noisy, call):
    with pytest.raises(DataError) as error:
        call(noisy)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda run: run.interpolate(IMAGES[0], IMAGES[1], 1), "steps: must be a whole number of at least 2"),
        (lambda run: run.interpolate(IMAGES[0], IMAGES[1], 2.5), "Received steps=2.5"),
        (lambda run: run.sample(0), "count: must be a whole number of at least 1. Received count=0"),
        (lambda run: run.sample(2.5), "Received count=2.5"),
        (lambda run: run.sample("3"), "Received count='3'"),
        (lambda run: run.sample(True), "Received count=True"),
        (lambda run: run.sample(seed=-1), "seed: must be a whole number from 0 to 4294967295"),
        (lambda run: run.sample(seed=None), "Received seed=None"),
        (lambda run: run.images("val"), "split: must be one of train, validation, test.*Did you mean 'validation'"),
        (lambda run: run.images(limit=-3), "limit: must be a whole number of at least 1"),
        (lambda run: run.images(limit="a"), "Received limit='a'"),
        (lambda run: run.resume(epochs="3"), "Received epochs='3'"),
        (lambda run: run.resume(epochs=0), "Received epochs=0"),
        (lambda run: run.resume(), r"resume\(epochs=4\) trains it for longer"),
        (lambda run: run.evaluate(run="latest"), "run: it is this run"),
        (lambda run: run.evaluate("corruption.noise.std=1"), "has no such setting"),
        (lambda run: run.explore(port=99999), "port: it must be from 1 to 65535"),
        (lambda run: run.explore(host="192.0.2.1"), "host: it must be an address of this machine"),
        (lambda run: run.explore(static="page.html"), "save_explorer"),
        (lambda run: run.save_explorer("page.png"), "must be a file that ends in .html"),
    ],
)
def test_settings_that_cannot_be_are_refused_in_one_sentence(variational, call, message):
    with pytest.raises(ConfigError, match=message) as error:
        call(variational)
    assert "\n" not in str(error.value)


def test_a_second_run_is_named_as_on_the_command_line(noisy):
    with pytest.raises(RunNotFoundError, match="run=nonsense"):
        noisy.explore(beside="nonsense")


def test_a_network_of_one_size_refuses_other_arrays_and_fits_pictures(variational):
    with pytest.raises(DataError, match="takes images of 28×28×1 alone"):
        variational.restore(np.zeros((40, 40)))
    assert variational.restore(Image.new("L", (40, 60))).size == (28, 28)
    assert variational.encode(Image.new("RGB", (40, 60))).shape == (variational.config.model.latent_dim,)


def test_an_evaluation_is_recorded_beneath_the_run(copied):
    noisy = named(copied, "noisy")
    evaluation = noisy.evaluate(corruption=Darken(brightness=0.5), **BARE)
    assert evaluation.metrics["test/psnr"] > 0
    (recorded,) = aeexp.runs(home=copied, kind="evaluation").index
    assert recorded == evaluation.id


def test_an_evaluation_changes_the_data_of_the_run(copied):
    evaluation = named(copied, "noisy").evaluate("dataset.limit=12", BARE, corruption__noise__std=0.1)
    with pytest.raises(ConfigError, match="`std` must be at least 0"):
        named(copied, "noisy").evaluate("corruption.noise.std=-1")
    assert evaluation.state.endswith("mnist (12 test images), corruption noise(mean=0.5, std=0.1)")


def test_a_run_goes_on_as_if_it_had_not_ended(copied):
    noisy = named(copied, "noisy")
    longer = noisy.resume(epochs=3, quiet=True)
    assert longer.id == noisy.id
    assert list(longer.history.index) == [1, 2, 3]
    with pytest.raises(ConfigError, match="has finished"):
        longer.resume(quiet=True)


def test_figures_are_pictures(trained_stores):
    run = aeexp.load(home=trained_stores.after((*DENOISER, "report=loss_curves")))
    assert list(run.figures) == ["loss_curves"]
    assert run.figures["loss_curves"].size[0] > 300
    with pytest.raises(FileMissingError, match=r"has no figure curves\. Did you mean 'loss_curves'"):
        run.figures["curves"]


def test_a_run_that_does_not_exist_is_said(trained, tmp_path):
    with pytest.raises(RunNotFoundError, match="there is no such run"):
        aeexp.load("nonsense", home=trained)
    with pytest.raises(RunNotFoundError, match="there are no runs in"):
        aeexp.load(home=tmp_path / "elsewhere")
    assert not (tmp_path / "elsewhere").exists()


def test_components_of_ones_own_are_loaded_where_they_are_trusted(store):
    run = aeexp.train(*DENOISER[1:-1], corruption=Darken(brightness=0.5), home=store, quiet=True)
    assert run.encode(IMAGES).shape[0] == 3
    with pytest.raises(UntrustedRunError, match=r"allow=\[tests.support.own_components\]"):
        aeexp.load(run.id, home=store).encode(IMAGES)
    trusted = aeexp.load(run.id, home=store, allow=["tests.support.own_components"])
    assert np.array_equal(trusted.encode(IMAGES), run.encode(IMAGES))
