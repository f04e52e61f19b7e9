"""The errors that reach the terminal as a single line."""


class ConfigError(Exception):
    """A mistake that the user can mend: in the config, in a file it names, or in a service it points at.

    The message says what is wrong, what was expected, what was received, and the mend.
    """


class OutcomeError(Exception):
    """What was asked for was done, and ended otherwise than hoped."""


class TrainingDivergedError(OutcomeError):
    """The loss is no longer a number."""


class OutOfMemoryError(OutcomeError):
    """A batch does not fit into memory."""


class SweepFailedError(OutcomeError):
    """Some jobs of a sweep failed; the others are done."""


class NotRecordedError(OutcomeError):
    """The store was away when a run had finished; what the run has to record waits on disk."""


class NotReproducedError(OutcomeError):
    """A training gave other numbers the second time."""
