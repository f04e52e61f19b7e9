"""Pages of the notebooks that were executed, as Markdown; none where there are none."""

from pathlib import Path

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"

LOGGED = "stderr"
"""The output that is left out: what libraries log."""


def notebook_pages(folder: Path = NOTEBOOKS) -> dict[str, str | bytes]:
    """The Markdown of each page, and the pictures on them, by their paths."""
    pages: dict[str, str | bytes] = {}
    for path in sorted(folder.glob("*.ipynb")):
        import nbformat
        from nbconvert import MarkdownExporter  # takes a second, which a site without notebooks does not need
        from nbconvert.filters import strip_ansi

        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [output for output in cell.outputs if output.get("name") != LOGGED]
        names = {"unique_key": path.stem, "output_files_dir": f"{path.stem}_files"}
        body, resources = MarkdownExporter().from_notebook_node(notebook, resources=names)
        pages[f"notebooks/{path.stem}.md"] = strip_ansi(body)
        pages |= {f"notebooks/{name}": data for name, data in resources["outputs"].items()}
    return pages
