"""The notebooks run from their first to their last cell, and draw what they speak of."""

import pytest

from aeexp.config.paths import CONF

PICTURES = {
    "1_lecture": 12,
    "2_your_own_pictures": 5,
    "3_sweeps": 5,
    "4_latent_spaces": 8,
    "5_your_own_components": 4,
}
"""Cells of each notebook that show a picture."""

FOLDER = CONF.parent / "notebooks"


def has_picture(output) -> bool:
    data = output.get("data", {})
    return "image/png" in data or "src='data:image/png" in data.get("text/html", "")


def test_each_notebook_is_tested():
    assert {path.stem for path in FOLDER.glob("*.py")} == set(PICTURES)


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_notebook_runs_and_draws_its_pictures(name, tmp_path, monkeypatch):
    from docs.execute_notebooks import executed

    monkeypatch.setenv("AEEXP_NOTEBOOK", "test")
    monkeypatch.setenv("AEEXP_HOME", str(tmp_path / "runs"))
    cells = [cell for cell in executed(FOLDER / f"{name}.py").cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    assert sum(any(map(has_picture, cell.outputs)) for cell in cells) >= PICTURES[name]
    assert not [output for cell in cells for output in cell.outputs if output.get("name") == "stderr"]
