import numpy as np
import pytest

from aeexp.errors import ConfigError
from aeexp.models.architectures.space_to_depth import depth_to_space, space_to_depth
from aeexp.models.architectures.unet import Unet


def test_the_code_contains_every_skip():
    code = Unet([2, 3, 5]).encoder((28, 28, 1)).output.shape
    assert code == (None, 7, 7, 2 * 16 + 3 * 4 + 5)


def test_sides_that_cannot_be_halved_are_padded():
    assert Unet([2, 3, 5]).encoder((9, 14, 1)).output.shape == (None, 3, 4, 49)


def test_a_skip_reaches_the_decoder_at_its_own_resolution():
    unet = Unet([2, 3])
    decoder = unet.decoder((4, 4, 11), (8, 8, 1))
    code = np.zeros((1, 4, 4, 11), np.float32)
    before = decoder(code).numpy()
    code[0, 0, 0, 0] = 9  # one pixel of the finest skip, which two 3×3 convolutions spread by two pixels
    changed = np.argwhere(decoder(code).numpy()[0, :, :, 0] != before[0, :, :, 0])
    assert len(changed) > 0
    assert changed.max() <= 2


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_depth_to_space_inverts_space_to_depth(scale):
    images = np.random.default_rng(0).random((2, 8, 12, 3), np.float32)
    folded = space_to_depth(images, scale)
    assert folded.shape == (2, 8 // scale, 12 // scale, 3 * scale**2)
    np.testing.assert_array_equal(depth_to_space(folded, scale), images)


def test_refuses_another_size():
    with pytest.raises(ConfigError, match="outputs must have the size of the inputs"):
        Unet([2, 3]).decoder((4, 4, 11), (16, 16, 1))
