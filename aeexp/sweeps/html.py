"""The HTML report of a sweep: interactive charts on one page that needs no network."""

import base64
import html
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aeexp.sweeps.leaderboard import shown_rows
from aeexp.sweeps.results import Results
from aeexp.sweeps.summary import headline, mean_and_std, task_lines
from aeexp.sweeps.tasks import REPETITIONS

STYLE = "body{font:15px sans-serif;margin:2em auto;max-width:1240px;color:#222} img{max-width:100%} \
.wide{overflow-x:auto} table{border-collapse:collapse} td,th{padding:.25em .6em;border-bottom:1px solid #ddd} \
table{font-size:14px} td,th{text-align:right} th{vertical-align:bottom} \
pre{white-space:pre-wrap;background:#f4f4f4;padding:.6em}"

LAYOUT: dict[str, Any] = {"height": 440, "margin": {"t": 40, "b": 60}}
"""Of the charts."""


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
    images = [
        f"<h2>{html.escape(title.capitalize())}</h2><img src='{_data_url(png)}'>" for title, png in pictures.items()
    ]
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
    return figure.update_layout(xaxis_title=xlabel, yaxis_title=results.metric, xaxis_type="category", **LAYOUT)


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
    return figure.update_xaxes(type="category", title=results.labels[1]).update_layout(**LAYOUT)


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
    chart = go.Parcoords(line=line, dimensions=[*dimensions, {"label": results.metric, "values": values}])
    return go.Figure(chart).update_layout(height=LAYOUT["height"], margin={"t": 60, "b": 40})


def _leaderboard(results: Results, links: Mapping[str, str]) -> str:
    """The points with links to the pages of their runs; the best of each task is bold."""
    rows = [
        {html.escape(name): html.escape(text) for name, text in row.items()}
        | {"runs": " ".join(_link(run, links) for run in results.jobs(point))}
        for point, row in zip(results.ranked, shown_rows(results), strict=True)
    ]
    cells = pd.DataFrame(rows).fillna("")
    if results.points["rank"].max() > 1:
        best = results.points["rank"] == 1
        cells[best] = cells[best].map("<b>{}</b>".format)
    return str(cells.to_html(index=False, border=0, escape=False))


def _link(run: str, links: Mapping[str, str]) -> str:
    return f"<a href='{html.escape(links[run])}'>{run[:8]}</a>" if run in links else run[:8]


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()
