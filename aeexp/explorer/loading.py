"""Exploration of recorded runs, from their ids."""

from collections.abc import Sequence

from aeexp.errors import ConfigError
from aeexp.explorer.exploration import Exploration, ExploredRun
from aeexp.runs.chosen_data import chosen_data
from aeexp.runs.factory import build_corruption
from aeexp.runs.loading import LoadedRun
from aeexp.tracking.store import RunStore


def explore(run_ids: Sequence[str], store: RunStore, allow: Sequence[str], *, method: str, limit: int) -> Exploration:
    """Explore a run, or two on the test images and under the corruption of the first.

    Args:
        run_ids: of one run or two.
        allow: modules outside aeexp and Keras whose classes the stored configs may name.
        method: of the map: `pca`, `tsne` or `umap`.
        limit: number of test images (the first ones).

    Raises:
        ConfigError: where the second network does not take the images of the first, and as `LatentMap.of` does.
        TrackingError: where a run cannot be loaded.
    """
    if limit < 5:
        raise ConfigError(f"limit: at least 5 test images make a map. Received limit={limit}.")
    data = chosen_data(run_ids[0], store, allow)
    data.dataset.limit = limit if data.dataset.get("limit") is None else min(limit, data.dataset.limit)
    saved = [LoadedRun.find(run_id, store, allow, unfinished=True) for run_id in run_ids]
    exploration = Exploration(
        tuple(ExploredRun.of(each, data) for each in saved),
        build_corruption(data.corruption),
        saved[0].config.seed,
        method,
    )
    exploration.map  # noqa: B018 - refused here rather than when it is asked for
    return exploration
