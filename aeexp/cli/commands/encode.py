"""`aeexp encode`: write the latent codes of a data set to an .npz file."""

from pathlib import Path

from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from aeexp.errors import ConfigError
from aeexp.listing.trained_run import find_trained
from aeexp.runtime.tensorflow import import_tensorflow
from aeexp.tracking.opening import open_recorded


def run(config: DictConfig) -> None:
    """Encode all splits and print the arrays in the file."""
    output = Path(config.output).expanduser()
    if output.suffix != ".npz" or output.is_dir():
        raise ConfigError(
            f"output: must be a file that ends in .npz. Received '{config.output}'; use e.g. output=latents.npz."
        )
    from aeexp.runs.chosen_data import chosen_data

    tracker = open_recorded(config.tracking, to_write=False)
    run_id = find_trained(tracker.store, config.run)
    data = chosen_data(run_id, tracker.store, config.allow, config)
    import_tensorflow()
    from aeexp.config.instantiate import instantiate
    from aeexp.datasets.dataset import Dataset
    from aeexp.evaluation.encoding import Encoding
    from aeexp.runs.factory import build_corruption
    from aeexp.runs.loading import LoadedRun

    saved = LoadedRun.find(run_id, tracker.store, config.allow)
    dataset = instantiate(data.dataset, "dataset", Dataset)
    setup = saved.evaluation(dataset, build_corruption(data.corruption), {})
    encoding = Encoding(
        model=setup.evaluator.model,
        pairs={str(split): pairs for split, pairs in setup.pairs.items()},
        labels={split: images.labels for split, images in setup.splits.items()},
        class_names=dataset.class_names,
    )
    shapes = encoding.write(output)
    table = Table("array", "shape")
    for name, shape in shapes.items():
        table.add_row(name, "×".join(map(str, shape)))
    console = Console()
    console.print(table)
    console.print(f"written to {output}", soft_wrap=True, markup=False)
