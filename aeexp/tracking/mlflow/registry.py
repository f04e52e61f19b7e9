"""MLflow's model registry: names for trained models that outlive the ids of their runs."""

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.exceptions import MlflowException

from aeexp.errors import ConfigError
from aeexp.tracking.mlflow.errors import is_unreachable
from aeexp.tracking.selectors import LATEST


def register_model(client: MlflowClient, run: Run, name: str, alias: str | None) -> int:
    """Enter the model of a run under a name, and point an alias at it.

    A run that is already registered under the name keeps its version.

    Returns:
        The version.

    Raises:
        ConfigError: where the run has no MLflow model, or MLflow refuses the name or the alias.
    """
    models = run.outputs.model_outputs if run.outputs else []
    if not models:
        raise ConfigError(f"run {run.info.run_id} has no MLflow model to register; train with tracking.log_model=true.")
    if name == LATEST:
        raise ConfigError(f"name={name}: this name already means another run; choose another, such as denoiser.")
    try:
        version = _version(client, run.info.run_id, name) or _create(client, run, models[-1].model_id, name)
        if alias is not None:
            client.set_registered_model_alias(name, alias, str(version))
    except MlflowException as error:
        if is_unreachable(error):
            raise
        raise ConfigError(f"name={name} alias={alias}: {error.message.rstrip('.')}; choose another.") from error
    return version


def _version(client: MlflowClient, run_id: str, name: str) -> int | None:
    versions = client.search_model_versions(f"run_id = '{run_id}'")
    return next((int(each.version) for each in versions if each.name == name), None)


def _create(client: MlflowClient, run: Run, model_id: str, name: str) -> int:
    if not any(each.name == name for each in client.search_registered_models()):
        client.create_registered_model(name)
    source = f"models:/{model_id}"
    return int(client.create_model_version(name, source, run.info.run_id, model_id=model_id).version)
