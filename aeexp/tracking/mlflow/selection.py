"""Which recorded run is meant by `latest`, `best:val/psnr`, a model's name or the beginning of an id."""

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from aeexp.errors import RunNotFoundError

HIGHER_IS_BETTER = ("psnr", "ssim", "accuracy", "active_units")
TRAININGS = "tags.`aeexp.kind` = 'training'"
FINISHED_TRAININGS = f"attributes.status = 'FINISHED' and {TRAININGS}"
FORMS = "Give an id or its beginning, latest, best:<metric>, or the name of a registered model"


def find_run(client: MlflowClient, experiment_id: str, selector: str, unfinished: bool) -> Run:
    """The run that a selector means.

    Args:
        selector: an id or an unambiguous beginning of one; `latest`, the last finished training; `best:<metric>`, the
            finished training with the best value of it; `<name>` or `<name>@<alias>` of a registered model.
        unfinished: whether `latest` is the last training that has begun instead.

    Raises:
        RunNotFoundError: where none is meant, or more than one.
    """
    if selector == "latest":
        condition = TRAININGS if unfinished else FINISHED_TRAININGS
        return _first(client, experiment_id, selector, condition, "attributes.start_time DESC")
    if selector.startswith("best:"):
        metric = selector.removeprefix("best:")
        direction = "DESC" if metric.endswith(HIGHER_IS_BETTER) else "ASC"
        run = _first(client, experiment_id, selector, FINISHED_TRAININGS, f"metrics.`{metric}` {direction}")
        if metric not in run.data.metrics:
            raise RunNotFoundError(f"run={selector}: no finished run has this metric; one of them has {_some(run)}.")
        return run
    return _by_id(client, experiment_id, selector) or _registered(client, selector)


def _first(client: MlflowClient, experiment_id: str, selector: str, condition: str, order: str) -> Run:
    runs = client.search_runs([experiment_id], condition, max_results=1, order_by=[order])
    if not runs:
        raise RunNotFoundError(f"run={selector}: there is no such training yet; train one with aeexp train.")
    return runs[0]


def _by_id(client: MlflowClient, experiment_id: str, beginning: str) -> Run | None:
    if not beginning.isalnum():
        return None
    runs = client.search_runs([experiment_id], f"attributes.run_id LIKE '{beginning}%'", max_results=4)
    if len(runs) > 1:
        ids = ", ".join(run.info.run_id for run in runs[:3])
        raise RunNotFoundError(f"run={beginning}: more than one run begins so ({ids}, …); give more of the id.")
    return runs[0] if runs else None


def _registered(client: MlflowClient, selector: str) -> Run:
    name, _, alias = selector.partition("@")
    try:
        versions = (
            [client.get_model_version_by_alias(name, alias)]
            if alias
            else sorted(client.search_model_versions(f"name = '{name}'"), key=lambda each: -int(each.version))
        )
    except MlflowException:
        versions = []
    if not versions:
        raise RunNotFoundError(f"run={selector}: there is no such run. {FORMS}; aeexp ui shows them all.")
    return client.get_run(str(versions[0].run_id))


def _some(run: Run) -> str:
    return ", ".join(sorted(name for name in run.data.metrics if name.startswith(("test/", "val/"))))
