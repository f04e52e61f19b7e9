"""Jobs in other processes, which run again when a process dies and takes others with it."""

import logging
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool

from hydra.core.utils import JobReturn

from aeexp.runtime.credentials import without_credentials
from aeexp.sweeps.jobs import Job
from aeexp.sweeps.sweep_run import SweepRun

log = logging.getLogger(__name__)

OPTIONAL_ERRORS = {
    "ray.exceptions": ("RayError",),
    "submitit.core.utils": ("UncompletedJobError", "FailedSubmissionError"),
}
"""By module: the errors of launchers that come with an extra."""

Reasons = dict[str, str | None]
"""By the key of a job: why it failed, or None."""


def run_with_retries(
    launch: Callable[[Sequence[Sequence[str]]], Sequence[JobReturn]], sweep_run: SweepRun, jobs: Mapping[str, Job]
) -> Reasons:
    """Run jobs to their end. Those that were running when a process died get a second attempt.

    Args:
        launch: runs a job for each list of overrides, and returns when all have ended.
        sweep_run: the run of the sweep.
        jobs: by their keys.
    """
    start_time = time.time_ns() // 10**6
    reasons: Reasons = {}
    interrupted: set[str] = set()
    while todo := {key: job for key, job in jobs.items() if key not in reasons}:
        try:
            returns = launch([job.overrides for job in todo.values()])
            reasons |= zip(todo, [each.return_value for each in returns], strict=True)
        except launcher_errors() as error:
            log.warning("a process of the sweep died or did not start: %s", _first_line(error))
            killed = sweep_run.end_children("KILLED", set(todo))
            reasons |= dict.fromkeys(sweep_run.finished_keys(since=start_time) & set(todo))
            failed = killed & interrupted if killed else set(todo)
            reasons |= dict.fromkeys(failed, f"its worker died or never started ({_first_line(error)})")
            interrupted |= killed
    return reasons


def launcher_errors() -> tuple[type[Exception], ...]:
    """The errors that launchers raise if a process dies or cannot be started.

    Those of optional launchers are looked up where the launcher is loaded, as only it can raise them.
    """
    loaded = [(sys.modules[module], names) for module, names in OPTIONAL_ERRORS.items() if module in sys.modules]
    return (BrokenProcessPool, ConnectionError, *(getattr(module, name) for module, names in loaded for name in names))


def _first_line(error: Exception) -> str:
    return without_credentials((str(error).strip() or type(error).__name__).split("\n")[0])
