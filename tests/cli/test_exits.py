"""The end of a command that was interrupted: what it says of the run to go on with."""

import errno
import os
import sys

import pytest

from aeexp.cli.exits import exit_on_error
from aeexp.runtime.interrupts import note_run, recorded_in
from aeexp.tracking.memory import MemoryTracker
from aeexp.tracking.tracker import RunSpec

RUN = "46db8867" + "0" * 24


def said(capsys: pytest.CaptureFixture[str], command: str, error: BaseException, run_id: str = "") -> str:
    """The line of a command that an error ends."""
    if run_id:
        note_run(error, run_id)
    with pytest.raises(SystemExit), exit_on_error(command):
        raise error
    return capsys.readouterr().err


def test_before_a_run_began_there_is_nothing_to_resume(capsys):
    assert said(capsys, "train", KeyboardInterrupt()) == "interrupted; nothing was recorded yet\n"
    assert said(capsys, "resume", KeyboardInterrupt()) == "interrupted; nothing was changed yet\n"
    assert said(capsys, "evaluate", KeyboardInterrupt()) == "interrupted\n"
    assert said(capsys, "ui", KeyboardInterrupt()) == "the UI is closed\n"


@pytest.mark.parametrize("command", ["train", "resume"])
def test_the_run_to_resume_is_named(capsys, command):
    line = said(capsys, command, KeyboardInterrupt(), RUN)
    assert line == "interrupted; aeexp resume run=46db8867 goes on with the training.\n"


def test_a_sweep_is_gone_on_with_by_its_own_command(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["aeexp", "train", "-m", "seed=0,1"])
    assert said(capsys, "train", KeyboardInterrupt(), RUN).endswith("the same command goes on with the sweep.\n")


def test_a_full_disk_names_the_run_as_well(capsys):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert said(capsys, "train", full) == "error: the disk is full; make room.\n"
    assert "make room. aeexp resume run=46db8867 goes on" in said(capsys, "train", full, RUN)


def test_a_tracker_notes_the_run_that_an_error_ended():
    tracker = MemoryTracker()
    with pytest.raises(KeyboardInterrupt) as ended, tracker.record(RunSpec("run", {})):
        raise KeyboardInterrupt
    assert recorded_in(ended.value) == tracker.runs[0].id
