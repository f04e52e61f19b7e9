"""Data of a command that uses a run: the run's own, another choice, or the run's own with other settings."""

import re
from types import SimpleNamespace

import pytest
import yaml
from omegaconf import OmegaConf

from aeexp.errors import ConfigError, DataError
from aeexp.runs.chosen_data import chosen_data
from aeexp.runs.experiment import Experiment
from tests.support.genuine_files import write_pictures


@pytest.fixture
def chosen(composed):
    """Chooses the data for a run with a stored config, by what a command gives."""

    def choose(given, *overrides, config=None):
        text = config or OmegaConf.to_yaml(composed(*overrides))

        def read_file(run_id, name, folder):
            (folder / name).write_text(text)
            return folder / name

        return chosen_data("3f2a", SimpleNamespace(read_file=read_file), [], OmegaConf.create(given))

    return choose


NOISE = {"noise": {"_target_": "aeexp.corruptions.noise.Noise", "mean": 0, "std": 0.1}}


@pytest.mark.parametrize(
    ("given", "limit", "corruption"),
    [
        ({}, 40, {"mean": 0.5, "std": 0.5}),
        ({"dataset": None, "corruption": None}, 40, {"mean": 0.5, "std": 0.5}),
        ({"dataset": {"limit": 7}}, 7, {"mean": 0.5, "std": 0.5}),
        ({"dataset": {"limit": None}, "corruption": {"noise": {"std": 0.2}}}, None, {"mean": 0.5, "std": 0.2}),
        ({"corruption": NOISE}, 40, {"mean": 0, "std": 0.1}),
        ({"corruption": {}}, 40, None),
        ({"dataset": {"_target_": "aeexp.datasets.mnist.Mnist", "limit": 9}}, 9, {"mean": 0.5, "std": 0.5}),
    ],
)
def test_settings_without_a_choice_change_the_data_of_the_run(chosen, given, limit, corruption):
    data = chosen(given, "corruption=noise")
    assert data.dataset._target_ == "aeexp.datasets.mnist.Mnist"
    assert data.dataset.limit == limit
    expected = {} if corruption is None else {"noise": {"_target_": "aeexp.corruptions.noise.Noise", **corruption}}
    assert data.corruption == expected


@pytest.mark.parametrize(
    ("given", "hints"),
    [
        ({"dataset": {"limti": 3}}, ["dataset.limti", "Did you mean 'dataset.limit'?"]),
        ({"dataset": {"path": "photos"}}, ["dataset.path", "dataset=…", "dataset.limit"]),
        ({"corruption": {"blur": {"std": 3}}}, ["corruption.blur.std", "corruption=…", "it has none"]),
        ({"dataset": {"limit": 0}}, ["`limit` must be at least 1"]),
        ({"dataset": {"limit": "many"}}, ["dataset.limit: must be a whole number"]),
    ],
)
def test_settings_that_the_run_has_not_are_refused(chosen, given, hints):
    with pytest.raises(ConfigError) as refused:
        chosen(given)
    assert all(hint in str(refused.value) for hint in hints), refused.value


@pytest.fixture
def on_photos(composed, tmp_path, monkeypatch):
    """The spec of a run on the folder `photos` of the current one."""
    write_pictures(tmp_path / "photos", 4)
    monkeypatch.chdir(tmp_path)
    shape = ("dataset.limit=null", "dataset.image_shape=[8,8,1]", "model=dense_ae", "probes=[0]")
    return Experiment.from_config(composed("dataset=folder", "dataset.path=photos", *shape)).spec


def test_a_run_finds_its_data_from_any_folder(chosen, on_photos, tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    data = chosen({}, config=on_photos.texts["config.yaml"])
    assert data.dataset.path == str(tmp_path / "photos")
    assert on_photos.params["dataset.path"] == "photos"


def test_an_older_run_says_that_its_path_is_relative(chosen, on_photos, tmp_path, monkeypatch):
    older = yaml.safe_load(on_photos.texts["config.yaml"])
    older["dataset"]["path"] = "photos"
    assert chosen({}, config=yaml.safe_dump(older)).dataset.path == "photos"
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    with pytest.raises(DataError, match=r"has recorded 'photos', relative to .*; start aeexp there"):
        chosen({}, config=yaml.safe_dump(older))
    assert chosen({"dataset": {"path": "../photos"}}, config=yaml.safe_dump(older)).dataset.path == "../photos"
    with pytest.raises(DataError, match=re.escape("set dataset.path to a folder of images.")) as refused:
        chosen({"dataset": {"path": "nowhere"}}, config=yaml.safe_dump(older))
    assert "relative" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "warned"),
    [
        (
            {"_target_": "aeexp.datasets.shapes.Shapes", "image_shape": [28, 28, 1], "train_size": 9, "test_size": 9},
            True,
        ),
        ({"_target_": "aeexp.datasets.mnist.Mnist", "limit": 9}, False),
        ({"limit": 9}, False),
    ],
)
def test_gray_values_for_a_network_of_black_and_white_images_are_warned_of(chosen, caplog, given, warned):
    whole = {"limit": None, "seed": 0, **given} if "train_size" in given else given
    chosen({"dataset": whole}, "dataset.binarization=static")
    assert ("dataset.binarization=static binarizes them" in caplog.text) is warned
