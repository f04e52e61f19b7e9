"""What MLflow raises becomes an error of aeexp; what may succeed later is asked again."""

import pytest
import requests
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import BAD_REQUEST, RESOURCE_DOES_NOT_EXIST, TEMPORARILY_UNAVAILABLE
from sqlalchemy.exc import OperationalError

from aeexp.errors import RunNotFoundError, StoreUnreachableError, TrackingError
from aeexp.tracking.mlflow import errors as module
from aeexp.tracking.mlflow.errors import is_conflict, is_unreachable, retry, translated_errors, without_credentials


def response(status: int) -> requests.HTTPError:
    answer = requests.Response()
    answer.status_code = status
    return requests.HTTPError(f"status {status}", response=answer)


AWAY = requests.ConnectionError("connection refused")
BUSY = MlflowException("database is locked", TEMPORARILY_UNAVAILABLE)
REFUSED = MlflowException.invalid_parameter_value("no such metric")
NO_RUN = MlflowException("Run with id=7 not found", RESOURCE_DOES_NOT_EXIST)
CONFLICT = MlflowException("(sqlite3.IntegrityError) UNIQUE constraint failed: datasets.name", BAD_REQUEST)
READ_ONLY = MlflowException("(sqlite3.OperationalError) attempt to write a readonly database", TEMPORARILY_UNAVAILABLE)
LOST = OperationalError("SELECT 1", {}, Exception("server closed the connection"))


class Answers:
    """Raises or returns each of its answers in turn."""

    def __init__(self, *answers: object) -> None:
        self.left = list(answers)

    def __call__(self) -> object:
        answer = self.left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize(
    ("error", "away", "kind"),
    [
        (AWAY, True, StoreUnreachableError),
        (BUSY, True, StoreUnreachableError),
        (LOST, True, StoreUnreachableError),
        (response(502), True, StoreUnreachableError),
        (response(403), False, TrackingError),
        (REFUSED, False, TrackingError),
        (READ_ONLY, False, TrackingError),
        (NO_RUN, False, RunNotFoundError),
    ],
)
def test_each_error_has_its_kind(error, away, kind):
    assert is_unreachable(error) is away
    with (
        pytest.raises(TrackingError, match="the tracking store at somewhere") as raised,
        translated_errors("somewhere"),
    ):
        raise error
    assert type(raised.value) is kind
    assert raised.value.__cause__ is error


def test_other_errors_are_left_alone():
    with pytest.raises(ZeroDivisionError), translated_errors("somewhere"):
        raise ZeroDivisionError


def test_a_request_is_repeated_as_long_as_it_may_succeed(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_BETWEEN_RETRIES", 0.0)
    assert retry(Answers(AWAY, BUSY, LOST, "yes"), 10) == "yes"
    for timeout, answers in ((10, Answers(REFUSED, "yes")), (0, Answers(AWAY, "yes"))):
        with pytest.raises((MlflowException, requests.ConnectionError)):
            retry(answers, timeout)
        assert answers.left == ["yes"]


def test_a_row_that_another_process_has_just_written(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_BETWEEN_RETRIES", 0.0)
    assert is_conflict(CONFLICT)
    assert not is_conflict(REFUSED)
    assert retry(Answers(CONFLICT, "yes"), 10, when=is_conflict) == "yes"
    with pytest.raises(MlflowException):
        retry(Answers(CONFLICT, "yes"), 10)


def test_no_password_is_printed():
    uri = "http://me:p%40ss@host:5000"
    error = MlflowException(f"API request to {uri}/api/2.0/runs failed with exception", TEMPORARILY_UNAVAILABLE)
    with pytest.raises(StoreUnreachableError) as raised, translated_errors(uri):
        raise error
    assert str(raised.value).count("http://***@host:5000") == 2
    assert "p%40ss" not in str(raised.value)
    for text in ("sqlite:////data/me@host/mlflow.db", "http://host:5000/me@host", "https://host"):
        assert without_credentials(text) == text
