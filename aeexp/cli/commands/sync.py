"""`aeexp sync`: bring in what runs could not record."""

from omegaconf import DictConfig


def run(config: DictConfig) -> None:
    """Send what waits on this machine, and say what became of each run."""
    from aeexp.cli.store import open_mlflow

    outcomes = list(open_mlflow(config, "can be away").sync())
    for run_id, outcome in outcomes:
        print(f"{run_id}  {outcome}", flush=True)
    if not outcomes:
        print("nothing waits: all runs of this machine are recorded")
