"""Table of a run's metrics, and the sentence that sums them up, for its page and the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass

from aeexp.metrics.interval_names import HIGH, LOW, is_interval_end
from aeexp.metrics.rounding import interval_text

BASELINE = "baseline/"
COLUMNS = {"training": "train/", "validation": "val/", "test": "test/"}
"""What metrics were measured of, by the beginning of their names."""

WEIGHTED_TERM = "loss_"
"""Beginning of the terms of the loss with their weights; each has a row without its weight already."""


@dataclass(frozen=True)
class MetricTable:
    """Metrics of a run: a row for each metric, a column for what it was measured of; empty where it was not."""

    columns: list[str]
    rows: dict[str, list[str]]

    @classmethod
    def from_metrics(cls, metrics: Mapping[str, float]) -> "MetricTable":
        """The table of metrics such as `val/psnr`, with those of the best baseline alone.

        Validation and test are one column where the images are the same.
        """
        found = {column: _of(metrics, prefix) for column, prefix in COLUMNS.items()}
        tested = {name: f"{metrics[f'test/{name}']:.4g}" for name in found["test"]}
        if tested and tested.items() <= found["validation"].items():
            found["validation = test"] = found.pop("validation") | found.pop("test")
        found["95 % interval"] = intervals(metrics, COLUMNS["test"])
        if (best := best_baseline(metrics)) is not None:
            found[f"baseline: {in_words(best)}"] = _of(metrics, f"{BASELINE}{best}/")
        columns = [column for column in found if found[column]]
        names = dict.fromkeys(name for column in columns for name in found[column])
        return cls(columns, {in_words(name): [found[column].get(name, "") for column in columns] for name in names})


def latent_summary(metrics: Mapping[str, float]) -> str:
    """What the reports measured of the latent codes, in a line; empty where they measured nothing."""
    values = [f"{in_words(name)} {value}" for name, value in _of(metrics, "latent/").items()]
    return f"Latent codes: {', '.join(values)}." if values else ""


def best_baseline(metrics: Mapping[str, float]) -> str | None:
    """The name of the baseline with the highest PSNR; None without baselines."""
    scores = {
        name.split("/")[1]: value
        for name, value in metrics.items()
        if name.startswith(BASELINE) and name.endswith("/psnr")
    }
    return max(scores, key=scores.__getitem__, default=None)


def headline(metrics: Mapping[str, float]) -> str:
    """How good the restorations of the test images are, in a sentence; empty where there is no PSNR."""
    if "test/psnr" not in metrics:
        return ""
    sentence = f"PSNR of the test images: {metrics['test/psnr']:.2f} dB"
    if (best := best_baseline(metrics)) is None or "gain/psnr" not in metrics:
        return f"{sentence}."
    gain = metrics["gain/psnr"]
    low, high = metrics.get(f"gain/psnr{LOW}"), metrics.get(f"gain/psnr{HIGH}")
    interval = "" if low is None or high is None else f"; 95 % interval over the images: {low:.2f} to {high:.2f}"
    side = "above" if gain >= 0 else "below"
    return f"{sentence}, {abs(gain):.2f} dB {side} the best baseline ({in_words(best)}){interval}."


def _of(metrics: Mapping[str, float], prefix: str) -> dict[str, str]:
    named = {name.removeprefix(prefix): value for name, value in metrics.items() if name.startswith(prefix)}
    shown = [name for name in named if not name.startswith(WEIGHTED_TERM) and not is_interval_end(name)]
    return {name: f"{named[name]:.4g}" for name in shown}


def intervals(metrics: Mapping[str, float], prefix: str) -> dict[str, str]:
    """The intervals over the images, such as `20.05 to 20.15`."""
    ends = {name: (metrics[name], metrics.get(name.removesuffix(LOW) + HIGH)) for name in metrics if name.endswith(LOW)}
    return {
        name.removeprefix(prefix).removesuffix(LOW): interval_text(low, high)
        for name, (low, high) in ends.items()
        if name.startswith(prefix) and high is not None
    }


def in_words(name: str) -> str:
    """The name of a metric or a baseline, as a table shows it."""
    return name.replace("_", " ")
