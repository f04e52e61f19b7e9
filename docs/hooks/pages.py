"""Pages of the site that are made of the package rather than of a file in `docs`, and their places in it."""

from typing import Any

from api_pages import directives
from command_pages import command_pages
from config_pages import config_pages
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from notebook_pages import notebook_pages
from repository_links import PAGES, ROOT, for_the_site


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    made = _pages()
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    written = [file.src_uri for file in files.documentation_pages() if file.src_uri not in made]
    config.nav = _filled(config.nav, list(made), [page for page in written if f"'{page}'" not in str(config.nav)])
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Change the links that GitHub resolves outside `docs`, and fill the pages on the Python API."""
    path = page.file.src_uri
    sources = {made: source for source, made in PAGES.items()}
    return for_the_site(markdown, sources.get(path, f"docs/{path}")) + directives(path)


def _pages() -> dict[str, str | bytes]:
    outside = {page: (ROOT / source).read_text() for source, page in PAGES.items()}
    return outside | notebook_pages() | command_pages() | config_pages()


def _filled(node: Any, made: list[str], rest: list[str]) -> Any:
    """The navigation with each folder, such as `config/`, replaced by its generated pages, and `*` by the rest."""
    if isinstance(node, dict):
        return {title: _filled(below, made, rest) for title, below in node.items()}
    if isinstance(node, list):
        filled = [(each, _filled(each, made, rest)) for each in node]
        return [entry for each, new in filled for entry in (new if _is_many(each) else [new])]
    if node == "*":
        return rest
    return [page for page in made if page.startswith(node) and page.endswith(".md")] if _is_many(node) else node


def _is_many(node: Any) -> bool:
    return isinstance(node, str) and node.endswith(("/", "*"))
