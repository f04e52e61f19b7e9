"""What aeexp needs of its dependencies and they do not offer as public API.

Each function wraps one private detail; `tests/runtime/test_compat.py` says what an upgrade has broken. Everything else
in aeexp uses public API alone. The bounds in `pyproject.toml` admit the versions that these were tested with.
"""

import re
from collections.abc import Collection


def overridden_key(error: Exception) -> str | None:
    """The key of an override that Hydra found nothing to apply to, `None` for any other error.

    Hydra raises the same `ConfigCompositionException` for all that is wrong with a composition, and names the key
    nowhere but in its message.
    """
    found = re.search(r"Could not override '([^'\n]+)'", str(error))
    return found[1] if found else None


def share_config_store() -> None:
    """Have Hydra use its store of schemas where it is, instead of copying it.

    Hydra copies all its sources of configs for each group whose options it lists, and once for each config it composes:
    most of the time of `aeexp help`. What it takes out of the store, it copies anyway.
    """
    from hydra.core.config_store import ConfigStore

    ConfigStore.__deepcopy__ = lambda store, _: store  # type: ignore[attr-defined]


def custom_gradients() -> set[str]:
    """The names under which TensorFlow keeps the functions with a custom gradient that were traced so far."""
    from tensorflow.python.framework.ops import gradient_registry

    return {name for name in gradient_registry.list() if name.startswith("CustomGradient-")}


def release_custom_gradients(kept: Collection[str] = ()) -> None:
    """Free the graphs in which functions with a custom gradient were traced.

    `tf.custom_gradient` enters each gradient into a registry that never forgets, and with it the graph. TensorFlow has
    no function that removes an entry, so a process that trains many models would grow by each of them.

    Args:
        kept: names that stay, such as those of the program around.
    """
    from tensorflow.python.framework.ops import gradient_registry

    for name in custom_gradients().difference(kept):
        del gradient_registry._registry[name]


def forget_artifact_folders() -> None:
    """Have MLflow look up again where the files of each run are.

    It remembers the folder of a run by the run's id alone, for as long as the process lives: of two copies of a store,
    the second one would be read from and written to in the place of the first.
    """
    from mlflow.tracking._tracking_service import utils

    utils._artifact_repos_cache.clear()
