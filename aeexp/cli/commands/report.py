"""`aeexp report`: the report of a sweep, once more."""

from omegaconf import DictConfig

from aeexp.errors import RunNotFoundError
from aeexp.tracking.artifacts import figure_formats


def run(config: DictConfig) -> None:
    """Compare the jobs of a sweep that have finished so far, by whatever metric."""
    from aeexp.sweeps.report import show_report
    from aeexp.sweeps.sweep_run import SweepRun, sweeps
    from aeexp.tracking.mlflow.opening import open_mlflow

    tracker = open_mlflow(config.tracking, "records sweeps")
    experiment = tracker.store.experiment_id
    ids = [parent.info.run_id for parent in sweeps(tracker.store.client, experiment)]
    chosen = ids[:1] if config.sweep == "latest" else [each for each in ids if each.startswith(config.sweep)]
    if len(chosen) != 1:
        raise RunNotFoundError(
            f"sweep: give latest, or the id of one sweep or its beginning. Received sweep={config.sweep}, which "
            f"{len(chosen) or 'none'} of {len(ids)} sweeps match; aeexp runs shows their ids."
        )
    sweep_run, formats = SweepRun(tracker.tracking_uri, experiment, chosen[0]), figure_formats(config.report)
    show_report(sweep_run, config.sort, config.mode, formats=formats, opened=config.open)
