"""The HTML report of a sweep: interactive charts on one page that needs no network."""

import base64
import html
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aeexp.sweeps.results import GAIN_PSNR, Results
from aeexp.sweeps.summary import headline, mean_and_std, task_lines
from aeexp.sweeps.tasks import REPETITIONS

STYLE = "body{font:15px sans-serif;margin:2em auto;max-width:1200px;color:#222} img{max-width:100%} \
.wide{overflow-x:auto} table{border-collapse:collapse} td,th{padding:.25em .8em;border-bottom:1px solid #ddd} \
td,th{text-align:right} pre{white-space:pre-wrap;background:#f4f4f4;padding:.6em}"


def html_report(
    results: Results, pictures: Mapping[str, bytes], links: Mapping[str, str] = MappingProxyType({}), command: str = ""
) -> str:
    """One HTML document: the headline, the metric over the axes, the leaderboard, all runs, and the figures.

    Args:
        pictures: PNG files by their titles.
        links: addresses of the pages of runs, by their ids.
        command: of the sweep.
    """
    charts = [_over_axes(results), _all_runs(results)]
    divs = [chart.to_html(full_html=False, include_plotlyjs=number == 0) for number, chart in enumerate(charts)]
    images = [f"<h2>{html.escape(title)}</h2><img src='{_data_url(png)}'>" for title, png in pictures.items()]
    return "\n".join(
        [
            f"<!doctype html><html><head><meta charset='utf-8'><title>Sweep</title><style>{STYLE}</style></head><body>",
            f"<h1>{html.escape(headline(results))}</h1>",
            "".join(f"<p>{html.escape(line)}</p>" for line in (*task_lines(results), *results.notes)),
            f"<pre>{html.escape(command)}</pre>" if command else "",
            divs[0],
            f"<h2>Leaderboard</h2><div class='wide'>{_leaderboard(results, links)}</div>",
            f"<h2>All runs</h2>{divs[1]}",
            *images,
            "</body></html>",
        ]
    )


def _over_axes(results: Results) -> go.Figure:
    if len(results.axes) == 2:
        return _heat_map(results)
    points = results.points.sort_values(list(results.axes))
    names = [results.name(point) for point in points.to_dict("records")]
    positions = points[results.axes[0]].astype(str) if len(results.axes) == 1 else names
    figure = go.Figure(
        go.Scatter(
            x=positions,
            y=points["mean"],
            error_y={"array": points["std"].fillna(0)},
            mode="lines+markers" if len(results.axes) == 1 else "markers",
            text=[
                f"{name}<br>{mean_and_std(point)}" for name, point in zip(names, points.to_dict("records"), strict=True)
            ],
            hoverinfo="text",
        )
    )
    xlabel = results.labels[0] if len(results.axes) == 1 else ""
    return figure.update_layout(xaxis_title=xlabel, yaxis_title=results.metric, xaxis_type="category", height=480)


def _heat_map(results: Results) -> go.Figure:
    row_axis, column_axis = results.axes
    table = results.points.pivot(index=row_axis, columns=column_axis, values="mean")
    texts = results.points.assign(text=[mean_and_std(point) for point in results.ranked])
    figure = go.Figure(
        go.Heatmap(
            z=table.to_numpy(),
            x=[str(value) for value in table.columns],
            y=[str(value) for value in table.index],
            text=texts.pivot(index=row_axis, columns=column_axis, values="text").to_numpy(),
            texttemplate="%{text}",
            colorscale="Viridis",
            reversescale=results.mode == "min",
            colorbar_title=results.metric,
            hovertemplate=f"{results.labels[0]}=%{{y}}<br>{results.labels[1]}=%{{x}}<br>%{{text}}<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed", type="category", title=results.labels[0])
    return figure.update_xaxes(type="category", title=results.labels[1]).update_layout(height=480)


def _all_runs(results: Results) -> go.Figure:
    """Parallel coordinates: a line per run, from its swept values to its metric."""
    swept = [*results.axes, *(axis for axis in REPETITIONS if axis in results.runs and axis not in results.axes)]
    dimensions = [
        {
            "label": axis.rpartition(".")[2],
            "values": results.runs[axis].cat.codes,
            "tickvals": list(range(len(results.values(axis)))),
            "ticktext": [str(value) for value in results.values(axis)],
        }
        for axis in swept
    ]
    values = results.runs[results.metric]
    line = {"color": values, "colorscale": "Viridis", "reversescale": results.mode == "min", "showscale": True}
    return go.Figure(go.Parcoords(line=line, dimensions=[*dimensions, {"label": results.metric, "values": values}]))


def _leaderboard(results: Results, links: Mapping[str, str]) -> str:
    """The points with links to the pages of their runs; the best of each task is bold."""
    table = leaderboard(results)
    cells = pd.DataFrame({html.escape(str(name)): table[name].astype(object).map(_cell) for name in table})
    cells["pages of the runs"] = [" ".join(_link(run, links) for run in results.jobs(each)) for each in results.ranked]
    if results.points["rank"].max() > 1:
        best = results.points["rank"] == 1
        cells[best] = cells[best].map("<b>{}</b>".format)
    return str(cells.to_html(index=False, border=0, escape=False))


def _cell(value: Any) -> str:
    is_number = isinstance(value, float)
    return "" if is_number and math.isnan(value) else html.escape(f"{value:.5g}" if is_number else str(value))


def _link(run: str, links: Mapping[str, str]) -> str:
    return f"<a href='{html.escape(links[run])}'>{run[:8]}</a>" if run in links else run[:8]


def leaderboard(results: Results) -> pd.DataFrame:
    """The points, the best first, with readable column names."""
    labels = dict(zip(results.axes, results.labels, strict=True))
    names = {
        "mean": results.metric,
        "std": "± over seeds",
        "gap": "behind the best",
        "test": results.test_metric,
        "baseline": "best baseline",
    }
    left_out = [*(["gain"] if results.metric == GAIN_PSNR else []), *(["gap"] if results.has_spread else [])]
    points = results.points.drop(columns=left_out, errors="ignore")
    named = points.rename(columns={**labels, **names, "gain": GAIN_PSNR})
    return named.assign(**_interval_columns(results)) if results.has_spread else named


def _interval_columns(results: Results) -> dict[str, list[Any]]:
    rows = results.compared
    differences = [row.difference for row in rows]
    return {
        "95 % low": [row.interval.low for row in rows],
        "95 % high": [row.interval.high for row in rows],
        "difference to the best": [None if each is None else each.mean for each in differences],
        "its 95 % low": [None if each is None else each.low for each in differences],
        "its 95 % high": [None if each is None else each.high for each in differences],
        "p (Holm)": [row.p_value for row in rows],
        "tied": ["tied" if row.tied and row.difference else "" for row in rows],
    }


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()
