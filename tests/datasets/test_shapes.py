import time
from dataclasses import replace

import numpy as np
import pytest

from aeexp.datasets.shapes import RADIUS, Shapes
from aeexp.errors import ConfigError
from tests.support.splits import AS_PUBLISHED

SHAPES = Shapes(image_shape=[64, 96, 1], train_size=90, test_size=30, seed=0, limit=None, split=AS_PUBLISHED)
SHARE_OF_CIRCLE = {"square": 2 / np.pi, "ellipse": 1 / 2, "heart": (0.5 + np.pi / 8) / (np.pi * 0.63**2)}
"""Area over that of the circle around it: the heart is half a unit square and two half discs of radius √⅛."""


def test_factors_are_uniform_and_independent():
    factors = replace(SHAPES, train_size=20_000).factors("train")
    shape, scale, angle, x, y = factors.T
    assert factors.dtype == np.float32
    assert np.bincount(shape.astype(int)) / len(shape) == pytest.approx([1 / 3] * 3, abs=0.01)
    for values, low, high in [(scale, 0.5, 1.0), (angle, 0.0, 2 * np.pi), (x, 0.0, 1.0), (y, 0.0, 1.0)]:
        assert low <= values.min() <= values.max() < high
        assert values.mean() == pytest.approx((low + high) / 2, rel=0.02)
    assert np.corrcoef(factors.T) == pytest.approx(np.eye(5), abs=0.03)


@pytest.mark.parametrize("name", SHAPES.class_names)
def test_area_is_that_of_the_shape(name):
    data, factors = SHAPES.load("train"), SHAPES.factors("train")
    of_kind = data.labels == SHAPES.class_names.index(name)
    area = data.images[of_kind].sum(axis=(1, 2, 3)) / 255
    expected = SHARE_OF_CIRCLE[name] * np.pi * (RADIUS * 64 * factors[of_kind, 1]) ** 2
    np.testing.assert_allclose(area, expected, rtol=0.02)


def test_center_of_mass_is_at_x_and_y():
    data, factors = SHAPES.load("train"), SHAPES.factors("train")
    mass = data.images[..., 0] / data.images.sum(axis=(1, 2, 3))[:, None, None]
    across, down = (mass.sum(axis=axis) @ (np.arange(size) + 0.5) for axis, size in ((1, 96), (2, 64)))
    margin = RADIUS * 64
    symmetric = data.labels < 2
    np.testing.assert_allclose(across[symmetric], (margin + factors[:, 3] * (96 - 2 * margin))[symmetric], atol=0.1)
    np.testing.assert_allclose(down[symmetric], (margin + factors[:, 4] * (64 - 2 * margin))[symmetric], atol=0.1)


def test_a_heart_stands_on_its_tip():
    """At angle 0 the lower half holds less than the upper."""
    upright = [
        i for i, (_, _, angle, _, _) in enumerate(SHAPES.factors("train")) if min(angle, 2 * np.pi - angle) < 0.3
    ]
    data = SHAPES.load("train")
    hearts = [data.images[i, ..., 0] for i in upright if data.labels[i] == 2]
    assert hearts
    for heart in hearts:
        rows = np.flatnonzero(heart.max(axis=1))
        tip, top = heart[rows[-1] - 3], heart[rows[0] + 3]
        assert tip.sum() < top.sum()


def test_shapes_are_uncropped_and_antialiased():
    images = SHAPES.load("train").images
    assert images.max(axis=(1, 2, 3)).tolist() == [255] * len(images)
    rim = np.concatenate(
        [images[:, 0].ravel(), images[:, -1].ravel(), images[:, :, 0].ravel(), images[:, :, -1].ravel()]
    )
    assert rim.max() == 0
    assert len(np.unique(images)) > 20


def test_first_images_do_not_depend_on_their_number():
    np.testing.assert_array_equal(replace(SHAPES, train_size=5).factors("train"), SHAPES.factors("train")[:5])
    np.testing.assert_array_equal(replace(SHAPES, limit=5).factors("train"), SHAPES.factors("train")[:5])


def test_splits_and_seeds_differ():
    assert not np.isin(SHAPES.factors("test")[:, 1], SHAPES.factors("train")[:, 1]).any()
    assert not np.isin(replace(SHAPES, seed=1).factors("train")[:, 1], SHAPES.factors("train")[:, 1]).any()


def test_color_channels_are_equal():
    gray, color = (replace(SHAPES, image_shape=[16, 16, n]).load("test").images for n in (1, 3))
    np.testing.assert_array_equal(color, np.repeat(gray, 3, axis=3))


@pytest.mark.parametrize("image_shape", [[1, 1, 1], [7, 9, 3], [200, 100, 1]])
def test_any_size(image_shape):
    assert list(replace(SHAPES, image_shape=image_shape).load("test").images.shape) == [30, *image_shape]


def test_small_data_sets_are_drawn_quickly():
    begin = time.perf_counter()
    replace(SHAPES, image_shape=[16, 16, 1], train_size=200).load("train")
    assert time.perf_counter() - begin < 0.5


WRONG = {
    "image_shape": [[28, 28], [28, 28, 2], [0, 28, 1], []],
    "train_size": [0],
    "test_size": [-1],
    "seed": [-1],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_rejects_invalid_settings(name, value):
    with pytest.raises(ConfigError, match=rf"`{name}`.*Received {name}="):
        replace(SHAPES, **{name: value})
