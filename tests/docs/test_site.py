"""The site of the documentation: built strictly, whole, and without the network."""

import ast
import re
from base64 import b64encode
from html import unescape
from pathlib import Path

import pytest

import aeexp
from aeexp.cli.main import COMMANDS
from aeexp.config.described_options import all_groups, described_options
from aeexp.config.options import options

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / "docs" / "hooks"
GROUPS = all_groups()

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\[[^\]]*\]\((?!\w+:)([^)#\s]+)")


@pytest.fixture(autouse=True)
def _hooks(monkeypatch):
    """The modules that mkdocs calls, as it imports them."""
    monkeypatch.syspath_prepend(HOOKS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_work_on_github(document):
    """And in a checkout."""
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_a_key_has_its_value_and_comment(tmp_path):
    from aeexp.config.yaml_keys import ConfigFile, Key

    path = tmp_path / "option.yaml"
    path.write_text(
        "# @package _global_\n# An option.\n# Of two sentences.\n"
        "defaults:\n  - override /loss@_global_.loss: [bce, kl]   # no key\n  - split: default\n"
        "_target_: aeexp.some.Thing\n"
        "a:\n  b: null   # first\n         # second\n  # above\n  c: [1, 2]\n"
        "d:   # of a block\n  - x\n  - y\n"
        "e: '# no comment'\n"
        "f: {}\n"
        "hydra: {job: 1}\n"
    )
    file = ConfigFile(path)
    assert file.head == ["An option.", "Of two sentences."]
    assert file.target == "aeexp.some.Thing"
    assert file.is_global
    assert file.parts == [("loss", ["bce", "kl"]), ("split", ["default"])]
    assert file.keys == [
        Key("a.b", "null", "first second"),
        Key("a.c", "[1, 2]", "above"),
        Key("d", "[x, y]", "of a block"),
        Key("e", "'# no comment'", ""),
        Key("f", "{}", ""),
    ]


def test_the_page_of_a_group_has_every_option():
    from config_pages import config_pages, page

    pages = config_pages()
    shown = {group: re.findall(r"^## (\S+) ", pages[page(group)], re.MULTILINE) for group in GROUPS}
    assert shown == {group: list(options(group)) for group in GROUPS}


def test_every_public_name_has_a_page():
    from api_pages import HEADINGS, PAGES, directives

    text = "\n".join(map(directives, PAGES))
    shown = re.findall(r"heading: aeexp\.(\w+)", text)
    errors = {name for name, module in aeexp._MODULES.items() if module == "aeexp.errors"}
    assert {*shown, *errors} == {*aeexp._MODULES}
    assert len(shown) == len(set(shown))
    assert set(HEADINGS) < {kind for kinds in PAGES.values() for kind in kinds}


def test_the_python_of_the_pages_has_names_that_exist():
    """That is, of the package, and of what its calls give."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "python.md").read_text(), re.DOTALL))
    owners = {"aeexp": aeexp, "run": aeexp.Run, "result": aeexp.SweepResult, "evaluation": aeexp.Evaluation}
    owners |= {"comparison": aeexp.Comparison}
    used = [
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    ]
    assert len(used) > 15
    known = {name: {*dir(owner), *getattr(owner, "__dataclass_fields__", ())} for name, owner in owners.items()}
    assert [(name, attribute) for name, attribute in used if attribute not in known[name]] == []


@pytest.mark.parametrize(
    ("source", "given", "expected"),
    [
        ("README.md", "[a](docs/speed.md)", "[a](speed.md)"),
        ("README.md", "![a](docs/vae.png)", "![a](vae.png)"),
        ("README.md", "[a](CONTRIBUTING.md#b)", "[a](contributing.md#b)"),
        ("README.md", "[a](aeexp/errors.py)", "a"),
        ("docs/speed.md", "[a](../benchmarks)", "a"),
        ("docs/api/calls.md", "[a](../python.md)", "[a](../python.md)"),
        ("docs/api/calls.md", "[a](../../README.md)", "[a](../start.md)"),
        ("docs/speed.md", "[a](https://keras.io)", "[a](https://keras.io)"),
        ("docs/speed.md", "[a](#there)", "[a](#there)"),
    ],
)
def test_links_of_github_become_links_of_the_site(source, given, expected):
    from repository_links import for_the_site

    assert for_the_site(given, source) == expected


def test_the_gallery_is_small():
    assert sum(path.stat().st_size for path in (ROOT / "docs" / "gallery").rglob("*.png")) < 1_500_000


def test_a_link_to_nothing_is_a_warning(caplog):
    from repository_links import for_the_site

    for_the_site("[a](nothing.md)", "README.md")
    assert "nothing.md" in caplog.text


def test_a_notebook_becomes_a_page_with_its_pictures(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbconvert")
    from notebook_pages import notebook_pages

    output = nbformat.v4.new_output("display_data", {"image/png": b64encode(b"a picture").decode()})
    logged = nbformat.v4.new_output("stream", name="stderr", text="a warning")
    cells = [
        nbformat.v4.new_markdown_cell("# First steps"),
        nbformat.v4.new_code_cell("1 + 1", outputs=[logged, output]),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "first.ipynb")
    pages = notebook_pages(tmp_path)
    (picture,) = (path for path in pages if path.endswith(".png"))
    assert pages[picture] == b"a picture"
    page = pages["notebooks/first.md"]
    assert page.startswith("# First steps")
    assert "1 + 1" in page
    assert "a warning" not in page
    assert f"]({picture.removeprefix('notebooks/')})" in page
    assert notebook_pages(tmp_path / "none") == {}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The built site, without notebooks."""
    pytest.importorskip("mkdocs")
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        build(load_config(str(ROOT / "mkdocs.yml"), strict=True, site_dir=str(folder)))
    return folder


def text_of(page: Path) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page.read_text()))


@pytest.mark.slow
def test_the_site_has_all_that_there_is(site):
    for group in GROUPS:
        page = text_of(site / "config" / f"{group.replace('/', '-')}.html")
        assert set(described_options(group)) <= set(re.findall(r"[\w/]+", page))
    for command, purpose in COMMANDS.items():
        assert f"aeexp {command}" in text_of(site / "commands" / f"{command}.html")
        assert purpose in text_of(site / "commands" / "index.html")
    headings = "".join(text_of(page) for page in (site / "api").glob("*.html"))
    assert all(f"aeexp.{name}" in headings or name in headings for name in aeexp._MODULES)


@pytest.mark.slow
def test_the_site_needs_no_network(site):
    """Nothing that a browser would load by itself has an address elsewhere; links for readers may."""
    loaded = re.compile(
        r"""<(?:script|img|iframe|source|video|embed)\b[^>]*\bsrc=["']?(?:https?:)?//[^"' >]+"""
        r"""|<link\b[^>]*\brel=["']?(?:stylesheet|preload|preconnect|icon)[^>]*\bhref=["']?(?:https?:)?//[^"' >]+"""
        r"""|(?:@import\s+|url\()["']?(?:https?:)?//[^"')]+"""
    )
    files = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert {str(file): loaded.findall(file.read_text()) for file in files if loaded.search(file.read_text())} == {}
    assert (site / "search" / "search_index.js").exists()
