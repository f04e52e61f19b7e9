"""The latent map and the directions of the sliders."""

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.explorer.directions import Directions, _components
from aeexp.explorer.latent_map import LatentMap

RANDOM = np.random.default_rng(0)
CODES = (RANDOM.standard_normal((60, 5)) * [9, 5, 1, 0.5, 0.1]).astype(np.float32)


def test_sliders_are_as_many_as_the_differences_between_the_codes():
    assert len(_components(CODES[:4]).names) == 3


def test_a_plane_is_its_own_map():
    codes = CODES[:, :2]
    found = LatentMap.of(codes, "pca")
    assert np.array_equal(found.places, codes)
    assert np.allclose(found.code_at(3, np.array([1.5, -2.0])), [1.5, -2.0])


def test_a_single_dimension_lies_on_a_line():
    found = LatentMap.of(CODES[:, :1], "pca")
    assert np.array_equal(found.places, np.column_stack([CODES[:, 0], np.zeros(60)]))
    assert np.allclose(found.code_at(0, np.array([2.0, 5.0])), [2.0])


def test_moving_on_the_principal_plane_keeps_what_it_does_not_show():
    found = LatentMap.of(CODES, "pca")
    assert np.allclose(found.code_at(7, found.places[7]), CODES[7], atol=1e-5)
    moved = found.code_at(7, found.places[7] + np.array([1.0, -2.0], np.float32)) - CODES[7]
    assert np.allclose(moved @ found.axes.T, [1, -2], atol=1e-4)
    assert np.allclose(np.linalg.norm(moved), np.sqrt(5), atol=1e-4)
    assert "of the variance" in found.label


def test_a_nonlinear_map_gives_the_codes_of_its_points_and_means_between():
    found = LatentMap(CODES, RANDOM.standard_normal((60, 2)).astype(np.float32), None, "umap")
    assert np.allclose(found.code_at(0, found.places[9]), CODES[9], atol=1e-3)
    between = found.code_at(0, found.places[:2].mean(axis=0))
    assert (between >= CODES.min(axis=0)).all()
    assert (between <= CODES.max(axis=0)).all()


def test_other_maps_are_refused():
    with pytest.raises(ConfigError, match=r"map: must be one of pca, tsne, umap\. Received map=mds"):
        LatentMap.of(CODES, "mds")
    with pytest.raises(ConfigError, match="at least 5 test images"):
        LatentMap.of(CODES[:4], "pca")


class Evaluated:
    """As much of an evaluation as directions ask for."""

    prior = None

    def __init__(self, codes):
        self.codes = codes
        self.outputs = {}


def test_dimensions_of_most_variance_come_first():
    found = Directions.of(Evaluated(CODES[:, ::-1]), CODES[:, ::-1])
    assert found.names == ("z[4]", "z[3]", "z[2]", "z[1]", "z[0]")
    assert np.allclose(found.low, np.percentile(CODES, 1, axis=0), atol=1e-5)
    moved = found.moved(CODES[0], 0, 7.0)
    assert moved[4] == 7
    assert np.array_equal(moved[:4], CODES[0][:4])
    assert found.coordinates(moved)[0] == 7


def test_grids_have_principal_components():
    codes = np.repeat(CODES, 8, axis=1)
    found = Directions.of(Evaluated(codes.reshape(60, 2, 5, 4)), codes)
    assert found.names[0] == "component 1"
    assert np.allclose(found.vectors @ found.vectors.T, np.eye(len(found.vectors)), atol=1e-5)
    assert np.allclose(found.coordinates(found.moved(codes[0], 1, -3.0))[1], -3, atol=1e-4)


def test_dimensions_of_most_divergence_come_first():
    class Prior:
        def kl_per_dimension(self, outputs):
            return np.array([[0.1, 3.0, 0.2, 1.0, 0.0]] * 60)

    evaluated = Evaluated(CODES)
    evaluated.prior = Prior()
    found = Directions.of(evaluated, CODES)
    assert found.names[:2] == ("z[1]", "z[3]")
    assert found.notes[0] == "KL 3.00 nats"
