"""Data of a command that uses a trained run: the run's own, but for what the command chooses or sets. No TensorFlow."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from aeexp.config.options import flatten
from aeexp.config.paths import FILES
from aeexp.config.suggestions import did_you_mean
from aeexp.datasets.binarization import NONE
from aeexp.errors import ConfigError, DataError
from aeexp.runs.checks import check_data, fetch_data
from aeexp.runs.trust import check_trust, stored_config
from aeexp.tracking.store import RunStore

log = logging.getLogger(__name__)

PARTS = ("dataset", "corruption")


def chosen_data(
    run_id: str, store: RunStore, allow: Sequence[str], given: Mapping[str, DictConfig | None] | None = None
) -> DictConfig:
    """The nodes `dataset` and `corruption`, checked, their files on disk.

    Args:
        allow: modules outside aeexp and Keras whose classes the stored config may name.
        given: those of the command: null or left out takes the run's own, settings without a class change it.

    Raises:
        ConfigError: for a setting that the run's own has not, or one that it refuses.
        DataError: where files of the data set are missing.
        TrackingError: where the stored config is damaged, or not to be trusted.
    """
    recorded = stored_config(run_id, store)
    check_trust(recorded, allow, run_id)
    data = DictConfig({part: _changed(part, recorded[part], (given or {}).get(part), run_id) for part in PARTS})
    _warn_of_gray_values(recorded["dataset"], data.dataset, run_id)
    try:
        check_data(data.dataset, data.corruption)
        fetch_data(data.dataset)
    except DataError as error:
        raise DataError(f"{error}{_relative(recorded['dataset'], data.dataset)}") from error
    return data


def _changed(part: str, own: Mapping[str, Any], given: DictConfig | None, run_id: str) -> Any:
    if given is None:
        return own
    nodes = [given] if part == "dataset" else list(given.values())
    if all("_target_" in node for node in nodes):
        return given
    known = [f"{part}.{name}" for name in flatten(own) if not name.endswith("_target_")]
    for name in flatten(OmegaConf.to_container(given), part):
        if name not in known:
            raise ConfigError(
                f"{name}: the {part} of run {run_id} has no such setting.{did_you_mean(name, known)} Choose another "
                f"by {part}=…, or set its own: it has {', '.join(known) or 'none'}."
            )
    return OmegaConf.merge(own, given)


def _warn_of_gray_values(own: Mapping[str, Any], used: Mapping[str, Any], run_id: str) -> None:
    """For another data set than the run's, whose images are not binarized as those of the training were."""
    trained, given = (str(each.get("binarization", NONE)) for each in (own, used))
    if given == NONE != trained and own["_target_"] != used["_target_"]:
        log.warning(
            "run %s was trained on black and white images, and these have gray values; dataset.binarization=%s "
            "binarizes them in the same way.",
            run_id[:8],
            trained,
        )


def _relative(own: Mapping[str, Any], used: DictConfig) -> str:
    """A hint for a path of an older run, which recorded it as it was typed."""
    paths = [own[name] for name in FILES if own.get(name) and own[name] == used.get(name)]
    if all(Path(path).expanduser().is_absolute() for path in paths):
        return ""
    return f" The run has recorded '{paths[0]}', relative to the folder where it was trained; start aeexp there."
