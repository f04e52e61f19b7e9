"""The explorer of a composed config: what `aeexp explore` does but for its printing."""

from pathlib import Path

from omegaconf import DictConfig

from aeexp.explorer.exploration import Exploration
from aeexp.explorer.loading import explore
from aeexp.explorer.serving import Explorer
from aeexp.explorer.static_page import STATIC_LIMIT, write_static_page
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.threads import use_threads
from aeexp.tracking.tracker import Tracker


def explorer_of(config: DictConfig, tracker: Tracker) -> Explorer:
    """The explorer of a config of `aeexp explore`, not yet started.

    Args:
        tracker: that has recorded the runs.
    """
    return Explorer.of(_exploration(config, tracker, config.limit), config.host, config.port)


def write_page(config: DictConfig, tracker: Tracker, path: Path) -> None:
    """Write the page that needs no server.

    Raises:
        OutputError: if it cannot be written.
    """
    write_static_page(_exploration(config, tracker, min(STATIC_LIMIT, config.limit)), path)


def _exploration(config: DictConfig, tracker: Tracker, limit: int) -> Exploration:
    use_threads(None)
    selectors = [config.run, *([] if config.beside is None else [config.beside])]
    run_ids = [find_trained(tracker.store, selector) for selector in selectors]
    return explore(run_ids, tracker.store, config.allow, method=config.map, split=config.split, limit=limit)
