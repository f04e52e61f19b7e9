"""The line below the title of each figure, which says what it shows."""

from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.reports.report import Report
from aeexp.tracking.artifacts import FigureArtifact
from tests.support.evaluations import evaluation
from tests.support.umap_package import install_stand_in

YAMLS = sorted((Path(__file__).parents[2] / "conf" / "report").glob("*.yaml"))
ALL = "40 test images of shapes with noise · run an untrained run"
NO_IMAGES = "shapes with noise · run an untrained run"
SHOWN = {
    "augmentations": None,
    "best_and_worst": "8 best and 8 worst of the",
    "code_spectrum": "",
    "error_by_class": "",
    "error_maps": "",
    "interpolation": "2 images of the",
    "latent_codes": "3 probe images of the",
    "latent_grid": None,
    "latent_kl": "",
    "latent_manifold": "",
    "latent_perturbation": "3 probe images of the",
    "latent_perturbation_curve": "",
    "latent_random": None,
    "latent_scatter": "",
    "latent_traversal": None,
    "loss_curves": None,
    "nearest_neighbors": "3 probe images of the",
    "nearest_training": None,
    "samples": None,
    "probe_confusion": "10 held-out of the",
    "reconstructions": "3 probe images of the",
    "robustness_noise_std": "",
    "tsne": "",
    "umap": "",
}
"""What stands before the number of all test images; None where no image is shown."""


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    nodes = [OmegaConf.load(path)[path.stem] for path in YAMLS if path.stem != "none"]
    with pytest.MonkeyPatch.context() as patch:
        install_stand_in(patch)
        reports = [instantiate(node, "report", Report) for node in nodes]
        items = chain.from_iterable(report(evaluation(kind)) for report in reports for kind in ("vector", "plane"))
        return {
            item.name: " ".join(item.figure.texts[1].get_text().split())
            for item in items
            if isinstance(item, FigureArtifact)
        }


def test_every_figure_has_one(sources):
    assert sources.keys() == SHOWN.keys()


@pytest.mark.parametrize("name", SHOWN)
def test_a_figure_says_which_images_it_shows(sources, name):
    expected = NO_IMAGES if SHOWN[name] is None else f"{SHOWN[name]} {ALL}".strip()
    assert sources[name] == expected


def test_images_without_corruption():
    clean = replace(evaluation("plane").source, corruption="none")
    assert clean.without_images == "shapes · run an untrained run"
    assert clean.description == "shapes (40 test images), corruption none"


def test_a_name_that_leaves_out_settings_has_no_ellipsis():
    assert replace(evaluation("plane").source, run="seed=1 …").without_images.endswith("· run seed=1")


def test_some_of_the_images():
    source = evaluation("plane").source
    assert source.first(40) == source.first(50) == source.whole == ALL
    assert source.first(7) == f"the first 7 of the {ALL}"
    assert source.probes(1) == f"1 probe image of the {ALL}"
