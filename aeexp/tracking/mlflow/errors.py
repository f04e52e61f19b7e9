"""Errors of MLflow: whether to ask again, and what they mean to the user."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from mlflow.exceptions import MlflowException
from requests import RequestException
from sqlalchemy.exc import OperationalError

from aeexp.errors import RunNotFoundError, StoreUnreachableError, TrackingError
from aeexp.runtime.credentials import without_credentials
from aeexp.runtime.interrupts import check_interrupt

STORE_ERRORS = (MlflowException, RequestException, OperationalError)
"""All that a request to a store raises, whether the store is unreachable or refuses the request."""

RETRY_TIMEOUT = 60.0
"""Seconds that a run waits for an unreachable store before it begins and after it has finished."""

SECONDS_BETWEEN_RETRIES = 1.0
CONFLICTS = ("IntegrityError", "UniqueViolation")
"""How databases call a row that another process has just written."""

Answer = TypeVar("Answer")


def is_unreachable(error: Exception) -> bool:
    """Whether the same request may succeed later: the server is down, or its database busy."""
    if "readonly database" in str(error):
        return False
    if isinstance(error, MlflowException):
        return error.get_http_status_code() >= 500
    response = getattr(error, "response", None)
    return response is None or response.status_code >= 500


def is_conflict(error: Exception) -> bool:
    """Whether two processes wrote the same row at once, of which MLflow lets one fail."""
    return any(name in str(error) for name in CONFLICTS)


def may_succeed_later(error: Exception) -> bool:
    """Whether the same request may succeed where others make the same one at the same time."""
    return is_unreachable(error) or is_conflict(error)


def first_line(error: Exception) -> str:
    """The first line that says something of the cause; SQLAlchemy may begin with one that does not."""
    lines = [line for line in str(error).splitlines() if line.strip() and not line.startswith("(raised as")]
    return without_credentials(lines[0].strip().rstrip("."))[:200] if lines else type(error).__name__


def retry(ask: Callable[[], Answer], timeout: float, when: Callable[[Exception], bool] = is_unreachable) -> Answer:
    """Repeat a request that fails, for some seconds.

    Args:
        ask: the request; a timeout of 0 makes it once.
        when: whether it is worth repeating after an error.

    Raises:
        Exception: the last of `STORE_ERRORS`.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            return ask()
        except STORE_ERRORS as error:
            if not when(error) or time.monotonic() >= deadline:
                raise
        check_interrupt()
        time.sleep(SECONDS_BETWEEN_RETRIES)


@contextmanager
def translated_errors(uri: str) -> Iterator[None]:
    """Raises an error of aeexp in place of any that a request to the store at a URI raises.

    Raises:
        StoreUnreachableError: where the store does not answer.
        RunNotFoundError: where it has no such run.
        TrackingError: where it refuses the request for another reason.
    """
    try:
        yield
    except STORE_ERRORS as error:
        store, reason = f"the tracking store at {without_credentials(uri)}", first_line(error)
        if is_unreachable(error):
            raise StoreUnreachableError(f"{store} does not answer ({reason}).") from error
        if getattr(error, "error_code", None) == "RESOURCE_DOES_NOT_EXIST":
            raise RunNotFoundError(f"{store} has no such run ({reason}).") from error
        raise TrackingError(f"{store} refuses the request ({reason}).") from error
