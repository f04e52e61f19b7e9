"""Trains the recipes of published figures and writes their table: published, ours, reached or not.

    python benchmarks/published.py                        all rows with three seeds; some hours on two cores
    python benchmarks/published.py --only linear_ae linear_vae
    python benchmarks/published.py --finished             trains nothing; writes the table of the rows that are trained

A run that has finished in the store is not trained again, so the script can be interrupted and restarted at any time.
The table is written between the marks in docs/published.md, with all rows that have been trained in the store.
"""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

from published_rows import Row, rows

import aeexp

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "published.md"
SEEDS = "seed=0,1,2"


def main() -> None:
    """Train the missing runs, then write the table of all finished ones."""
    options = _options()
    known, results = rows(), Results(options.store / "published.json")
    for name in () if options.finished else options.only or known:
        print(f"aeexp train -m {' '.join(known[name].words)} {SEEDS}", flush=True)
        results.add(name, *_measured(known[name], options.store))
    table = "\n".join(_table(known, results.read()))
    print(table)
    marks = re.compile(r"(<!-- published -->\n).*?(<!-- /published -->)", re.DOTALL)
    PAGE.write_text(marks.sub(lambda found: f"{found[1]}{table}\n{found[2]}", PAGE.read_text()))


@dataclass(frozen=True)
class Results:
    """Measured rows in a file of the store: the figure of each seed, and minutes of a training."""

    path: Path

    def add(self, row: str, values: list[float], minutes: float) -> None:
        """Keep what a row has given."""
        self.path.write_text(json.dumps({**self.read(), row: [values, minutes]}, indent=2))

    def read(self) -> dict[str, tuple[list[float], float]]:
        """What has been measured, by the names of the rows."""
        return json.loads(self.path.read_text()) if self.path.exists() else {}


def _measured(row: Row, store: Path) -> tuple[list[float], float]:
    """The figure of each seed and the mean minutes of a training; what the store has is not trained again."""
    given = {"home": str(store), "sweep.metric": "val/loss", "baseline": "none"}
    jobs = aeexp.sweep(*row.words, SEEDS, given, parallel=True).runs
    seconds = aeexp.runs(home=str(store))["seconds"]
    minutes = mean(seconds[seconds.index.isin(jobs["run"])]) / 60
    return [float(row.value(job)) for _, job in jobs.iterrows()], minutes


def _table(known: dict[str, Row], measured: dict[str, tuple[list[float], float]]) -> Iterator[str]:
    yield "| | figure | published | goal | ours | reached | minutes | differs |"
    yield "|---|---|---|---|---|---|---|---|"
    for name in (name for name in known if name in measured):
        row, (values, minutes) = known[name], measured[name]
        ours = f"{mean(values):.{row.digits}f} ± {stdev(values):.{row.digits}f}"
        reached = "yes" if row.reached(mean(values)) else "no"
        cells = (row.title, row.figure, row.published, row.goal, ours, reached, f"{minutes:.1f}", row.differs)
        yield f"| {' | '.join(cells)} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=rows(), help="rows of the table")
    parser.add_argument("--finished", action="store_true", help="train nothing; write the table of what is trained")
    parser.add_argument("--store", type=Path, default=ROOT / "mlruns", help="folder of the runs")
    return parser.parse_args()


if __name__ == "__main__":
    main()
