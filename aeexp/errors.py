"""The errors of aeexp, as a tree.

Each reaches the terminal as one line: what, where, expected, received, and how to fix it.

    AeexpError
    ├── ConfigError                a value in the config or on the command line
    ├── DataError                  a file or an array of the user's that is missing, damaged or unsuitable
    ├── OutputError                a file that cannot be written
    ├── TrackingError              the store of runs, or what it holds
    │   ├── StoreUnreachableError      it does not answer, or cannot be opened
    │   ├── RunNotFoundError           no run is meant, or more than one
    │   ├── RunBusyError               another process is at work on the run
    │   ├── FileMissingError           the run has no such file
    │   ├── DamagedRunError            a file of the run cannot be read, or does not fit the others
    │   ├── IncompatibleRunError       the run was recorded by another version
    │   └── UntrustedRunError          the stored config names what is not trusted
    └── OutcomeError               what was asked for was done, and ended otherwise than hoped
        ├── TrainingDivergedError      the loss is no longer a number
        ├── CallbackError              a callback of the user's raised an error
        ├── MetricError                a metric gives no finite number, though the loss is one
        ├── OutOfMemoryError           a batch does not fit into memory
        ├── SweepFailedError           some jobs of a sweep failed; the others are done
        ├── NotRecordedError           the store was away at the end; what the run has to record waits on disk
        └── NotReproducedError         a training gave other numbers the second time
"""

from typing import ClassVar


class AeexpError(Exception):
    """Whatever aeexp raises on purpose."""

    exit_code: ClassVar[int] = 2
    """That of the command that ends by it: 2 for what the user can fix beforehand, 1 for an outcome."""

    def _render_traceback_(self) -> list[str]:
        """Traceback in a notebook: one line, as on the terminal; `%debug` still finds the place."""
        return [f"{type(self).__name__}: {self}"]


class ConfigError(AeexpError):
    """A value in the config or on the command line is wrong."""


class DataError(AeexpError):
    """A file or an array of the user's is missing, damaged or unsuitable."""


class OutputError(AeexpError):
    """A file cannot be written."""


class TrackingError(AeexpError):
    """Something is wrong with the store of runs, or with what it holds."""


class StoreUnreachableError(TrackingError):
    """The store of runs does not answer, or cannot be opened."""


class RunNotFoundError(TrackingError):
    """No run is meant, or more than one."""


class RunBusyError(TrackingError):
    """Another process is at work on the run."""


class FileMissingError(TrackingError):
    """The run has no such file."""


class DamagedRunError(TrackingError):
    """A file of the run cannot be read, or does not fit the others."""


class IncompatibleRunError(TrackingError):
    """The run was recorded by another version of aeexp."""


class UntrustedRunError(TrackingError):
    """The stored config names what is not trusted."""


class OutcomeError(AeexpError):
    """What was asked for was done, and ended otherwise than hoped."""

    exit_code: ClassVar[int] = 1


class TrainingDivergedError(OutcomeError):
    """The loss is no longer a number."""


class CallbackError(OutcomeError):
    """A callback of the user's raised an error."""


class MetricError(OutcomeError):
    """A metric gives no finite number, though the loss is one."""


class OutOfMemoryError(OutcomeError):
    """A batch does not fit into memory."""


class SweepFailedError(OutcomeError):
    """Some jobs of a sweep failed; the others are done."""


class NotRecordedError(OutcomeError):
    """The store was away when a run had finished; what the run has to record waits on disk."""


class NotReproducedError(OutcomeError):
    """A training gave other numbers the second time."""
