import numpy as np
import pytest
from PIL import Image

from aeexp.baselines.baseline import RestorationTask
from aeexp.baselines.bicubic import Bicubic
from aeexp.baselines.lanczos import Lanczos
from aeexp.baselines.nearest import Nearest

SMALL = np.random.default_rng(0).random((2, 8, 6, 1), np.float32)


@pytest.mark.parametrize(
    ("baseline", "resampling"),
    [
        (Nearest(), Image.Resampling.NEAREST),
        (Bicubic(), Image.Resampling.BICUBIC),
        (Lanczos(), Image.Resampling.LANCZOS),
    ],
)
@pytest.mark.parametrize("factor", [2, 3, 4])
def test_equals_pillow(baseline, resampling, factor):
    task = RestorationTask((8, 6, 1), (8 * factor, 6 * factor, 1), corrupted=True, code_size=1)
    enlarged = baseline.fit(task, lambda count: (SMALL, SMALL))(SMALL)
    for image, small in zip(enlarged, SMALL, strict=True):
        expected = Image.fromarray(small[..., 0]).resize((6 * factor, 8 * factor), resampling)
        np.testing.assert_allclose(image[..., 0], np.clip(expected, 0, 1), atol=1e-3)
