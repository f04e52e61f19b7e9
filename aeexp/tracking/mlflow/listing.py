"""Which recorded runs a filter lets through, and in what order."""

import re

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from aeexp.errors import ConfigError
from aeexp.tracking.mlflow.selection import HIGHER_IS_BETTER

NAME = re.compile(r"\b(metrics|params|tags)\.([\w./-]+)")
"""A name that MLflow would want in backquotes, as in metrics.val/psnr."""


def list_runs(client: MlflowClient, experiment_id: str, condition: str, sort: str | None, limit: int) -> list[Run]:
    """The first runs that meet a condition.

    Args:
        condition: in MLflow's language, as in `metrics.val/psnr > 20 and params.model.latent_dim = '8'`.
        sort: a metric, the best value first; None, the newest first.

    Raises:
        ConfigError: for a condition that MLflow does not understand.
    """
    try:
        return client.search_runs([experiment_id], NAME.sub(r"\1.`\2`", condition), 1, limit, [_order(sort)])
    except MlflowException as error:
        raise ConfigError(
            f"filter: MLflow does not understand it ({error.message}). Received filter={condition}; write it as in "
            "\"metrics.val/psnr > 20 and params.seed = '0'\"."
        ) from error


def _order(sort: str | None) -> str:
    if sort is None:
        return "attributes.start_time DESC"
    return f"metrics.`{sort}` {'DESC' if sort.endswith(HIGHER_IS_BETTER) else 'ASC'}"
