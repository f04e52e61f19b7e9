"""Imports point one way, and the package is as small as its rooms allow."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "aeexp"
LAYERS = [
    {"errors", "types", "lazy"},
    {"runtime"},
    {"config", "metrics", "losses"},
    {"models", "corruptions", "augmentations", "tracking"},
    {"datasets"},
    {"evaluation", "inference"},
    {"training", "baselines", "reports"},
    {"runs"},
    {"sweeps"},
    {"listing", "explorer"},
    {"api"},
    {"cli", "sklearn"},
    {"__main__", "__init__"},
]
"""From the bottom to the top; each unit may import what is below its layer, and itself."""

DEPTH = {name: depth for depth, names in enumerate(LAYERS) for name in names}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.read_text())


def unit(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The other units that a file imports, wherever in it, for types alone too."""
    modules = {module for node in ast.walk(ast.parse(path.read_text())) for module in modules_of(node)}
    return {module.split(".")[1] for module in modules if module.startswith("aeexp.")} - {unit(path)}


def modules_of(node: ast.AST) -> Iterator[str]:
    """The modules that a statement imports; what it takes from a package may be one of its modules."""
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative import"
        yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_only_what_is_below(path):
    for other in imported(path):
        assert DEPTH[other] < DEPTH[unit(path)], f"{unit(path)} imports {other}"


def test_every_unit_has_its_place():
    units = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert units - {"__pycache__", "py.typed"} == set(DEPTH)
    assert len(DEPTH) <= 26


@pytest.mark.parametrize(
    "statement", ["from aeexp import runs", "import aeexp.runs.loading", "from aeexp.runs import x"]
)
def test_every_form_of_import_is_seen(statement, tmp_path):
    modules = {module.split(".")[1] for node in ast.walk(ast.parse(statement)) for module in modules_of(node)}
    assert modules == {"runs"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_are_short(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 40, f"{node.name} is longer than 40 lines"
