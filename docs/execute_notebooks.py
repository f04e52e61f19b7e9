"""Execute the notebooks of `notebooks/` into `docs/notebooks/`: python docs/execute_notebooks.py [1_lecture …]

The environment variable AEEXP_NOTEBOOK chooses the settings: short (the default), full, or test. Runs are recorded in a
temporary folder, or in that which AEEXP_HOME names.
"""

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import jupytext
import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
SECONDS = None if os.environ.get("AEEXP_NOTEBOOK") == "full" else 1200
"""That a cell may take."""

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def executed(path: Path) -> nbformat.NotebookNode:
    """A notebook with the outputs of its cells; an error in a cell is raised."""
    notebook = jupytext.read(path)
    notebook.metadata["kernelspec"] = KERNEL
    client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(path.parent)}})
    return client.execute()


def main(names: list[str]) -> None:
    """Execute the notebooks of some names, or all."""
    target = ROOT / "docs" / "notebooks"
    target.mkdir(exist_ok=True)
    with TemporaryDirectory() as home:
        os.environ.setdefault("AEEXP_HOME", home)
        for path in NOTEBOOKS:
            if not names or path.stem in names:
                begin = time.monotonic()
                nbformat.write(executed(path), target / f"{path.stem}.ipynb")
                print(f"{path.stem}: {time.monotonic() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
