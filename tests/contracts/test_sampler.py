"""What every sampler keeps to, over each yaml of its group."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.models.samplers.sampler import Sampler
from aeexp.runtime.random import image_seeds
from tests.support.evaluations import evaluation

YAMLS = sorted(Path(CONF, "sampler").glob("*.yaml"))
SEEDS = image_seeds(0, 0, tf.range(60))


@pytest.fixture(params=YAMLS, ids=lambda path: path.stem)
def sampler(request) -> Sampler:
    name = request.param.stem
    built = instantiate(OmegaConf.load(request.param)[name], f"sampler.{name}", Sampler)
    assert type(built).__module__ == f"aeexp.models.samplers.{name}"
    return built


@pytest.mark.parametrize("kind", ["plane", "normal features"])
def test_draws_codes_of_the_model(sampler, kind):
    result = evaluation(kind)
    sampler.check(result.model)
    codes = result.codes
    drawn = sampler.fitted(result.model, codes)(SEEDS)
    assert drawn.shape == (60, *codes.shape[1:])
    assert drawn.dtype == np.float32
    assert np.isfinite(drawn).all()
    again = sampler.fitted(result.model, codes)(SEEDS[7:9])
    np.testing.assert_allclose(drawn[7:9], again, rtol=1e-5, atol=1e-6)
