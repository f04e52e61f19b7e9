"""A recorded training, as a program or a notebook works with it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig, OmegaConf

from aeexp.api.html import run_as_html
from aeexp.api.listing import history_table
from aeexp.api.network import TrainedNetwork
from aeexp.api.numbers import whole
from aeexp.api.overrides import Overrides
from aeexp.config.composition import composed
from aeexp.errors import ConfigError
from aeexp.listing.details import changes_of
from aeexp.listing.row import Row
from aeexp.runs.chosen_data import chosen_data
from aeexp.runs.next_steps import STORE
from aeexp.runs.trust import stored_config
from aeexp.runtime.address import free_port
from aeexp.runtime.browser import page_path
from aeexp.runtime.tensorflow import tensorflow_imported
from aeexp.tracking.tracker import Tracker

if TYPE_CHECKING:
    import pandas as pd

    from aeexp.api.evaluation import Evaluation
    from aeexp.explorer.serving import Explorer


@dataclass(frozen=True, repr=False)
class Run(TrainedNetwork):
    """Run: a recorded training, with its metrics, figures and trained model.

    Args:
        words: the overrides that say where it is recorded.
    """

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
        return {key: value for key, (value, _) in changes_of(Row.from_run(self.info), {}).items()}

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
        longer = {} if epochs is None else {"trainer.epochs": whole("epochs", epochs, 1)}
        with self._command("resume", [*overrides, longer], settings) as config, tensorflow_imported():
            from aeexp.api.training import resume_config

            chosen_data(self.id, self.tracker.store, config.allow)
            resume_config(self.id, self.tracker, config, quiet=quiet, in_program=True)
        return replace(self)

    def explore(self, beside: "Run | str | None" = None, **settings: Any) -> "Explorer":
        """Its latent space as a page, served until `close()`; a notebook shows it, a script lets it `wait()`.

        Args:
            beside: a second run, shown on the same images.
            settings: of `aeexp explore`, such as `map="tsne"`, `limit=1000`, `split="train"`, `port=8051`; without a
                port, the first free one from 8050 is taken.

        Raises:
            ConfigError: for an address that nothing can listen at, and for what `aeexp explore` refuses.
        """
        with self._command("explore", [_beside(beside)], settings) as config:
            if config.static is not None:
                raise ConfigError("static: a page that needs no server is written by save_explorer(path).")
            config.port = free_port(config.host, config.port, several="port" not in settings)
            with tensorflow_imported():
                from aeexp.api.exploring import explorer_of

                explorer = explorer_of(config, self.tracker)
        explorer.start()
        return explorer

    def save_explorer(self, path: str | Path, beside: "Run | str | None" = None, **settings: Any) -> None:
        """Write its latent space as a page that needs no server, as `aeexp explore static=page.html` does.

        Raises:
            ConfigError: for a path that does not end in .html, and for what `aeexp explore` refuses.
            OutputError: if it cannot be written.
        """
        page = page_path(str(path))
        with self._command("explore", [_beside(beside)], settings) as config, tensorflow_imported():
            from aeexp.api.exploring import write_page

            write_page(config, self.tracker, page)

    @contextmanager
    def _command(self, command: str, given: Sequence[str | Mapping[str, Any]], settings: Any) -> Iterator[DictConfig]:
        """The config of a command for this run."""
        if "run" in settings:
            raise ConfigError(f"run: it is this run. Received run={settings['run']}; aeexp.load gives another one.")
        overrides = Overrides.of([*self.words, *given], {**settings, "run": self.id})
        with composed(command, overrides.words) as config:
            config.allow = [*config.allow, *self.allow, *overrides.modules]
            self.tracker.open(to_write=command != "explore")
            yield config


def _beside(run: Run | str | None) -> dict[str, str]:
    """The override for a second run."""
    return {} if run is None else {"beside": run.id if isinstance(run, Run) else str(run)}
