"""`aeexp train`: train a model and record the run."""

from omegaconf import DictConfig

from aeexp.cli.console import print_results, summary
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_tracker


def run(config: DictConfig) -> None:
    """Train the model of the config and print the metrics and where the figures are."""
    open_tracker(config.tracking)  # a store that takes no runs is said before anything is built
    import_tensorflow()
    from aeexp.runs.experiment import Experiment
    from aeexp.runtime.threads import use_threads

    use_threads(config.trainer.threads)
    result = Experiment.from_config(config).run()
    print_results(summary(result.metrics), result.location)
