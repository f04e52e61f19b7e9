"""Samples of a trained run: of its prior, or of a density fitted to the codes of its training images."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from omegaconf import DictConfig

from aeexp.config.instantiate import instantiate
from aeexp.config.options import content, options
from aeexp.config.suggestions import did_you_mean
from aeexp.datasets.dataset import Dataset
from aeexp.errors import ConfigError

if TYPE_CHECKING:
    from aeexp.evaluation.samples import SampleSource
    from aeexp.inference.codec import Codec
    from aeexp.runs.loading import LoadedRun

Chosen = str | Mapping[str, Any] | None
"""The name of a sampler, or its node by its name; None takes that of the run."""

BLOCK = 500
"""Images decoded at a time."""


def sampled(source: "SampleSource", codec: "Codec", count: int, seed: int) -> Iterator[np.ndarray]:
    """New images of the only sampler of a source, each block float32 [n, H, W, C]."""
    for start in range(0, count, BLOCK):
        yield codec.decode(source.codes(source.names[0], min(BLOCK, count - start), seed, start))


def sample_source(saved: "LoadedRun", codec: "Codec", data: Callable[[], DictConfig], chosen: Chosen) -> "SampleSource":
    """The source of one sampler.

    Args:
        data: gives the nodes `dataset` and `corruption`, where the sampler is fitted.

    Raises:
        ConfigError: for a sampler that there is not, or that does not fit the model.
        DataError: where files of the data set are missing.
    """
    from aeexp.evaluation.samples import SampleSource
    from aeexp.models.samplers.prior import Prior
    from aeexp.models.samplers.sampler import Sampler
    from aeexp.runs.factory import build_corruption, build_pairs, build_samplers

    if chosen is None:
        samplers = dict([*build_samplers(saved.config.sampler, codec.model).items()][:1]) or {"prior": Prior()}
    else:
        name, node = _node(chosen, saved.config.sampler)
        samplers = {name: instantiate(node, f"sampler.{name}", Sampler)}
    (sampler,) = samplers.values()
    sampler.check(codec.model)
    if sampler.of_prior:
        return SampleSource(codec.model, samplers, None)
    nodes = data()
    dataset = instantiate(nodes.dataset, "dataset", Dataset)
    pairs = build_pairs(dataset, dataset.splits()["train"], build_corruption(nodes.corruption), saved.config.seed)
    return SampleSource(codec.model, samplers, pairs)


def _node(chosen: str | Mapping[str, Any], own: Mapping[str, Any]) -> tuple[str, Any]:
    """The name and the node of a sampler, with the settings that the run has of it."""
    if isinstance(chosen, str):
        if chosen not in options("sampler") and chosen not in own:
            known = options("sampler")
            raise ConfigError(
                f"sampler={chosen}: no such option.{did_you_mean(chosen, known)} Choose from {', '.join(known)}."
            )
        return chosen, DictConfig(own[chosen] if chosen in own else content("sampler", chosen)[chosen])
    if len(chosen) != 1:
        raise ConfigError(
            f"sampler: samples are drawn from one at a time. Received {', '.join(chosen) or 'none'}; choose one, as in "
            "sampler=gaussian_mixture."
        )
    ((name, node),) = chosen.items()
    return str(name), DictConfig(node)
