"""`aeexp explore`: a page on which the latent space of a trained run is walked through by hand."""

from omegaconf import DictConfig

from aeexp.listing.trained_run import find_trained
from aeexp.runtime.address import check_address
from aeexp.runtime.browser import page_path, show_page
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_recorded


def run(config: DictConfig) -> None:
    """Serve the page until Ctrl-C, or write one that needs no server."""
    page = None if config.static is None else page_path(config.static)
    if page is None:
        check_address(config.host, config.port)
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
