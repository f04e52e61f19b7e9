"""What a sweep has to show, written onto its parent run."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from matplotlib.figure import Figure
from mlflow.exceptions import MlflowException

from aeexp.sweeps.figures import Kept, comparison, scatters, sheet
from aeexp.sweeps.html import leaderboard, page
from aeexp.sweeps.results import Results
from aeexp.sweeps.sweep_run import SweepRun
from aeexp.tracking.mlflow.run import readable_location

FOLDER = "report"
TABLE = "tables/leaderboard.json"


def show_report(record: SweepRun, metric: str, mode: str) -> None:
    """Compare all finished jobs of a sweep, on its run and on the terminal.

    Raises:
        AeexpError: where no job has finished, or none has the metric.
    """
    results = Results.of(record, metric, mode)
    pictures = _pictures(results, record)
    table = leaderboard(results)
    client, parent = record.client, record.parent
    client.log_text(parent, table.to_csv(index=False), f"{FOLDER}/leaderboard.csv")
    client.log_text(parent, results.runs.to_csv(index=False), f"{FOLDER}/runs.csv")
    client.log_text(parent, table.to_json(orient="split", index=False), TABLE)
    for name, figure in pictures.items():
        client.log_figure(parent, figure, f"{FOLDER}/{name}.png")
    del pictures["comparison"]  # the page has one to hover over
    client.log_text(parent, page(results, pictures), f"{FOLDER}/index.html")
    shown_as_table = json.dumps([{"path": TABLE, "type": "table"}])  # as log_table does, which can only append
    record.write_tags({"mlflow.note.content": results.headline, "mlflow.loggedArtifacts": shown_as_table})
    print(results.headline, f"report  {location(record)}", sep="\n", flush=True)


def location(record: SweepRun) -> str:
    """Where the files of the report are."""
    return f"{readable_location(record.client.get_run(record.parent).info.artifact_uri)}/{FOLDER}"


def _pictures(results: Results, record: SweepRun) -> dict[str, Figure]:
    kept = _kept(results, record)
    pictures = {"comparison": comparison(results)}
    if kept:
        pictures |= {"reconstructions": sheet(results, kept), "latents": scatters(results, kept)}
    return pictures


def _kept(results: Results, record: SweepRun) -> Kept:
    """The arrays of the runs that keep any."""
    kept: Kept = {}
    with TemporaryDirectory() as folder:
        for run in results.runs["run"]:
            own = Path(folder) / run
            own.mkdir()
            try:
                path = record.client.download_artifacts(run, "arrays/probe_arrays.npz", str(own))
            except (OSError, MlflowException):  # it was run without that report
                continue
            with np.load(path, allow_pickle=False) as arrays:
                kept[run] = dict(arrays)
    return kept
