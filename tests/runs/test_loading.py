"""A trained run, found again and rebuilt."""

import sys
from functools import cache

import keras
import numpy as np
import pytest
import yaml

from aeexp.config.instantiate import instantiate
from aeexp.datasets.dataset import Dataset
from aeexp.datasets.shapes import Shapes
from aeexp.errors import ConfigError, TrackingError
from aeexp.runs.experiment import Experiment
from aeexp.runs.loading import LoadedRun
from aeexp.tracking.memory import MemoryTracker
from tests.support.splits import AS_PUBLISHED
from tests.support.trainings import SHAPES, composer


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Experiments that have run, each of them once, kept in memory."""
    composed = composer(tmp_path_factory.mktemp("trained"))

    @cache
    def train(*overrides: str) -> Experiment:
        experiment = Experiment.from_config(composed(*SHAPES, "report=none", "baseline=none", *overrides))
        experiment.run()
        return experiment

    return train


@pytest.fixture
def stored(trained):
    """The tracker of an experiment that has run, and the files of its run, restored after a test that damages them."""
    damaged = []

    def files_of(*overrides: str) -> tuple[MemoryTracker, dict[str, bytes]]:
        tracker = trained(*overrides).tracker
        files = tracker.runs[0].files
        damaged.append((files, dict(files)))
        return tracker, files

    yield files_of
    for files, before in damaged:
        files.update(before)


@pytest.fixture
def files(stored):
    """Those of a denoiser."""
    return stored("corruption=noise")


@pytest.mark.parametrize(
    "overrides",
    [
        ["model=residual", "corruption=[downscale,noise]"],
        ["model=dense_vae", "loss=[mse,kl]"],
        ["model=conv_vae", "loss=[bce,kl]", "model.latent_dim=3"],
    ],
)
def test_rebuilt_model_predicts_the_same(trained, overrides):
    experiment = trained(*overrides)
    images = experiment.task.validation.probe_images().inputs
    rebuilt = LoadedRun.find("latest", experiment.tracker.store).model()
    before = experiment.task.model(images)
    for name, values in rebuilt(images).items():
        np.testing.assert_array_equal(values, before[name])


def test_judges_as_the_training_did(trained, composed):
    experiment = trained("corruption=noise")
    saved = LoadedRun.find("latest", experiment.tracker.store)
    setup = saved.evaluation(instantiate(composed(*SHAPES).dataset, "dataset", Dataset), saved.corruption())
    (recorded,) = experiment.tracker.runs[0].metrics["test/psnr"]
    assert setup.evaluator.all_images([]).metrics["psnr"].mean() == pytest.approx(recorded, abs=1e-4)


def test_refuses_images_that_do_not_fit(trained):
    saved = LoadedRun.find("latest", trained("corruption=noise").tracker.store)
    dataset = Shapes(limit=None, image_shape=[32, 32, 3], train_size=4, test_size=4, seed=0, split=AS_PUBLISHED)
    with pytest.raises(ConfigError, match=r"makes 8×8×1 of 8×8×1\. Received images of 32×32×3"):
        saved.evaluation(dataset, saved.corruption())


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("_target_", "os.system", "names os.system, which is not part of aeexp.*allow=\\[os\\]"),
        ("_target_", "kerasevil.Loss", "not part of aeexp"),
        ("_target_", "aeexp_evil.Loss", "not part of aeexp"),
        ("weight", "${oc.env:HOME}", "interpolation"),
    ],
)
def test_hostile_config_is_refused(files, key, value, message):
    tracker, stored = files
    config = yaml.safe_load(stored["config.yaml"])
    config["loss"]["bce"][key] = value
    stored["config.yaml"] = yaml.safe_dump(config).encode()
    with pytest.raises(TrackingError, match=message):
        LoadedRun.find("latest", tracker.store)


@pytest.mark.parametrize(
    ("name", "is_refused"), [("CSVLogger", True), ("ModelCheckpoint", True), ("EarlyStopping", False)]
)
def test_callbacks_of_keras_that_write_files_need_to_be_allowed(files, name, is_refused):
    tracker, stored = files
    config = yaml.safe_load(stored["config.yaml"])
    config["callback"] = {"mine": {"_target_": f"keras.callbacks.{name}"}}
    stored["config.yaml"] = yaml.safe_dump(config).encode()
    if is_refused:
        with pytest.raises(TrackingError, match=r"callback\.mine.*'?allow=\[keras\.callbacks\]"):
            LoadedRun.find("latest", tracker.store)
    assert LoadedRun.find("latest", tracker.store, allow=["keras.callbacks"] if is_refused else []).config.callback


def test_module_is_allowed_by_name(files):
    tracker, stored = files
    stored["config.yaml"] = stored["config.yaml"].replace(b"aeexp.losses.bce.Bce", b"mine.losses.Bce")
    assert LoadedRun.find("latest", tracker.store, allow=["mine.losses"]).config.loss.bce._target_ == "mine.losses.Bce"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"!!python/object/apply:os.system [ls]", "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"a: [", "damaged"),
        (b"[]", "not the config of a training"),
        (b"", "not the config of a training"),
    ],
)
def test_config_that_is_none_is_refused(files, content, what):
    tracker, stored = files
    stored["config.yaml"] = content
    with pytest.raises(TrackingError, match=rf"config\.yaml is {what}"):
        LoadedRun.find("latest", tracker.store)


def test_a_bomb_of_references_is_refused_at_once(files):
    """Nine lines that stand for 10^9 values."""
    tracker, stored = files
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10))
    stored["config.yaml"] = b"a0: &a0 1\n" + levels.encode() + b"\n" + stored["config.yaml"]
    with pytest.raises(TrackingError, match="references or depths that no run stores"):
        LoadedRun.find("latest", tracker.store)


def test_a_bottomless_config_is_refused(files):
    tracker, stored = files
    stored["config.yaml"] = b"[" * 100_000
    with pytest.raises(TrackingError, match="references or depths that no run stores"):
        LoadedRun.find("latest", tracker.store)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff", b'{"format": "1", "image_shape": [8, 8, 1]}']
    + [b'{"format": 1, "aeexp": "1", "image_shape": %s}' % shape for shape in (b"3", b"[28, 28]", b'[28, "28", -1]')],
)
def test_damaged_description_of_the_model_is_refused(files, content):
    tracker, stored = files
    stored["model.json"] = content
    with pytest.raises(TrackingError, match=r"model\.json is damaged"):
        LoadedRun.find("latest", tracker.store)


def test_naming_the_program_itself_does_not_start_it(files, monkeypatch):
    tracker, stored = files
    monkeypatch.setattr("aeexp.cli.main.main", lambda: pytest.fail("it was started"))
    monkeypatch.delitem(sys.modules, "aeexp.__main__", raising=False)
    stored["config.yaml"] = stored["config.yaml"].replace(b"aeexp.corruptions.noise.Noise", b"aeexp.__main__.main")
    with pytest.raises(ConfigError, match="must be a Corruption"):
        LoadedRun.find("latest", tracker.store).model()


@pytest.mark.parametrize(
    "damage", [lambda file: file[:-100], lambda file: b"", lambda file: file[:5000] + b"!" + file[5001:]]
)
def test_damaged_weights_are_refused(files, damage):
    tracker, stored = files
    stored["weights/last.weights.h5"] = damage(stored["weights/last.weights.h5"])
    with pytest.raises(TrackingError, match=r"weights/last\.weights\.h5 is damaged"):
        LoadedRun.find("latest", tracker.store).model()


@pytest.mark.parametrize(
    ("words", "before", "after"),
    [
        (["corruption=noise"], "latent_dim: null", "latent_dim: 7"),
        (["corruption=noise"], "code_size: 4", "code_size: 2"),
        (["model=residual", "corruption=[downscale,noise]"], "blocks: 4", "blocks: 3"),
        (["corruption=noise"], "deterministic.Deterministic", "gaussian.Gaussian"),
        (["model=dense_vae", "loss=[mse,kl]"], "gaussian.Gaussian", "deterministic.Deterministic"),
    ],
)
def test_config_edited_by_hand_is_refused(stored, words, before, after):
    """Even where the network of the edited one lacks some weights, which Keras would pass over."""
    tracker, files = stored(*words)
    edited = files["config.yaml"].decode().replace(before, after)
    assert edited.encode() != files["config.yaml"]
    files["config.yaml"] = edited.encode()
    with pytest.raises(TrackingError, match="do not fit the network"):
        LoadedRun.find("latest", tracker.store).model()


def test_an_older_run_that_names_no_weights_is_rebuilt(files):
    tracker, stored = files
    stored["model.json"] = b'{"format": 1, "aeexp": "0.0.9", "image_shape": [8, 8, 1]}'
    assert LoadedRun.find("latest", tracker.store).model().count_params() > 0


def test_newer_format_names_the_version(files):
    tracker, stored = files
    stored["model.json"] = b'{"format": 99, "aeexp": "7.1", "image_shape": [8, 8, 1]}'
    with pytest.raises(TrackingError, match=r"aeexp 7\.1; install that version"):
        LoadedRun.find("latest", tracker.store)


def test_weights_do_not_depend_on_what_was_built_before(files):
    tracker, _ = files
    first = LoadedRun.find("latest", tracker.store).model()
    keras.layers.Dense(3).build((None, 3))
    second = LoadedRun.find("latest", tracker.store).model()
    for one, other in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
