"""Mean errors at each place of the picture."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.reports.error_maps import ErrorMaps
from tests.support.evaluations import evaluation


@pytest.mark.parametrize("channels", [1, 3])
def test_maps_hold_the_means_over_the_images(channels):
    judged = evaluation("plane")
    targets = np.full((40, 16, 16, channels), 0.5, np.float32)
    outputs = targets.copy()
    outputs[::2, 3, 4] += 0.2
    outputs[1::2, 3, 4] -= 0.1
    (item,) = ErrorMaps(images=40)(replace(judged, targets=targets, outputs={"reconstruction": outputs}))
    target, absolute, signed = (axes.images[0].get_array() for axes in item.figure.axes[:3])
    np.testing.assert_allclose(target, 0.5)
    assert absolute[3, 4] == pytest.approx(0.15, abs=1e-6)
    assert signed[3, 4] == pytest.approx(0.05, abs=1e-6)
    assert np.count_nonzero(absolute) == np.count_nonzero(signed) == 1


def test_refuses_no_images():
    with pytest.raises(ConfigError, match=r"`images` must be at least 1\. Received images=0"):
        ErrorMaps(images=0)
