"""`aeexp train`: train a model and record the run."""

from omegaconf import DictConfig

from aeexp.cli.console import print_results
from aeexp.runtime.tensorflow import import_tensorflow

SHOWN = ("train/loss", "val/loss", "val/bce", "test/bce", "test/mse", "test/psnr", "test/ssim")


def run(config: DictConfig) -> None:
    """Train the model of the config and print the metrics and where the figures are."""
    import_tensorflow()
    from aeexp.runs.experiment import Experiment

    result = Experiment.from_config(config).run()
    print_results({name: result.metrics[name] for name in SHOWN}, result.location)
