"""The trained run that a command is given, where a sweep or an evaluation is answered with the run to take instead."""

import re
import shlex
from collections.abc import Sequence

from hydra.core.hydra_config import HydraConfig

from aeexp.errors import RunNotFoundError
from aeexp.listing.row import EVALUATION, SWEEP, Row
from aeexp.listing.winner import Sweep
from aeexp.runs.params import command_overrides
from aeexp.runtime.credentials import without_credentials
from aeexp.tracking.store import RunStore
from aeexp.tracking.tags import PARENT_TAG

MOST = 4
"""Tasks of a sweep of which the best job is named."""


def find_trained(store: RunStore, selector: str, *, unfinished: bool = False) -> str:
    """The id of the run that a selector means.

    Args:
        unfinished: as in `RunStore.find`.

    Raises:
        RunNotFoundError: where it means none, more than one, a sweep or an evaluation; of these with what to give.
    """
    run = store.info(store.find(selector, unfinished=unfinished))
    row = Row.from_run(run)
    if row.kind == SWEEP:
        jobs = [Row.from_run(job) for job in store.list(f"tags.`{PARENT_TAG}` = '{run.id}'")]
        raise RunNotFoundError(f"run={selector}: this is a sweep. {_best(Sweep(row, jobs), selector)}")
    if row.kind == EVALUATION and row.parent:
        raise RunNotFoundError(
            f"run={selector}: this is an evaluation of run {row.parent[:8]}. {_instead(selector, row.parent)}"
        )
    return run.id


def _best(sweep: Sweep, selector: str) -> str:
    best = sweep.best_jobs
    if not best:
        return f"None of its jobs has finished with {sweep.metric}; aeexp show run={selector} lists them."
    jobs = (
        f"Its best job by {sweep.metric} is" if len(best) == 1 else f"The best jobs by {sweep.metric} of its tasks are"
    )
    return f"{jobs} {_named(best)}. {_instead(selector, best[0].id)}"


def _named(jobs: Sequence[Row]) -> str:
    more = ["…"] if len(jobs) > MOST else []
    return ", ".join([*(f"{job.id[:8]} ({job.name})" for job in jobs[:MOST]), *more])


def _instead(selector: str, run_id: str) -> str:
    """The command at hand with another run."""
    run = run_id[:8]
    words = [f"run={run}" if word.startswith("run=") else word for word in command_overrides()]
    words = [re.sub(f"'?{selector}'?", run, word) if word.startswith("runs=") else word for word in words]
    return f"Write aeexp {HydraConfig.get().job.name} {without_credentials(shlex.join(words))}"
