"""Components that are no dataclasses, such as layers, have their values checked as well."""

import pytest
from omegaconf import OmegaConf

from aeexp.config.instantiate import instantiate
from aeexp.config.paths import CONF
from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.bottleneck import Bottleneck


@pytest.mark.parametrize(
    ("name", "field", "value", "said"),
    [
        ("vector_quantized", "codes", "abc", r"codes: must be a whole number\. Received codes=abc"),
        ("vector_quantized", "codes", 3.5, r"codes: must be a whole number\. Received codes=3\.5"),
        ("vector_quantized", "codes", None, "codes: must be given, and not null"),
        ("finite_scalar", "levels", 8, r"levels: must be a list, as in 'model\.bottleneck\.levels=\[8\]'"),
        ("finite_scalar", "levels", [8, "x"], r"levels: must be a whole number"),
        ("categorical", "temperature", "warm", r"temperature: must be a number"),
    ],
)
def test_values_of_a_wrong_type_are_refused_by_name(name, field, value, said):
    node = OmegaConf.load(CONF / "model" / "bottleneck" / f"{name}.yaml")
    node[field] = value
    with pytest.raises(ConfigError, match=rf"^model\.bottleneck\.{said}"):
        instantiate(node, "model.bottleneck", Bottleneck)
