"""Lists of recorded runs: which ones a filter lets through, and in what order."""

import logging
import re

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from aeexp.errors import ConfigError
from aeexp.tracking.mlflow.errors import is_unreachable
from aeexp.tracking.store import is_higher_better

LOG = logging.getLogger(__name__)
NEWEST_FIRST = "attributes.start_time DESC"
NAME = re.compile(r"\b(metrics|params|tags)\.([\w./-]+)")
"""A name that MLflow expects in backquotes, as in metrics.val/psnr."""


def list_runs(client: MlflowClient, experiment_id: str, condition: str, sort: str | None, limit: int) -> list[Run]:
    """The first runs that meet a condition.

    Args:
        condition: in MLflow's language, as in `metrics.val/psnr > 20 and params.model.latent_dim = '8'`.
        sort: a metric, the best value first; None, the newest first.

    Raises:
        ConfigError: for a condition that MLflow does not understand.
    """
    order = NEWEST_FIRST if sort is None else best_first(client, experiment_id, sort)
    try:
        return client.search_runs([experiment_id], NAME.sub(r"\1.`\2`", condition), 1, limit, [order])
    except MlflowException as error:
        if is_unreachable(error):
            raise
        LOG.debug("MLflow says: %s", error.message)
        raise ConfigError(
            f"filter: it is not understood. Received filter={condition}. Names begin with metrics., params., tags. or "
            "attributes., all but metrics are compared with text in quotes, and conditions are joined by and: "
            "\"filter=metrics.test/psnr > 25 and params.seed = '0'\"."
        ) from error


def best_first(client: MlflowClient, experiment_id: str, metric: str) -> str:
    """The order that begins with the best value of a metric."""
    return f"metrics.`{metric}` {'DESC' if higher_is_better(client, experiment_id, metric) else 'ASC'}"


def higher_is_better(client: MlflowClient, experiment_id: str, metric: str) -> bool:
    """Whether a higher value of a metric is better, as the newest run that has it says."""
    has_it = f"metrics.`{metric}` != -1e308"  # MLflow has no condition for any value at all
    newest = client.search_runs([experiment_id], has_it, max_results=1, order_by=[NEWEST_FIRST])
    return is_higher_better(metric, newest[0].data.tags if newest else {})
