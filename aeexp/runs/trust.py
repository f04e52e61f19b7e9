"""Stored configs, read without trusting them: they may come from a shared server."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from aeexp.config.aliases import current_config
from aeexp.errors import DamagedRunError, UntrustedRunError
from aeexp.tracking.store import RunStore

TRUSTED = ("aeexp", "keras")
"""The packages whose classes a stored config may name."""

HARMLESS_CALLBACKS = ("keras.callbacks.EarlyStopping", "keras.callbacks.TerminateOnNaN")
"""Callbacks of Keras that write no files and open no connections."""

MAX_DEPTH = 20
"""Levels of a stored config."""


def stored_config(run_id: str, store: RunStore) -> dict[str, Any]:
    """That of a run in its store.

    Raises:
        TrackingError: as `read_config`, or where the run has none.
    """
    with TemporaryDirectory() as folder:
        return read_config(store.read_file(run_id, "config.yaml", Path(folder)), run_id)


def read_config(path: Path, run_id: str) -> dict[str, Any]:
    """The stored config of a training, in today's names.

    Raises:
        TrackingError: where the file is damaged, or is no such config.
    """
    try:
        return parse_config(path.read_text(encoding="utf-8"), run_id)
    except UnicodeDecodeError as error:
        raise DamagedRunError(f"run {run_id}: config.yaml is damaged; it cannot be read.") from error


def parse_config(text: str, run_id: str) -> dict[str, Any]:
    """The same of the content of the file.

    Raises:
        TrackingError: where it is damaged, or is no such config.
    """
    try:
        if not _is_plain(text):
            raise UntrustedRunError(f"run {run_id}: config.yaml holds references or depths that no run stores.")
        config = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        raise DamagedRunError(f"run {run_id}: config.yaml is damaged; it cannot be read.") from error
    if not isinstance(config, dict) or not {"dataset", "corruption", "model", "seed", "probes"} <= set(config):
        raise DamagedRunError(f"run {run_id}: config.yaml is not the config of a training.")
    return current_config(config)


def _is_plain(text: str) -> bool:
    """Whether it is as a run stores it; a few lines of references could stand for more than the memory holds."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or isinstance(event, yaml.AliasEvent):
            return False
    return True


def check_trust(config: dict[str, Any], allow: Sequence[str], run_id: str) -> None:
    """Refuse classes from elsewhere, and values that would be computed.

    Args:
        allow: modules outside aeexp and Keras whose classes the config may name.

    Raises:
        UntrustedRunError: naming the key.
    """
    for key, value in _leaves(config):
        if isinstance(value, str) and "${" in value:
            raise UntrustedRunError(
                f"run {run_id}: {key} of the stored config is an interpolation, which no run stores."
            )
        module = str(value).rpartition(".")[0]
        if key.endswith("_target_") and not _is_trusted(key, str(value), allow):
            raise UntrustedRunError(
                f"run {run_id}: {key} of the stored config names {value}, which is not part of aeexp. "
                f"Where you trust it, add 'allow=[{module}]'."
            )


def _is_trusted(key: str, name: str, allow: Sequence[str]) -> bool:
    module = name.rpartition(".")[0]
    if module in allow or (key.startswith("callback.") and name in HARMLESS_CALLBACKS):
        return True
    return module.partition(".")[0] in TRUSTED and not key.startswith("callback.")


def _leaves(node: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict | list):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            yield from _leaves(value, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, node
