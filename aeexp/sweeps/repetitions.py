"""Repetitions in a sweep: jobs that must give the same result, and keys whose values change nothing."""

from dataclasses import fields

from omegaconf import OmegaConf

from aeexp.config.schemas import TrainConfig
from aeexp.errors import ConfigError
from aeexp.sweeps.jobs import Plan, key_of

KNOWN = {each.name for each in fields(TrainConfig)}
"""The keys of a training's config."""

MAX_NAMED = 5
"""Repeated jobs that are named."""


def describe_repetitions(plan: Plan) -> str | None:
    """Which jobs stand for the same training, in one line; None where there are none."""
    names: dict[str, list[str]] = {key: [] for key in plan.different}
    for job in plan.jobs:
        names[job.key].append(job.name)
    repeated = [f"{len(each)} times {' or '.join(dict.fromkeys(each))}" for each in names.values() if len(each) > 1]
    if not repeated:
        return None
    shown = ", ".join(repeated[:MAX_NAMED]) + (", …" if len(repeated) > MAX_NAMED else "")
    trainings = f"{len(names)} different trainings" if len(names) > 1 else "the same training"
    return f"{len(plan.jobs)} jobs are {trainings}; what is repeated runs once: {shown}"


def check_axes(plan: Plan) -> None:
    """Refuse a swept key that no component reads, directly or by an interpolation.

    Raises:
        ConfigError: naming it.
    """
    for axis in plan.axes:
        added = axis.split(".")[0] not in KNOWN and OmegaConf.select(plan.jobs[0].config, axis) is not None
        if added and len({key_of(job.config, axis) for job in plan.jobs}) < len(plan.different):
            raise ConfigError(
                f"{axis}: no component reads it, so that its values give the same training again. To repeat a "
                "training with other random draws, use seed=0,1,2."
            )
