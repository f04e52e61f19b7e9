"""`aeexp sync`: send what runs could not record while the store was unreachable."""

from omegaconf import DictConfig


def run(config: DictConfig) -> None:
    """Send what waits on this machine, and say what became of each run."""
    from aeexp.tracking.mlflow.opening import open_mlflow

    outcomes = list(open_mlflow(config.tracking, "can be unreachable").sync())
    for run_id, outcome in outcomes:
        print(f"{run_id}  {outcome}", flush=True)
    if not outcomes:
        print("nothing waits: all runs of this machine are recorded")
