"""`aeexp show`: one run or sweep in all that matters of it. Loads MLflow for a server or a registered name only."""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from omegaconf import DictConfig

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError, RunNotFoundError, TrackingError
from aeexp.listing.details import Details, Epochs, changes_of
from aeexp.listing.details_text import details_record, details_text
from aeexp.listing.export import to_json
from aeexp.listing.folding import folded
from aeexp.listing.row import EVALUATION, SWEEP, Row
from aeexp.listing.table import terminal_width, write
from aeexp.listing.winner import Sweep
from aeexp.runs.trust import parse_config
from aeexp.tracking.mlflow.files import CONFIG, TRACEBACK, RunFiles
from aeexp.tracking.mlflow.reading import find_registered, read_history, read_runs
from aeexp.tracking.selectors import best_first, find_among
from aeexp.tracking.store import RunInfo

FORMATS = ("text", "json")
LOG = logging.getLogger(__name__)


def run(config: DictConfig) -> None:
    """Show the run that the selector means.

    Raises:
        ConfigError: for another format.
        RunNotFoundError: where there is no such run.
    """
    if config.format not in FORMATS:
        raise ConfigError(
            f"format: no such format: {config.format}.{did_you_mean(str(config.format), FORMATS)} Choose from "
            f"{', '.join(FORMATS)}."
        )
    runs = read_runs(config.tracking)
    details = _details(_find(runs, config), runs, config.tracking)
    write(to_json(details_record(details)) if config.format == "json" else details_text(details, terminal_width()))


def _find(runs: Sequence[RunInfo], config: DictConfig) -> RunInfo:
    """The run by its id or as `latest` or `best:…`; or that of a registered model, which MLflow is asked for."""
    try:
        return find_among(runs, config.run, unfinished=True)
    except RunNotFoundError:
        if config.run.isalnum() or ":" in config.run:
            raise
    found = find_registered(config.tracking, config.run)
    return next(each for each in runs if each.id == found)


def _details(run: RunInfo, runs: Sequence[RunInfo], tracking: DictConfig) -> Details:
    rows = {each.id: Row.from_run(each) for each in runs}
    row = next(each for block in folded(list(rows.values()), expand=True) for each in block if each.id == run.id)
    files = RunFiles(tracking, run)
    return Details(
        row=row,
        changed=changes_of(row, _config(files, run.id)),
        epochs=Epochs.from_history(read_history(tracking, run.id), row),
        folder=files.folder,
        files=files.names(),
        failure=_last_line(files.text(TRACEBACK)) if row.state == "failed" else "",
        below=_below(row, runs, rows),
    )


def _below(row: Row, runs: Sequence[RunInfo], rows: dict[str, Row]) -> list[Row]:
    """The jobs of a sweep, the best first, or what was made of a training, the newest first."""
    below = [each for each in runs if rows[each.id].parent == row.id]
    if row.kind == SWEEP:
        below = best_first(below, Sweep(row, []).metric)
        return [rows[each.id] for each in below if rows[each.id].kind != EVALUATION]
    return [rows[each.id] for each in below]


def _config(files: RunFiles, run_id: str) -> Mapping[str, Any]:
    """The stored config of a training; nothing where there is none, or none that can be read."""
    text = files.text(CONFIG)
    try:
        return parse_config(text, run_id) if text else {}
    except TrackingError as error:
        LOG.warning("%s", error)
        return {}


def _last_line(text: str) -> str:
    """The message that a traceback ends with."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return re.sub(r"^[\w.]+\.(?=\w+(:|$))", "", lines[-1]) if lines else ""
