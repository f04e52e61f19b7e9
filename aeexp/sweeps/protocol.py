"""Protocol of a sweep: the validation images choose its winner, and the test images judge it."""

import re
from collections.abc import Mapping

from omegaconf import DictConfig, OmegaConf

from aeexp.errors import ConfigError
from aeexp.tracking.tags import PROTOCOL_TAG, VALIDATION_IS_TEST

CHOOSE = ("train/", "val/")
"""Beginnings of the metrics that do not depend on the test images."""


def check_metric(config: DictConfig) -> None:
    """Refuse to choose the winner of a sweep by the test images.

    Args:
        config: of a job.

    Raises:
        ConfigError: naming what to choose by.
    """
    metric = config.sweep.metric
    is_test = OmegaConf.select(config, "dataset.split.validation") == "test"
    if not is_test and not metric.startswith(CHOOSE):
        name = metric.partition("/")[2] if metric.startswith("test/") else "psnr"
        raise ConfigError(
            f"sweep.metric: {metric} is no metric of the validation images, which choose the winner; the test images "
            f"judge it. Use, for example, sweep.metric=val/{name}; or dataset.split.validation=test, where both are "
            "the same images."
        )


def chosen_on(metric: str, tags: Mapping[str, str]) -> str:
    """On which images a choice was made, in a sentence.

    Args:
        tags: of a job.
    """
    protocol = re.sub(r"fold \d+ of", "one of", tags.get(PROTOCOL_TAG, VALIDATION_IS_TEST))
    if metric.startswith("train/"):
        return f"Chosen on the training images ({protocol})."
    if metric.startswith("val/") and protocol != VALIDATION_IS_TEST:
        return f"Chosen on validation images ({protocol}); the test images chose nothing."
    return f"Chosen on the test images themselves ({protocol}), so the test scores of the winner are too favorable."
