"""Exploration of recorded runs, from their ids."""

import logging
from collections.abc import Sequence
from typing import get_args

from aeexp.config.suggestions import did_you_mean
from aeexp.datasets.dataset import Split
from aeexp.errors import ConfigError
from aeexp.explorer.exploration import Exploration, ExploredRun
from aeexp.runs.chosen_data import chosen_data
from aeexp.runs.factory import build_corruption
from aeexp.runs.loading import LoadedRun
from aeexp.tracking.store import RunStore

log = logging.getLogger(__name__)

LEAST = 5
"""Images of which a map can be made."""

FEW = 50
"""Images below which a map shows little."""


def explore(
    run_ids: Sequence[str], store: RunStore, allow: Sequence[str], *, method: str, split: Split, limit: int
) -> Exploration:
    """Explore a run, or two on the images and under the corruption of the first.

    Args:
        run_ids: of one run or two.
        allow: modules outside aeexp and Keras whose classes the stored configs may name.
        method: of the map: `pca`, `tsne` or `umap`.
        split: whose images are explored.
        limit: number of images (the first ones).

    Raises:
        ConfigError: where the second network does not take the images of the first, and as `LatentMap.of` does.
        TrackingError: where a run cannot be loaded.
    """
    if limit < LEAST:
        raise ConfigError(f"limit: at least {LEAST} images make a map. Received limit={limit}.")
    if split not in get_args(Split):
        meant = did_you_mean(str(split), get_args(Split))
        raise ConfigError(f"split: must be one of {', '.join(get_args(Split))}. Received split={split}.{meant}")
    data = chosen_data(run_ids[0], store, allow)
    data.dataset.limit = limit if data.dataset.get("limit") is None else min(limit, data.dataset.limit)
    saved = [LoadedRun.find(run_id, store, allow, unfinished=True) for run_id in run_ids]
    exploration = Exploration(
        tuple(ExploredRun.of(each, data, split) for each in saved),
        build_corruption(data.corruption),
        saved[0].config.seed,
        method,
    )
    if len(exploration.map.places) < FEW and split == "test":
        log.warning(
            "the map has %d test images alone; split=train shows those of the training.", len(exploration.codes)
        )
    return exploration
