"""Output of notebooks: one that is replaced, links that a browser follows, and nothing of them elsewhere."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from aeexp.errors import ConfigError
from aeexp.runs.next_steps import resume_call
from aeexp.runtime.notebook import displays_hidden, html_table, in_notebook, page_link, progress_bar, stage
from aeexp.training.progress import NotebookBar, ProgressLines, TerminalBar, progress_display


@pytest.fixture
def shown(monkeypatch):
    """What a notebook shows: a list for each output of a cell, of which the last item is seen."""
    outputs = []

    def display(content, display_id):
        outputs.append([content])
        return SimpleNamespace(update=outputs[-1].append)

    module, displays = ModuleType("IPython"), ModuleType("IPython.display")
    module.get_ipython = lambda: SimpleNamespace(kernel=object())
    displays.HTML, displays.display = str, display
    monkeypatch.setitem(sys.modules, "IPython", module)
    monkeypatch.setitem(sys.modules, "IPython.display", displays)
    return outputs


def trained(bar, epochs=3):
    bar.on_train_begin()
    for epoch in range(epochs):
        bar.on_epoch_begin(epoch)
        bar.on_train_batch_end(0, {"images": 50, "loss": 1.0})
        bar.on_epoch_end(epoch, {"train/loss": 2.0, "val/loss": 1.5, "val/psnr": 12.345})
    return bar


def test_a_notebook_shows_one_bar_and_keeps_its_last_state(shown, capsys):
    kind = progress_display()
    assert kind is NotebookBar
    trained(kind("a<b", 3, 100, ["train/loss", "val/loss", "val/psnr"]))
    (output,) = shown
    assert "value='1.0000'" in output[-1]
    assert "a&lt;b · epoch 3/3 · train/loss 2  val/loss 1.5  val/psnr 12.35" in output[-1]
    assert capsys.readouterr().out == ""


def test_a_file_keeps_a_line_an_epoch(capsys):
    kind = progress_display()
    assert kind is ProgressLines
    with kind("a run", 2, 100, ["val/loss"]) as bar:
        trained(bar, 2)
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == "training a run"
    assert second.startswith("epoch 1/2  val/loss 1.5  ")
    assert second.endswith(" s left")
    assert third.endswith(" images/s")


def test_a_terminal_shows_a_bar(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    kind = progress_display()
    assert kind is TerminalBar
    with kind("a run", 2, 100, ["val/loss"]) as bar:
        trained(bar, 2)
    assert "2/2" in capsys.readouterr().out


def test_what_is_at_work_is_said_and_in_a_notebook_taken_back(shown, capsys):
    with stage("evaluating"):
        assert "evaluating" in shown[0][-1]
    assert shown[0][-1] == ""
    with stage("evaluating", quiet=True):
        pass
    assert len(shown) == 1
    assert capsys.readouterr().out == ""


def test_elsewhere_what_is_at_work_is_a_line(capsys):
    with stage("evaluating"), stage("more", quiet=True), displays_hidden():
        pass
    assert capsys.readouterr().out == "evaluating\n"
    assert not in_notebook()


def test_a_page_is_a_link_where_the_browser_can_follow_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "href='runs/a%20b/index.html'" in page_link(str(tmp_path / "runs" / "a b" / "index.html"))
    assert "href='https://host/?a=1&amp;b=2'" in page_link("https://host/?a=1&b=2")
    assert page_link("/elsewhere/<x>") == "<code>/elsewhere/&lt;x&gt;</code>"


def test_texts_are_escaped():
    assert "<td" not in html_table(("a",), [])
    assert "&lt;x&gt;" in html_table(("a",), [("<x>",)])
    assert "&lt;x&gt;" in progress_bar(0.5, "<x>")


def test_how_to_go_on_is_a_command_or_a_call(request):
    settings = {"optimizer.learning_rate": "0.0002"}
    assert resume_call("0123456789", settings) == "aeexp resume run=01234567 optimizer.learning_rate=0.0002"
    request.getfixturevalue("shown")
    call = """aeexp.load("01234567", unfinished=True).resume('optimizer.learning_rate=0.0002')"""
    assert resume_call("0123456789", settings) == call


def test_an_error_is_one_line_in_a_notebook():
    assert ConfigError("a fault")._render_traceback_() == ["ConfigError: a fault"]
