"""Interrupts that wait until they can be taken."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from aeexp.runtime.interrupts import check_interrupt, deferred_interrupts


def interrupt(times=1):
    for _ in range(times):
        os.kill(os.getpid(), signal.SIGINT)


def test_an_interrupt_is_taken_where_the_program_asks_for_it():
    with suppress(KeyboardInterrupt), deferred_interrupts():
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            check_interrupt()
    with deferred_interrupts():
        check_interrupt()  # the next block knows nothing of it


def test_an_interrupt_is_taken_at_the_end_at_the_latest():
    with pytest.raises(KeyboardInterrupt), deferred_interrupts():
        interrupt()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_interrupt_is_taken_at_once():
    with suppress(KeyboardInterrupt), deferred_interrupts(), pytest.raises(KeyboardInterrupt):
        interrupt(2)


def test_ignored_interrupts_stay_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with deferred_interrupts():
            interrupt(2)
            check_interrupt()
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_nothing_changes_outside_the_main_thread():
    with ThreadPoolExecutor() as pool:
        pool.submit(deferred_interrupts().__enter__).result()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
