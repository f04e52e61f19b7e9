"""A recorded training, as a program or a notebook works with it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np
from omegaconf import DictConfig, OmegaConf

from aeexp.api.html import run_as_html
from aeexp.api.listing import history_table
from aeexp.api.overrides import Overrides
from aeexp.api.pictures import Images, as_batch, as_ends, restored_picture
from aeexp.api.recorded import Recorded
from aeexp.api.run_images import RunImages, run_images
from aeexp.api.sampling import Chosen, check_count, sample_source, sampled
from aeexp.config.composition import composed
from aeexp.datasets.dataset import Split
from aeexp.inference.arrays import ImageArray
from aeexp.listing.row import Row
from aeexp.runs.chosen_data import chosen_data
from aeexp.runs.next_steps import STORE
from aeexp.runs.trust import stored_config
from aeexp.runtime.tensorflow import tensorflow_imported
from aeexp.tracking.tracker import Tracker

if TYPE_CHECKING:
    import pandas as pd

    from aeexp.api.evaluation import Evaluation
    from aeexp.explorer.serving import Explorer
    from aeexp.inference.codec import Codec
    from aeexp.runs.loading import LoadedRun


@dataclass(frozen=True, repr=False)
class Run(Recorded):
    """Run: a recorded training, with its metrics, figures and trained model.

    Args:
        allow: modules outside aeexp and Keras whose classes its stored config may name.
        words: the overrides that say where it is recorded.
    """

    allow: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @classmethod
    def recorded(cls, run_id: str, tracker: Tracker, overrides: Overrides, allow: Sequence[str] = ()) -> "Run":
        """The run with an id, for a call with these overrides."""
        words = tuple(word for word in overrides.words if word.startswith(STORE))
        return cls(run_id, tracker, (*overrides.modules, *allow), words)

    def __repr__(self) -> str:
        return f"Run({self.id[:8]}, {self.name!r}, {self.status})"

    def _repr_html_(self) -> str:
        return run_as_html(self.info, self.page, self.settings, self.figures)

    @property
    def settings(self) -> dict[str, str]:
        """The choices and settings that are not the default."""
        return dict(Row.from_run(self.info).changed)

    @property
    def history(self) -> "pd.DataFrame":
        """The metrics of each epoch: a row an epoch, counted from 1, and a column a metric."""
        return history_table(self.tracker.store.metric_history(self.id))

    @property
    def config(self) -> DictConfig:
        """The config that it was trained with, in today's names.

        Raises:
            DamagedRunError: if it cannot be read.
        """
        return OmegaConf.create(stored_config(self.id, self.tracker.store))

    def images(self, split: Split = "test", limit: int | None = None) -> RunImages:
        """The first images of its data, `train`, `validation` or `test`, corrupted as in its evaluation.

        Raises:
            DataError: where files of the data set are missing.
        """
        data = chosen_data(self.id, self.tracker.store, self.allow)
        with tensorflow_imported():
            return run_images(self._saved, data, split, limit)

    def encode(self, images: Images) -> np.ndarray:
        """The codes of images, [N, …], or the code of one image, […].

        Pictures are scaled and cropped to the size of the training, and color becomes gray for a grayscale network.

        Raises:
            DataError: for images of an unsuitable shape, type or range, or files that cannot be read.
        """
        with self._codec() as codec:
            pixels, is_single = as_batch(images, codec.input_shape)
            codes = codec.encode(pixels)
        return codes[0] if is_single else codes

    def decode(self, codes: np.ndarray) -> np.ndarray:
        """The images of codes, float32 [N, H, W, C] in [0, 1], or the image of one code, [H, W, C].

        Raises:
            DataError: for codes of another shape, or with numbers that are not finite.
        """
        codes = np.asarray(codes)
        with self._codec() as codec:
            is_single = codes.shape == codec.code_shape
            images = codec.decode(codes[np.newaxis] if is_single else codes)
        return images[0] if is_single else images

    def restore(self, images: Images) -> Any:
        """The outputs for images that are corrupted already, as `aeexp predict` restores them.

        An array gives an array with the same axes and type, a picture an image of Pillow, a list a list. A fully
        convolutional network takes any size; a grayscale one restores red, green and blue separately.

        Raises:
            DataError: for images of an unsuitable shape, type or range, or files that cannot be read.
        """
        if isinstance(images, list | tuple):
            return [self.restore(image) for image in images]
        with self._codec() as codec:
            if isinstance(images, np.ndarray):
                given = ImageArray.of(images)
                return given.as_given(codec.restore(given.pixels))
            return restored_picture(codec.model, self._saved.image_shape, images)

    def sample(self, count: int = 1, seed: int = 0, sampler: Chosen = None) -> np.ndarray:
        """New images, decoded from codes that are drawn from a density, float32 [count, H, W, C] in [0, 1].

        Args:
            count: number of images.
            seed: of the draws.
            sampler: `prior`, or one that is fitted to the codes of the training images: `gaussian`, `gaussian_mixture`.
                None takes the prior where there is one, or else the first sampler that the run was trained with.

        Raises:
            ConfigError: for a sampler that does not fit the model, or fewer than one image.
            DataError: where a sampler is to be fitted, and files of the data set are missing.
        """
        return np.concatenate([*self.sample_blocks(count, seed, sampler)])

    def sample_blocks(self, count: int = 1, seed: int = 0, sampler: Chosen = None) -> Iterator[np.ndarray]:
        """The images of `sample` in blocks, for more of them than fit into memory."""
        check_count(count)
        with self._codec() as codec:
            data = partial(chosen_data, self.id, self.tracker.store, self.allow)
            yield from sampled(sample_source(self._saved, codec, data, sampler), codec, count, seed)

    def interpolate(self, first: Images, second: Images, steps: int = 8) -> np.ndarray:
        """Images decoded from the line between the codes of two single images, [steps, H, W, C], both ends included.

        Raises:
            DataError: for several images or unsuitable ones, or fewer than 2 steps.
        """
        with self._codec() as codec:
            return codec.interpolate(*as_ends(first, second, codec.input_shape, steps), steps)

    def evaluate(self, *overrides: str | Mapping[str, Any], **settings: Any) -> "Evaluation":
        """Evaluate it on other data or under another corruption, recorded beneath the run.

        Args:
            overrides: of `aeexp evaluate`, as `aeexp.train` takes them; what they leave out is the run's own.
            settings: the same as keywords: `corruption="noise"`, `corruption__noise__std=0.2`.

        Raises:
            ConfigError, DataError: for what is wrong with the overrides or the data.
        """
        with self._command("evaluate", overrides, settings) as config:
            data = chosen_data(self.id, self.tracker.store, config.allow, config)
            with tensorflow_imported():
                from aeexp.api.evaluation import evaluate_config

                return evaluate_config(self.id, self.tracker, config, data)

    def resume(
        self, *overrides: str | Mapping[str, Any], epochs: int | None = None, quiet: bool = False, **settings: Any
    ) -> "Run":
        """Go on with the training to the last bit as if it had not ended, in the same run.

        Args:
            overrides: of `aeexp resume`, such as settings of the optimizer that change from here on.
            epochs: number of epochs in all; None takes what the run was to have.
            quiet: show no progress.

        Raises:
            ConfigError: where it has finished and is not to be trained for longer.
        """
        longer = {} if epochs is None else {"trainer.epochs": epochs}
        with self._command("resume", [*overrides, longer], settings) as config, tensorflow_imported():
            from aeexp.api.training import resume_config

            chosen_data(self.id, self.tracker.store, config.allow)
            resume_config(self.id, self.tracker, config, quiet=quiet)
        return replace(self)

    def explore(self, beside: "Run | None" = None, **settings: Any) -> "Explorer":
        """Its latent space as a page, served until `close()`; a notebook shows it.

        Args:
            beside: a second run, shown on the same images.
            settings: of `aeexp explore`, such as `map="tsne"`, `limit=1000`, `port=8051`.
        """
        second = {} if beside is None else {"beside": beside.id}
        with self._command("explore", [second], settings) as config, tensorflow_imported():
            from aeexp.api.exploring import explorer_of

            explorer = explorer_of(config, self.tracker)
        explorer.start()
        return explorer

    @contextmanager
    def _command(self, command: str, given: Sequence[str | Mapping[str, Any]], settings: Any) -> Iterator[DictConfig]:
        """The config of a command for this run."""
        overrides = Overrides.of([*self.words, *given], {**settings, "run": self.id})
        with composed(command, overrides.words) as config:
            config.allow = [*config.allow, *self.allow, *overrides.modules]
            self.tracker.open(to_write=command != "explore")
            yield config

    @contextmanager
    def _codec(self) -> Iterator["Codec"]:
        with tensorflow_imported():
            yield self._loaded_codec

    @cached_property
    def _loaded_codec(self) -> "Codec":
        from aeexp.inference.codec import Codec
        from aeexp.runtime.threads import use_threads

        use_threads(None)
        return Codec(self._saved.model())

    @cached_property
    def _saved(self) -> "LoadedRun":
        from aeexp.runs.loading import LoadedRun

        return LoadedRun.find(self.id, self.tracker.store, self.allow, unfinished=True)
