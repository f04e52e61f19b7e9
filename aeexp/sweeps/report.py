"""The report of a sweep, written to its run in MLflow."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import numpy as np
from mlflow.exceptions import MlflowException

from aeexp.reports.style import Figure
from aeexp.runs.comparison_figure import draw_comparison
from aeexp.runtime.browser import show_page
from aeexp.runtime.notebook import in_notebook
from aeexp.sweeps.figures import ProbeArrays, comparison, latent_scatters, reconstruction_grid
from aeexp.sweeps.html import html_report
from aeexp.sweeps.leaderboard import leaderboard
from aeexp.sweeps.results import Results
from aeexp.sweeps.summary import headline, task_lines
from aeexp.sweeps.sweep_run import SweepRun
from aeexp.tracking.artifacts import FigureArtifact
from aeexp.tracking.mlflow.relocation import local_path
from aeexp.tracking.mlflow.run import readable_location

FOLDER = "report"
PAGE = "index.html"
TABLE = "tables/leaderboard.json"


def show_report(
    sweep_run: SweepRun,
    metric: str,
    mode: str | None,
    key: str = "mode",
    *,
    formats: tuple[str, ...] = ("png",),
    opened: bool = False,
) -> None:
    """Compare all finished jobs of a sweep by a metric; the headline goes to the terminal as well.

    Args:
        mode: whether its `min` or `max` is the best; None takes its own direction.
        key: that the mode was given by, for messages.
        formats: of the files of the figures.
        opened: whether to open the page in the browser.

    Raises:
        RunNotFoundError: if no job has finished.
        ConfigError: if the jobs have no such metric.
    """
    results = Results.from_run(sweep_run, metric, mode, key)
    figures = {name: FigureArtifact(name, figure) for name, figure in _figures(results, sweep_run).items()}
    table = leaderboard(results)
    client, parent = sweep_run.client, sweep_run.parent
    client.log_text(parent, table.to_csv(index=False), f"{FOLDER}/leaderboard.csv")
    client.log_text(parent, results.runs.to_csv(index=False), f"{FOLDER}/runs.csv")
    client.log_text(parent, table.to_json(orient="split", index=False), TABLE)
    _write_figures(sweep_run, figures.values(), formats)
    del figures["comparison"]  # the page has an interactive one
    pictures = {name: figure.render() for name, figure in figures.items()}
    page = html_report(results, pictures, _links(sweep_run), sweep_run.command)
    client.log_text(parent, page, f"{FOLDER}/{PAGE}")
    summary = "\n".join([headline(results), *(f"  {line}" for line in task_lines(results)), *results.notes])
    table_tag = json.dumps([{"path": TABLE, "type": "table"}])  # as `log_table` sets it, which can only append
    sweep_run.write_tags({"mlflow.note.content": summary, "mlflow.loggedArtifacts": table_tag})
    if in_notebook():
        return  # which shows what `aeexp.sweep` returns
    print(summary, flush=True)
    show_page("report", f"{location(sweep_run)}/{PAGE}", opened=opened)


def _write_figures(sweep_run: SweepRun, figures: Iterable[FigureArtifact], formats: tuple[str, ...]) -> None:
    with TemporaryDirectory() as folder:
        for figure in figures:
            for kind in formats:
                Path(folder, f"{figure.name}.{kind}").write_bytes(figure.render(kind))
        sweep_run.client.log_artifacts(sweep_run.parent, folder, FOLDER)


def location(sweep_run: SweepRun) -> str:
    """The folder of the report, as a path or URI."""
    return f"{readable_location(sweep_run.client.get_run(sweep_run.parent).info.artifact_uri)}/{FOLDER}"


def _links(sweep_run: SweepRun) -> dict[str, str]:
    """The pages of the jobs by their ids, relative to that of the sweep; none where they are on a server."""
    here = local_path(sweep_run.client.get_run(sweep_run.parent).info.artifact_uri)
    folders = {run.info.run_id: local_path(run.info.artifact_uri) for run in sweep_run.children()}
    pages = {run: folder / FOLDER / PAGE for run, folder in folders.items() if folder}
    return {run: quote(os.path.relpath(page, here / FOLDER)) for run, page in pages.items() if here and page.exists()}


def _figures(results: Results, sweep_run: SweepRun) -> dict[str, Figure]:
    arrays = _probe_arrays(results, sweep_run)
    figures = {"comparison": comparison(results)}
    if results.has_spread:
        figures["intervals"] = draw_comparison(results.compared, results.metric)
    if with_probes := {run: each for run, each in arrays.items() if len(each["inputs"])}:
        figures["reconstructions"] = reconstruction_grid(results, with_probes)
    if arrays:
        figures["latents"] = latent_scatters(results, arrays)
    return figures


def _probe_arrays(results: Results, sweep_run: SweepRun) -> ProbeArrays:
    """The probe arrays of the runs that have the report `probe_arrays`."""
    found: ProbeArrays = {}
    with TemporaryDirectory() as folder:
        for run in results.runs["run"]:
            own = Path(folder) / run
            own.mkdir()
            try:
                path = sweep_run.client.download_artifacts(run, "arrays/probe_arrays.npz", str(own))
            except (OSError, MlflowException):  # it was run without that report
                continue
            with np.load(path, allow_pickle=False) as arrays:
                found[run] = dict(arrays)
    return found
