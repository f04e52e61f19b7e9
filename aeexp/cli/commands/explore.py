"""`aeexp explore`: a page on which the latent space of a trained run is walked through by hand."""

from pathlib import Path

from omegaconf import DictConfig

from aeexp.cli.address import check_address
from aeexp.errors import ConfigError
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.browser import show_page
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_recorded


def run(config: DictConfig) -> None:
    """Serve the page until Ctrl-C, or write one that needs no server."""
    page = None if config.static is None else Path(config.static).expanduser()
    if page is None:
        check_address(config.host, config.port)
    elif page.suffix != ".html" or page.is_dir():
        raise ConfigError(f"static: must be a file that ends in .html. Received '{page}'; use e.g. static=page.html.")
    tracker = open_recorded(config.tracking, to_write=False)
    for selector in filter(None, (config.run, config.beside)):
        find_trained(tracker.store, selector)  # or it is refused before TensorFlow is loaded
    import_tensorflow()
    from aeexp.api.exploring import explorer_of, write_page

    if page is not None:
        write_page(config, tracker, page)
        show_page("page", str(page.absolute()), opened=config.open)
        return
    explorer = explorer_of(config, tracker)
    print("Ctrl-C ends it", flush=True)
    show_page("explorer", explorer.url, opened=config.open)
    explorer.serve()
