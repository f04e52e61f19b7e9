"""Pages are printed, and opened where that is wanted."""

import io

import pytest
from rich.console import Console

from aeexp.runtime import browser


@pytest.fixture
def opened(monkeypatch):
    links: list[str] = []
    monkeypatch.setattr(browser.webbrowser, "open", lambda link: links.append(link) or True)
    return links


def test_a_path_is_printed_whole_and_opened_as_a_link(opened, capsys):
    browser.show_page("page", "/runs/a b/[1]/index.html", opened=True)
    assert capsys.readouterr().out == "page     /runs/a b/[1]/index.html\n"
    assert opened == ["file:///runs/a%20b/%5B1%5D/index.html"]


def test_nothing_is_opened_unasked(opened):
    browser.show_page("page", "/runs/index.html", opened=False)
    assert opened == []


def test_a_terminal_gets_a_link(monkeypatch):
    terminal = Console(file=io.StringIO(), force_terminal=True)
    monkeypatch.setattr(browser, "Console", lambda: terminal)
    browser.show_page("page", "/runs/index.html", opened=False)
    assert ";file:///runs/index.html" in terminal.file.getvalue()


def test_a_machine_without_a_browser_says_so(monkeypatch, capsys):
    monkeypatch.setattr(browser.webbrowser, "open", lambda link: False)
    browser.show_page("page", "/runs/index.html", opened=True)
    assert "open the page by hand" in capsys.readouterr().out
