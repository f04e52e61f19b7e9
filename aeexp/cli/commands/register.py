"""`aeexp register`: a name in MLflow's registry for a trained run."""

from omegaconf import DictConfig
from rich.console import Console

from aeexp.listing.trained_run import find_trained


def run(config: DictConfig) -> None:
    """Register the run's model and say how it is named from now on."""
    from aeexp.tracking.mlflow.opening import open_mlflow

    store = open_mlflow(config.tracking, "has a model registry").store
    run_id = find_trained(store, config.run)
    version = store.register(run_id, config.name, config.alias)
    name = config.name if config.alias is None else f"{config.name}@{config.alias}"
    console = Console()
    console.print(f"registered  {config.name} version {version}, of run {run_id}", soft_wrap=True, markup=False)
    console.print(f"in aeexp    run={name}", soft_wrap=True, markup=False)
    console.print(f"in MLflow   models:/{name if config.alias else f'{name}/{version}'}", soft_wrap=True, markup=False)
