"""Content of the explorer's page: what it is told once about the runs, their images and their codes."""

import base64
from typing import Any

import numpy as np

from aeexp.explorer.exploration import STEPS, Exploration
from aeexp.reports.style import PALETTE

WEAKEST, STRONGEST = 0.0, 2.0
"""Ends of the slider of a strength, as multiples of that in training."""

SLIDER_STEPS = 100


def about(exploration: Exploration) -> dict[str, Any]:
    """All that the page needs before anything is asked, as plain values; arrays as base64 of float32."""
    first, count = exploration.first, len(exploration.codes)
    directions = exploration.directions
    labels = None if first.labels is None else first.labels[:count].tolist()
    return {
        "runs": [{"id": run.id[:8], "name": run.name} for run in exploration.runs],
        "data": first.source.description,
        "count": count,
        "target_shape": list(first.targets.shape[1:]),
        "input_shape": list(first.inputs.shape[1:]),
        "places": encoded(exploration.map.places),
        "map": exploration.map.label,
        "labels": labels,
        "class_names": list(first.class_names),
        "palette": list(PALETTE),
        "errors": [encoded(errors) for errors in exploration.errors],
        "steps": STEPS,
        "directions": [
            {"name": name, "note": note, "low": float(low), "high": float(high)}
            for name, note, low, high in zip(
                directions.names, directions.notes, directions.low, directions.high, strict=True
            )
        ],
        "coordinates": encoded(directions.coordinates(exploration.codes)),
        "strengths": [_slider(exploration, name) for name in exploration.corruption.strengths],
    }


def _slider(exploration: Exploration, name: str) -> dict[str, Any]:
    """The slider of a strength: around that of the training, within what the corruption accepts."""
    value, (least, most) = exploration.corruption.strengths[name], exploration.corruption.bounds[name]
    low, high = max(least, WEAKEST * value), min(most, STRONGEST * value or 1.0)
    step = 1 if isinstance(value, int) else (high - low) / SLIDER_STEPS
    return {"name": name, "value": value, "low": low, "high": high, "step": step}


def encoded(array: np.ndarray) -> str:
    """The bytes of an array as float32, little-endian, in base64."""
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
