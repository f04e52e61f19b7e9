"""Reproduction: a run trained again and compared with the recorded one."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from omegaconf import DictConfig

from aeexp.runs.code_version import is_code_tag
from aeexp.runs.experiment import Experiment
from aeexp.runs.loading import LoadedRun
from aeexp.runtime.threads import use_threads
from aeexp.tracking.store import RunStore, Series
from aeexp.tracking.tags import KIND_TAG, REPRODUCES_TAG, VERSION_TAG


@dataclass(frozen=True)
class Difference:
    """Difference of a metric between two runs.

    Args:
        steps: at how many of its steps it differs.
        first: the first of them, with the value before and after; None where there is none afterwards.
        largest: relative difference of all steps.
    """

    metric: str
    steps: int
    first: tuple[int, float, float | None]
    largest: float


def train_again(saved: LoadedRun, tracking: DictConfig, cache: str, checkpoints: str) -> str:
    """Train what a run's stored config describes, as a new run that names the old one.

    The config may say what is trained but not where anything is written: that is the user's to say.

    Args:
        tracking: where the new run is recorded.
        cache: folder of the scores of baselines.
        checkpoints: folder of the training's state.

    Returns:
        The id of the new run.
    """
    config = saved.training_config()
    config.name = f"reproduce {saved.id[:8]}"
    config.tracking = tracking
    config.comparison.cache = cache
    config.trainer = {"threads": None, **config.trainer, "checkpoints": checkpoints}
    use_threads(config.trainer.threads)
    experiment = Experiment.from_config(config, recorded=True)
    # Not a training by its kind, lest `latest` and `best:` find the copy in place of the run.
    tags = {**experiment.spec.tags, KIND_TAG: "reproduction", REPRODUCES_TAG: saved.id}
    recorded = saved.store.info(saved.id).params
    params = recorded if "model" in recorded else experiment.spec.params  # older versions recorded other params
    return replace(experiment, spec=replace(experiment.spec, tags=tags, params=params)).run().run_id


def differences(
    before: Mapping[str, Series], after: Mapping[str, Series], tolerance: float
) -> tuple[list[Difference], int]:
    """The metrics that are not the same at every step of the first run, and how many values were compared.

    Args:
        tolerance: relative difference that counts as none.
    """
    found = [_difference(metric, series, after.get(metric, {}), tolerance) for metric, series in before.items()]
    return [each for each in found if each is not None], sum(map(len, before.values()))


def changes(before: str, after: str, store: RunStore) -> dict[str, tuple[str, str]]:
    """Changes between the environments of two runs: versions, machine, git commit, and the digests of the data."""
    old, new = (_circumstances(run_id, store) for run_id in (before, after))
    names = dict.fromkeys([*old, *new])
    pairs = {name: (old.get(name, "unknown"), new.get(name, "unknown")) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _difference(metric: str, before: Series, after: Series, tolerance: float) -> Difference | None:
    sizes = {step: _relative(value, after.get(step)) for step, value in before.items()}
    differing = sorted(step for step, size in sizes.items() if size > tolerance)
    if not differing:
        return None
    first = differing[0]
    return Difference(metric, len(differing), (first, before[first], after.get(first)), max(sizes.values()))


def _relative(before: float, after: float | None) -> float:
    if after is None:
        return math.inf
    if before == after or (math.isnan(before) and math.isnan(after)):
        return 0.0
    size = abs(after - before) / max(abs(before), abs(after))
    return math.inf if math.isnan(size) else size


def _circumstances(run_id: str, store: RunStore) -> dict[str, str]:
    run = store.info(run_id)
    with TemporaryDirectory() as folder:
        environment = json.loads(store.read_file(run_id, "environment.json", Path(folder)).read_text())
    code = {name: value for name, value in run.tags.items() if is_code_tag(name) and name != VERSION_TAG}
    return {**environment, **code, **{f"data ({split})": digest for split, digest in run.digests.items()}}
