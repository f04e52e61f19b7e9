"""The calls of the package: training, finding runs, composing configs."""

from collections.abc import Mapping, Sequence
from typing import Any

from omegaconf import DictConfig

from aeexp.api.overrides import Overrides
from aeexp.api.run import Run
from aeexp.config.composition import composed
from aeexp.listing.trained_run import find_trained
from aeexp.runs.checks import check_config, fetch_data
from aeexp.runtime.tensorflow import tensorflow_imported
from aeexp.tracking.opening import open_recorded, open_tracker


def compose(*overrides: str | Mapping[str, Any], **settings: Any) -> DictConfig:
    """The config of `aeexp train` under some overrides, as `train` takes them.

    Raises:
        ConfigError: for what is no override, or composes no config.
    """
    with composed("train", Overrides.of(overrides, settings).words) as config:
        return config


def train(*overrides: str | Mapping[str, Any], quiet: bool = False, **settings: Any) -> Run:
    """Train an autoencoder in this process, recorded as by `aeexp train`, and to the last bit the same.

        aeexp.train("experiment=denoising", "trainer.epochs=3")
        aeexp.train(model="conv_vae", loss=["bce", "kl"], trainer__epochs=3)
        aeexp.train(corruption=Noise(mean=0, std=0.2), dataset=((x_train, y_train), (x_test, y_test)))

    Args:
        overrides: as on the command line, or mappings of dotted keys to values.
        quiet: show no progress.
        settings: overrides as keywords, in whose names `__` stands for a dot. A value is a number, a string, a list, a
            mapping or a component; the data set may be arrays, which are kept in the folder of all runs.

    Returns:
        The finished run. Interrupted by Ctrl-C, it is left such that `resume` goes on with it.

    Raises:
        ConfigError, DataError: for whatever is wrong with the overrides or the data, before anything is trained.
        OutcomeError: where the training ends otherwise than hoped.
    """
    given = Overrides.of(overrides, settings)
    with composed("train", given.named_words) as config:
        check_config(config)
        open_tracker(config.tracking)
        fetch_data(config.dataset)
        with tensorflow_imported():
            from aeexp.api.training import train_config

            result, tracker = train_config(config, quiet=quiet)
    return Run.recorded(result.run_id, tracker, given)


def load(
    selector: str = "latest",
    *overrides: str | Mapping[str, Any],
    allow: Sequence[str] = (),
    unfinished: bool = False,
    **settings: Any,
) -> Run:
    """A recorded run.

    Args:
        selector: an id or its beginning, `latest`, `best:val/psnr` and the like, or the name of a registered model.
        overrides: that say where runs are recorded, such as `home=FOLDER`.
        allow: modules outside aeexp and Keras whose classes the stored config may name, where you trust it.
        unfinished: whether `latest` may be a training that has not finished, such as an interrupted one.
        settings: overrides as keywords.

    Raises:
        RunNotFoundError: where there is no such run, or it is no training.
    """
    given = Overrides.of(overrides, {**settings, "run": selector})
    with composed("resume", given.words) as config:
        tracker = open_recorded(config.tracking, to_write=False)
        return Run.recorded(find_trained(tracker.store, config.run, unfinished=unfinished), tracker, given, allow)
