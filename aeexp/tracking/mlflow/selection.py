"""Selection of one recorded run: by `latest`, `best:val/psnr`, a model's name or the beginning of an id."""

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from aeexp.tracking.mlflow.errors import is_unreachable
from aeexp.tracking.mlflow.listing import NEWEST_FIRST, best_first
from aeexp.tracking.selectors import BEST, LATEST, ambiguous, no_such_metric, no_training, unknown
from aeexp.tracking.tags import KIND_TAG

TRAININGS = f"tags.`{KIND_TAG}` = 'training'"
FINISHED_TRAININGS = f"attributes.status = 'FINISHED' and {TRAININGS}"


def find_run(client: MlflowClient, experiment_id: str, selector: str, unfinished: bool) -> Run:
    """The run that a selector means.

    Args:
        selector: as in `RunStore.find`; or `<name>` or `<name>@<alias>` of a registered model.
        unfinished: whether `latest` is the last training that has begun instead.

    Raises:
        RunNotFoundError: where it means none, or more than one.
    """
    if selector == LATEST:
        return _first(client, experiment_id, selector, TRAININGS if unfinished else FINISHED_TRAININGS, NEWEST_FIRST)
    if selector.startswith(BEST):
        metric = selector.removeprefix(BEST)
        order = best_first(client, experiment_id, metric)
        run = _first(client, experiment_id, selector, FINISHED_TRAININGS, order)
        if metric not in run.data.metrics:
            raise no_such_metric(selector, run.data.metrics)
        return run
    return _by_id(client, experiment_id, selector) or _registered(client, selector)


def _first(client: MlflowClient, experiment_id: str, selector: str, condition: str, order: str) -> Run:
    runs = client.search_runs([experiment_id], condition, max_results=1, order_by=[order])
    if not runs:
        raise no_training(selector)
    return runs[0]


def _by_id(client: MlflowClient, experiment_id: str, beginning: str) -> Run | None:
    if not beginning.isalnum():
        return None
    runs = client.search_runs([experiment_id], f"attributes.run_id LIKE '{beginning}%'", max_results=4)
    if len(runs) > 1:
        raise ambiguous(beginning, [run.info.run_id for run in runs])
    return runs[0] if runs else None


def _registered(client: MlflowClient, selector: str) -> Run:
    name, _, alias = selector.partition("@")
    try:
        versions = (
            [client.get_model_version_by_alias(name, alias)]
            if alias
            else sorted(client.search_model_versions(f"name = '{name}'"), key=lambda each: -int(each.version))
        )
    except MlflowException as error:
        if is_unreachable(error):
            raise
        versions = []
    if not versions:
        raise unknown(selector)
    return client.get_run(str(versions[0].run_id))
