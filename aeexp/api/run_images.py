"""Images of a run: those that its network was trained, validated and tested on, as arrays."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from omegaconf import DictConfig

from aeexp.api.numbers import whole
from aeexp.config.instantiate import instantiate
from aeexp.config.suggestions import did_you_mean
from aeexp.datasets.dataset import Dataset, Split
from aeexp.errors import ConfigError

if TYPE_CHECKING:
    from aeexp.runs.loading import LoadedRun


SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, repr=False)
class RunImages:
    """Images of a split, corrupted as in the evaluation of the run.

    Args:
        inputs: of the network, float32 [N, h, w, c] in [0, 1].
        targets: the clean images, float32 [N, H, W, C] in [0, 1].
        labels: int64 [N], indices into `class_names`; None without classes.
        class_names: of the labels.
    """

    inputs: np.ndarray
    targets: np.ndarray
    labels: np.ndarray | None
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.targets)

    def __repr__(self) -> str:
        return f"RunImages(inputs={list(self.inputs.shape)}, targets={list(self.targets.shape)})"


def run_images(saved: "LoadedRun", data: DictConfig, split: Split, limit: int | None) -> RunImages:
    """The first images of a split.

    Args:
        data: the nodes `dataset` and `corruption`.
        limit: number of images at most; None takes all.

    Raises:
        ConfigError: for another split, or a limit that is no number of images.
    """
    if split not in SPLITS:
        meant = did_you_mean(str(split), SPLITS)
        raise ConfigError(f"split: must be one of {', '.join(SPLITS)}. Received {split!r}.{meant}")
    if limit is not None:
        whole("limit", limit, 1)
    from aeexp.runs.factory import build_corruption, build_pairs
    from aeexp.runtime.random import EVALUATION_EPOCH

    dataset = instantiate(data.dataset, "dataset", Dataset)
    images = dataset.load(split)
    pairs = build_pairs(dataset, images, build_corruption(data.corruption), saved.config.seed)
    chosen = np.arange(len(images))[:limit]
    batch = pairs.batch(chosen, EVALUATION_EPOCH, EVALUATION_EPOCH)
    labels = None if images.labels is None else images.labels[chosen]
    return RunImages(batch.corrupted.numpy(), batch.clean.numpy(), labels, dataset.class_names)
