"""The jobs of a sweep: every combination of the swept values, and the keys by which equal jobs are recognized."""

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from aeexp.config.aliases import former_key, former_override
from aeexp.config.infrastructure import is_infrastructure, without_infrastructure
from aeexp.config.overrides import is_group, joined_options, named
from aeexp.config.paths import with_absolute_paths
from aeexp.errors import ConfigError
from aeexp.metrics.direction import MODES
from aeexp.runs.checks import check_config, fetch_data
from aeexp.sweeps.expansion import compose_applicable, unless_everywhere
from aeexp.sweeps.protocol import check_metric
from aeexp.tracking.store import is_higher_better

REPORTED = "trainer.validation_weights"
"""How the loss of a job is reported, which older jobs do not say."""

REPORTS = "report"
"""Of a job they change no result either; a command that names others is another sweep."""

SAMPLERS = "sampler"
"""They change what the reports show and nothing else."""

ORDERED = ("augmentation", "corruption", "loss")
"""Groups whose components apply in the order in which they are listed."""

FORMER_PROTOCOL = "dataset.split.validation=test"
"""What older versions did without being told."""

KEY_VERSION = "7"
"""Rises when `key_of` changes; the key of a run with an older version is computed again from its stored config."""


@dataclass(frozen=True)
class Job:
    """One combination of the swept values.

    Args:
        overrides: those that compose its config.
        point: the swept values by their full path.
        config: composed and resolved, without Hydra's own part.
    """

    overrides: tuple[str, ...]
    point: dict[str, str]
    config: DictConfig

    @cached_property
    def name(self) -> str:
        """The swept values: `model.latent_dim=8 corruption.noise.std=0.3 seed=1`."""
        return name_of(self.point)

    @cached_property
    def key(self) -> str:
        """The same for any two jobs that must give the same result."""
        return key_of(self.config)

    def on_threads(self, count: int) -> "Job":
        """The same job on this number of processor threads."""
        config = copy.deepcopy(self.config)
        config.trainer.threads = count
        return Job((*self.overrides, f"trainer.threads={count}"), self.point, config)


def name_of(point: Mapping[str, str]) -> str:
    """The name of a job: its swept values by their keys."""
    return named({key: joined_options(value) if is_group(key) else value for key, value in point.items()}) or "all"


def key_of(config: Mapping[str, Any], *ignored: str) -> str:
    """The SHA-256 of a training's config, without its name, infrastructure and the keys that are ignored.

    Args:
        config: composed, or as plain values under the current names.
        ignored: dotted keys.
    """
    resolved: Any = OmegaConf.to_container(OmegaConf.create(dict(config)), resolve=True)
    plain = without_infrastructure(resolved, "name", REPORTS, SAMPLERS, REPORTED, *ignored)
    plain["dataset"] = with_absolute_paths(plain["dataset"])  # older jobs have recorded them as they were typed
    plain["optimizer"] = {name: value for name, value in plain["optimizer"].items() if value is not None}
    trainer = plain["trainer"]
    if "mode" in trainer and trainer["mode"] is None:  # older jobs had to say it
        trainer["mode"] = MODES[is_higher_better(trainer["monitor"], {})]
    order = {group: list(plain[group]) for group in ORDERED}
    return hashlib.sha256(json.dumps([plain, order], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Plan:
    """The jobs of a command.

    Args:
        axes: the swept keys, in the order of the command.
        fixed: its other overrides.
        jobs: every combination of the swept values.
        left_out: the keys that some jobs leave out, as they lack what these belong to, and the names of those jobs.
    """

    axes: tuple[str, ...]
    fixed: tuple[str, ...]
    jobs: tuple[Job, ...]
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_overrides(cls, arguments: Sequence[str], master: DictConfig, loader: ConfigLoader) -> "Plan":
        """Compose all jobs of a command.

        Raises:
            ConfigError: if nothing is swept, or over no values.
            HydraException: for an override that composes no config.
        """
        parser = OverridesParser.create(config_loader=loader)
        overrides = parser.parse_overrides(list(arguments))
        swept = {each.get_key_element() for each in overrides if each.is_sweep_override()}
        if not swept:
            raise ConfigError(
                "a sweep needs several values of something, as in seed=0,1. Received none; leave -m out, or call "
                "aeexp.train."
            )
        fixed = [each for each in overrides if each.get_key_element() not in swept]
        axes = tuple(_path(each) for each in overrides if each.get_key_element() in swept)
        jobs: dict[tuple[str, ...], Job] = {}
        left_out: dict[str, dict[str, Exception]] = {}
        for number, words in enumerate(_combinations(overrides)):
            words, config, errors = compose_applicable(words, master, loader)
            values = [each for each in parser.parse_overrides(words) if _path(each) in axes]
            point = {_path(each): each.get_value_element_as_str() for each in values}
            place = tuple(words) if errors else (str(number),)  # those that lack an axis may become the same
            jobs.setdefault(place, Job(tuple(words), point, config))
            for key, error in errors.items():
                left_out.setdefault(key, {})[name_of(point)] = error
        return cls(
            tuple(dict.fromkeys(axes)),
            tuple(map(_text, fixed)),
            tuple(jobs.values()),
            unless_everywhere(left_out, len(jobs)),
        )

    def check(self) -> None:
        """Refuse an invalid job as far as that needs no TensorFlow, and download the data that is not on disk yet.

        Raises:
            ConfigError: naming the job.
            DataError: where the data cannot be downloaded.
        """
        if "sweep.metric" not in self.axes and "dataset.split.validation" not in self.axes:
            check_metric(self.jobs[0].config)  # of all of them
        for job in self.jobs:
            try:
                check_config(job.config)
                check_metric(job.config)
            except ConfigError as error:
                raise ConfigError(f"{job.name}: {error}") from error
            fetch_data(job.config.dataset)

    @cached_property
    def different(self) -> dict[str, Job]:
        """The jobs by their keys; of those that must give the same result, the first one."""
        jobs: dict[str, Job] = {}
        for job in self.jobs:
            jobs.setdefault(job.key, job)
        return jobs

    @property
    def key(self) -> str:
        """The same for commands that differ only in swept values and in what cannot change a result."""
        return _command_key(self.fixed, self.axes)

    @property
    def former_key(self) -> str:
        """The key that the same command had under the former names."""
        words = [former_override(word) for word in self.fixed if word.lstrip("+") != FORMER_PROTOCOL]
        return _command_key(words, [former_key(axis) for axis in self.axes])


def _command_key(fixed: Sequence[str], axes: Sequence[str]) -> str:
    words = sorted(word for word in fixed if not _is_without_effect(word))
    return hashlib.sha256(json.dumps([words, sorted(axes)]).encode()).hexdigest()


def _combinations(overrides: Sequence[Override]) -> Iterator[list[str]]:
    """The overrides of each job, the values of the last swept key changing fastest."""
    choices = {each.get_key_element(): _texts(each) for each in overrides}  # the last override of a key counts
    return map(list, product(*choices.values()))


def _texts(override: Override) -> list[str]:
    """An override for each value of a swept key, or the one of a fixed key.

    Raises:
        ConfigError: if the values cannot be listed, or are none.
    """
    if not override.is_sweep_override():
        return [_text(override)]
    if override.is_interval_sweep():
        raise ConfigError(
            f"{override.input_line}: a sweep needs values that can be listed. Received an interval; use "
            f"{_path(override)}=a,b,c or range(start,stop,step)."
        )
    texts = [f"{override.get_key_element()}={value}" for value in override.sweep_string_iterator()]
    if not texts:
        raise ConfigError(
            f"{override.input_line}: a sweep needs one value at least. Received none; check its range or pattern."
        )
    return texts


def _text(override: Override) -> str:
    return f"{override.get_key_element()}={override.get_value_element_as_str()}"


def _path(override: Override) -> str:
    return override.get_key_element().lstrip("+~")


def _is_without_effect(word: str) -> bool:
    key = word.partition("=")[0].lstrip("+~")
    return key == "name" or is_infrastructure(key)
