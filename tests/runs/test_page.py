"""The page of a run: one file, whole, and there within the first epoch."""

import re
from html.parser import HTMLParser

import pytest

from aeexp.runs.experiment import Experiment
from aeexp.runs.page import PAGE
from tests.support.trainings import SHAPES

REPORTS = ("report=[reconstructions,loss_curves]", "baseline=[median]", "corruption=noise")
ODD = "<b>&amp; $x_1^2$ {0} %s \"q\" 'מ' 数\n"
"""A name that would break a page, a template or a figure that took it for anything but text."""


class Sources(HTMLParser):
    """What the elements of a page load from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [str(value) for name, value in attrs if name in ("src", "href") and str(value)[:1] != "#"]


@pytest.fixture
def trained(composed):
    def train(*overrides: str, name: str | None = None, **options: object):
        config = composed(*SHAPES, *overrides)
        config.name = name
        experiment = Experiment.from_config(config)
        result = experiment.run(quiet=True, **options)
        return result, experiment.tracker.runs[0]

    return train


def test_shows_pictures_metrics_settings_and_commands(trained):
    result, run = trained(*REPORTS)
    page = run.files[PAGE].decode()
    assert result.page.endswith(PAGE)
    headings = re.findall("<h2.*>(.+)</h2>", page)
    assert headings == ["Reconstructions", "Loss curves", "Metrics", "Settings", "How to go on"]
    assert f"{result.metrics['test/psnr']:.2f} dB" in page
    assert "corruption.noise.std" in page
    assert f"aeexp predict run={run.id[:8]}" in page
    assert "refresh" not in page


def test_loads_nothing_from_elsewhere(trained):
    _, run = trained(*REPORTS)
    sources = Sources()
    sources.feed(run.files[PAGE].decode())
    assert len(sources.found) == 2
    assert all(source.startswith("data:image/png;base64,") for source in sources.found)


def test_there_is_one_without_reports(trained):
    _, run = trained("report=none", "baseline=none")
    assert ">Metrics</h2>" in run.files[PAGE].decode()


def test_takes_any_name_for_text(trained):
    _, run = trained("report=none", "baseline=none", name=ODD)
    page = run.files[PAGE].decode()
    assert "<h1>&lt;b&gt;&amp;amp; $x_1^2$ {0} %s" in page
    assert "מ" in page


def test_has_pictures_within_the_first_epoch(composed):
    experiment = Experiment.from_config(composed(*SHAPES, *REPORTS, "trainer.epochs=2"))
    pages: dict[str, str] = {}

    def announce(location: str) -> None:
        (run,) = experiment.tracker.runs
        assert not run.history, "announced before the end of an epoch"
        pages[location] = run.files[PAGE].decode()

    result = experiment.run(quiet=True, announce=announce)
    assert list(pages) == [result.page]
    assert "of the first of 2 epochs" in pages[result.page]
    assert 'http-equiv="refresh"' in pages[result.page]
    assert "data:image/png" in pages[result.page]


def test_no_probe_image_is_no_early_page(trained):
    seen: list[str] = []
    trained("report=none", "baseline=none", "probes=[]", announce=seen.append)
    assert seen == []
