"""What the report of a sweep draws its pictures from."""

from dataclasses import replace

import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.reports.probe_arrays import ProbeArrays
from tests.support.evaluations import evaluation

PROBES = [0, 3, 7]


def arrays(judged: EvaluationResult, points: int = 10) -> dict[str, np.ndarray]:
    (item,) = ProbeArrays(points)(judged)
    assert item.name == "probe_arrays"
    return item.arrays


@pytest.mark.parametrize("kind", ["vector", "line"])
def test_holds_the_images_of_the_probes_in_256_levels(kind):
    judged = evaluation(kind)
    found = arrays(judged)
    images = {
        "inputs": judged.inputs,
        "reconstructions": judged.outputs["reconstruction"],
        "targets": judged.targets,
    }
    for name, values in images.items():
        assert found[name].dtype == np.uint8
        np.testing.assert_allclose(found[name], 255 * values[PROBES], atol=0.5 + 1e-4)


def test_levels_by_hand():
    judged = evaluation("plane")
    gray = np.broadcast_to(np.float32([-0.1, 0, 0.5, 1, 1.2]), (40, 1, 5))[..., None]
    np.testing.assert_array_equal(arrays(replace(judged, targets=gray))["targets"][0, 0, :, 0], [0, 0, 128, 255, 255])


def test_holds_the_first_points_of_a_plane_as_they_are_with_their_classes():
    judged = evaluation("plane")
    found = arrays(judged)
    np.testing.assert_array_equal(found["plane"], judged.codes[:10])
    np.testing.assert_array_equal(found["labels"], judged.labels[:10])
    assert found["class_names"].tolist() == ["ankle boot", "bag", "T-shirt/top"]
    assert "labels" not in arrays(evaluation("without labels"))


def test_refuses_a_single_point():
    with pytest.raises(ConfigError, match=r"`points` must be at least 2\. Received points=1"):
        ProbeArrays(points=1)
