"""The private details of dependencies that aeexp relies on, and that there are no others."""

import ast
import copy
import gc
import tomllib
import weakref
from collections.abc import Iterator
from pathlib import Path

import keras
import pytest
import tensorflow as tf
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import ConfigCompositionException

from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.runtime.compat import forget_artifact_folders, overridden_key, release_custom_gradients, share_config_store
from aeexp.tracking.mlflow.relocation import relocate
from aeexp.tracking.tracker import RunSpec
from tests.support.stores import tracker_of

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("aeexp", "hydra_plugins") for path in (ROOT / folder).rglob("*.py"))
COMPAT = ROOT / "aeexp" / "runtime" / "compat.py"
PRIVATE_PACKAGES = ("keras.src", "tensorflow.python")


@pytest.mark.parametrize("key", ["model.latentdim", "corupption", "model/foo"])
def test_overridden_key(key):
    register_schemas()
    with initialize_config_dir(str(CONF), version_base="1.3"), pytest.raises(ConfigCompositionException) as raised:
        compose("train", [f"{key}=3"])
    assert overridden_key(raised.value) == key, (
        "Hydra words its error for an unknown key in another way: mistyped keys get no suggestion any more. "
        f"Adapt the pattern in compat.overridden_key to: {raised.value}"
    )


def test_overridden_key_of_other_errors():
    assert overridden_key(ConfigCompositionException("Error merging override seed=one")) is None


def test_share_config_store():
    register_schemas()
    share_config_store()
    store = ConfigStore.instance()
    before = copy.deepcopy(dict(store.repo))
    with initialize_config_dir(str(CONF), version_base="1.3"):
        (source,) = (
            each for each in copy.deepcopy(GlobalHydra.instance().config_loader().get_sources()) if not each.path
        )
        compose("train", ["seed=3", "model.latent_dim=2"])
    assert source.store is store, (
        "Hydra keeps its store of schemas elsewhere: listing groups takes a second. Adapt compat.share_config_store."
    )
    assert store.repo == before


def test_versions_are_bounded():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [each for each in project["dependencies"] if "<" not in each and "~=" not in each] == []


@tf.custom_gradient
def doubled(values: tf.Tensor):
    return 2 * values, lambda above: 2 * above


def test_release_custom_gradients():
    graph = weakref.ref(tf.function(lambda values: doubled(values)).get_concrete_function(tf.ones(1)).graph)
    gc.collect()
    assert graph() is not None, (
        "TensorFlow no longer keeps graphs with custom gradients for good: compat.release_custom_gradients can go."
    )
    release_custom_gradients()
    keras.backend.clear_session()
    assert graph() is None, (
        "TensorFlow keeps graphs with custom gradients elsewhere than in its gradient registry: the memory of the "
        "processes of a sweep grows by each job. Adapt compat.release_custom_gradients."
    )


def test_forget_artifact_folders(store, tmp_path):
    tracker = tracker_of(store)
    tracker.open()
    run = tracker.begin(RunSpec("moved", {}, texts={"a.txt": "a"}))
    run.finish("FINISHED")
    assert tracker.store.read_file(run.id, "a.txt", tmp_path).read_text() == "a"
    store.rename(store.with_name("moved"))
    relocate(tmp_path / "moved" / "mlflow.db", tmp_path / "moved")
    forget_artifact_folders()
    files = tracker_of(tmp_path / "moved").store.client.list_artifacts(run.id)
    assert [each.path for each in files] == ["a.txt"], (
        "MLflow remembers the folders of runs elsewhere than in its cache of artifact repositories: in one process, a "
        "copy of a store is read from and written to in the place of the first. Adapt compat.forget_artifact_folders."
    )


def private(path: Path) -> Iterator[str]:
    """The modules that a file imports and the attributes of other objects that it reads which are not public."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from filter(is_private, (name.name for name in node.names))
        elif isinstance(node, ast.ImportFrom):
            yield from filter(is_private, (f"{node.module}.{name.name}" for name in node.names))
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) not in ("self", "cls"):
            yield from [ast.unparse(node)] if node.attr.startswith("_") and not node.attr.endswith("_") else []


def is_private(module: str) -> bool:
    parts = module.split(".")[1:]
    return module.startswith(PRIVATE_PACKAGES) or any(part.startswith("_") and part[:2] != "__" for part in parts)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_else_is_private(path):
    assert bool(list(private(path))) == (path == COMPAT), f"{list(private(path))} belongs into runtime/compat.py"
