"""`aeexp explore`: what it refuses before anything is loaded, and its page without a server."""

import json
import re

import pytest

import aeexp as package
from tests.support.stores import TrainedStores
from tests.support.trainings import DENOISER


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["static=page.png"], "static: must be a file that ends in .html. Received 'page.png'"),
        (["port=0"], "port: it must be from 1 to 65535"),
        (["host=192.0.2.1"], "host: it must be an address of this machine"),
        (["map=mds", "static=page.html"], "map: must be one of pca, tsne, umap"),
        (["split=val", "static=page.html"], "split: must be one of train, validation, test. Received split=val."),
        (["limit=3", "static=page.html"], "limit: at least 5 images make a map"),
        (["beside=nonsense", "static=page.html"], "run=nonsense: there is no such run"),
    ],
)
def test_mistakes_are_refused_and_nothing_is_written(aeexp, trained_stores: TrainedStores, words, message, store):
    home = trained_stores.after(DENOISER)
    ended = aeexp("explore", "run=latest", f"home={home}", "open=false", *words)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-1].startswith(f"error: {message}")
    assert not list(store.parent.glob("*.html"))


def test_the_static_page_holds_all_that_it_shows(aeexp, trained_stores: TrainedStores, tmp_path):
    home = trained_stores.after(DENOISER)
    assert aeexp("explore", "run=latest", f"home={home}", "open=false", f"static={tmp_path / 'page.html'}").code == 0
    page = (tmp_path / "page.html").read_text()
    content = json.loads(re.search(r'<script id="content" type="application/json">(.*?)</script>', page)[1])
    assert content["about"]["count"] == 40
    assert set(content["images"]) == {"target", "input", "0"}
    assert "server.js" not in page
    assert not re.search(r'(src|href)="(?!data:)', page.partition("<script")[0])


def test_the_images_of_the_training_have_a_map_as_well(trained_stores: TrainedStores, tmp_path):
    run = package.load(home=trained_stores.after(DENOISER))
    run.save_explorer(tmp_path / "page.html", split="train", limit=30)
    content = json.loads(re.search(r'type="application/json">(.*?)</script>', (tmp_path / "page.html").read_text())[1])
    assert content["about"]["data"].startswith("mnist (30 train images)")
    assert content["about"]["labels"] == run.images("train", limit=30).labels.tolist()
