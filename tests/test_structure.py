"""Imports point one way."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "aeexp"
LAYERS = [
    {"errors", "types"},
    {"runtime", "config", "metrics", "losses", "contact_sheet", "mistakes"},
    {"models", "bottlenecks", "corruptions", "tracking"},
    {"datasets", "pairs", "acceleration"},
    {"evaluation", "inference", "encoding", "tiling", "picture_files", "prediction"},
    {"training", "baselines", "reports", "comparison"},
    {"runs", "provenance", "experiment", "saved_run", "transfer", "reproduction"},
    {"sweeps", "sweeping"},
    {"cli", "commands"},
    {"__main__"},
]
"""From the bottom to the top; each may import what is below it, and itself."""

DEPTH = {name: depth for depth, names in enumerate(LAYERS) for name in names}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.read_text())


def unit(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("aeexp."):
            modules.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            modules |= {name.name.split(".")[1] for name in node.names if name.name.startswith("aeexp.")}
    return modules - {unit(path)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_what_is_below(path):
    for other in imported(path):
        assert DEPTH[other] <= DEPTH[unit(path)], f"{unit(path)} imports {other}"


def test_every_unit_has_its_place():
    assert {unit(path) for path in FILES} - {"__init__"} <= set(DEPTH)
