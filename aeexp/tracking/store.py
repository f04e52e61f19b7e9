"""What a tracker tells of a run that it has recorded."""

from dataclasses import dataclass, field
from datetime import datetime

HIGHER_IS_BETTER_TAG = "aeexp.higher_is_better"
"""The tag with the last parts of the names of those metrics of a run of which more is better."""

Series = dict[int, float]
"""The values of one metric by their step."""


@dataclass(frozen=True)
class RunInfo:
    """A run as it is recorded.

    Args:
        status: RUNNING, FINISHED, FAILED or KILLED.
        begin: when it began.
        params: the flattened config.
        tags: free text by name, such as the git commit.
        metrics: the last value of each.
        digests: of the data, by context (`train`, `test`).
    """

    id: str
    name: str
    status: str
    begin: datetime
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
