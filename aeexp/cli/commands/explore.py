"""`aeexp explore`: a page on which the latent space of a trained run is walked through by hand."""

from pathlib import Path

from omegaconf import DictConfig

from aeexp.cli.address import check_address
from aeexp.errors import ConfigError
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.browser import show_page
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_recorded

STATIC_LIMIT = 1000
"""Images of a page without a server, which holds all of them."""


def run(config: DictConfig) -> None:
    """Serve the page until Ctrl-C, or write one that needs no server."""
    page = None if config.static is None else Path(config.static).expanduser()
    if page is None:
        check_address(config.host, config.port)
    elif page.suffix != ".html" or page.is_dir():
        raise ConfigError(f"static: must be a file that ends in .html. Received '{page}'; use e.g. static=page.html.")
    tracker = open_recorded(config.tracking, to_write=False)
    selectors = [config.run, *([] if config.beside is None else [config.beside])]
    run_ids = [find_trained(tracker.store, selector) for selector in selectors]
    import_tensorflow()
    from aeexp.explorer.loading import explore
    from aeexp.runtime.threads import use_threads

    use_threads(None)
    limit = config.limit if page is None else min(STATIC_LIMIT, config.limit)
    exploration = explore(run_ids, tracker.store, config.allow, method=config.map, limit=limit)
    if page is not None:
        from aeexp.explorer.static_page import write_static_page

        write_static_page(exploration, page)
        show_page("page", str(page.absolute()), opened=config.open)
        return
    from aeexp.explorer.serving import Explorer

    explorer = Explorer.of(exploration, config.host, config.port)
    print("Ctrl-C ends it", flush=True)
    show_page("explorer", explorer.url, opened=config.open)
    explorer.serve()
