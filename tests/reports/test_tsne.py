"""The t-SNE map of the codes."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.tsne import Tsne
from tests.support.evaluations import evaluation

REPORT = Tsne(images=100, perplexity=30.0, seed=0)


def with_codes(codes: np.ndarray):
    judged = evaluation("vector")
    return replace(judged, outputs={**judged.outputs, "latent": codes}, labels=np.arange(len(codes)) % 2)


def test_groups_that_lie_apart_in_the_code_lie_apart_on_the_map():
    codes = np.random.default_rng(0).normal(size=(40, 60)) + 20 * (np.arange(40) % 2)[:, None]
    (item,) = REPORT(with_codes(codes))
    points = np.asarray(item.figure.axes[0].collections[0].get_offsets())
    even, odd = points[::2], points[1::2]
    apart = np.linalg.norm(even.mean(axis=0) - odd.mean(axis=0))
    assert apart > 2 * max(even.std(axis=0).max(), odd.std(axis=0).max())


@pytest.mark.parametrize("codes", [np.zeros((40, 3)), np.eye(4), np.full((40, 3), np.inf)])
def test_nothing_for_codes_that_are_alike_too_few_or_no_numbers(codes):
    assert [*REPORT(with_codes(codes))] == []


@pytest.mark.parametrize("wrong", [{"images": 4}, {"perplexity": 0.5}])
def test_rejects_invalid_settings(wrong):
    with pytest.raises(ConfigError, match=f"`{next(iter(wrong))}` must be at least"):
        replace(REPORT, **wrong)
