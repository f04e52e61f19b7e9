"""The reader of a command's output may leave: the command goes on, and says nothing of it."""

import os
import subprocess
import sys

import pytest

from aeexp.cli.output import lasting_output
from tests.support.processes import start

PRINTS = """
import logging, sys
from rich.console import Console
from aeexp.cli.output import lasting_output
with lasting_output():
    print("first", flush=True)
    sys.stdin.read()  # until the reader has left
    for number in range(20000):
        print(number, flush=number % 2 == 0)
    Console().print("rich", "word " * 2000)
    sys.stdout.writelines(["a", "b"])
    print("still here", file=sys.stderr)
open(sys.argv[1], "w").write("done")
"""


@pytest.mark.parametrize("both", [False, True])
def test_goes_on_after_its_reader_has_left(tmp_path, both):
    stderr = subprocess.STDOUT if both else subprocess.PIPE
    process = start(tmp_path / "end", program=("-c", PRINTS), stdin=subprocess.PIPE, stderr=stderr)
    assert process.stdout.readline() == "first\n"
    process.stdout.close()
    process.stdin.close()
    err = None if both else process.stderr.read()
    assert process.wait(60) == 0
    assert (tmp_path / "end").read_text() == "done"
    assert err == (None if both else "still here\n")


def test_streams_are_themselves_again(capsys):
    before = sys.stdout
    with lasting_output():
        print("text")
        assert sys.stdout.isatty() is False
        assert sys.stdout.encoding == before.encoding
    assert sys.stdout is before
    assert capsys.readouterr().out == "text\n"


def test_the_list_of_runs_is_cut_off(store):
    process = start("--help", env={**os.environ, "AEEXP_HOME": str(store)})
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == 0
