"""Versions of the code of a run: no commit but that of the repository which the code comes from."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from aeexp.runs import code_version
from aeexp.runs.code_version import code_tags

ONLY_VERSION = {"aeexp.version": version("aeexp")}


def git(folder, *arguments) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Somebody's repository with a package of their own, in which aeexp is installed."""
    git(tmp_path, "init", "-q")
    for name in ("mine_tracked", ".venv/lib/site-packages/mine_installed", "ignored/mine_ignored"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "__init__.py").touch()
    (tmp_path / ".gitignore").write_text("ignored\n")
    git(tmp_path, "add", "mine_tracked", ".gitignore")
    git(tmp_path, "commit", "-qm", "first")
    for folder in (".", ".venv/lib/site-packages", "ignored"):
        monkeypatch.syspath_prepend(tmp_path / folder)
    for name in ("mine_tracked", "mine_installed", "mine_ignored"):
        monkeypatch.delitem(sys.modules, name, raising=False)
        __import__(name)
    monkeypatch.setattr(code_version, "CHECKOUT", None)
    code_version._state.cache_clear()
    return tmp_path


def component(package: str) -> dict:
    return {"corruption": {"own": {"_target_": f"{package}.any.Any"}}, "model": {"_target_": "keras.Model"}}


def test_installed_aeexp_takes_no_commit_of_the_repository_around_it(repository, monkeypatch):
    assert code_tags(component("aeexp")) == ONLY_VERSION
    (repository / "conf").mkdir()
    (repository / "conf" / "train.yaml").touch()
    monkeypatch.setattr(code_version, "CHECKOUT", repository)  # unpacked there, but not tracked
    assert code_tags({}) == ONLY_VERSION


def test_checkout_of_aeexp_is_recorded(repository, monkeypatch):
    (repository / "conf").mkdir()
    (repository / "conf" / "train.yaml").touch()
    git(repository, "add", "conf/train.yaml")
    git(repository, "commit", "-qm", "second")
    monkeypatch.setattr(code_version, "CHECKOUT", repository)
    assert code_tags({}) == {
        **ONLY_VERSION,
        "mlflow.source.git.commit": git(repository, "rev-parse", "HEAD"),
        "git.dirty": "true",  # .venv is not ignored
    }


def test_own_component_has_the_state_of_its_folder(repository):
    commit = git(repository, "rev-parse", "HEAD")
    (repository / "elsewhere.txt").touch()
    clean = {**ONLY_VERSION, "git.commit.mine_tracked": commit, "git.dirty.mine_tracked": "false"}
    assert code_tags(component("mine_tracked")) == clean
    (repository / "mine_tracked" / "new.py").touch()
    code_version._state.cache_clear()
    assert code_tags(component("mine_tracked")) == {**clean, "git.dirty.mine_tracked": "true"}


@pytest.mark.parametrize("package", ["mine_installed", "mine_ignored", "mine_missing"])
def test_component_from_no_repository_has_no_commit(repository, package):
    assert code_tags(component(package)) == ONLY_VERSION
