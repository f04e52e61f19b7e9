"""Credentials are hidden wherever they stand, and nothing else is."""

import logging
import sys
import warnings

import pytest

from aeexp.runtime.credentials import Formatter, hide_credentials, redacted, without_credentials
from aeexp.tracking.tracker import DatasetSpec, RunSpec

URI = "http://user:hunter2@host:5000/path"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://user:password@host:5000/x", "http://***@host:5000/x"),
        ("https://token@host", "https://***@host"),
        ("postgresql+psycopg2://user:p@ss/word@host/db", "postgresql+psycopg2://***@host/db"),
        ("tracking.uri=http://a:b@host trainer.epochs=3", "tracking.uri=http://***@host trainer.epochs=3"),
        ("uri='mysql://a:b@host', 'http://c:d@host'", "uri='mysql://***@host', 'http://***@host'"),
        ("http://host/db?user=a&password=b&x=1", "http://host/db?user=a&password=***&x=1"),
        ("s3://bucket?aws_secret_access_key=ab/c+d", "s3://bucket?aws_secret_access_key=***"),
        ("dataset.password='a b' seed=1", "dataset.password='*** b' seed=1"),
    ],
)
def test_credentials_are_hidden(text, shown):
    assert without_credentials(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        *("http://host:5000/a@2x.png", "sqlite:////home/me@work/mlflow.db", "file:///tmp/a@b", "git@host:a/b"),
        *("a // b @ c", "model.architecture.token=4", "tokens=3", "monkey=1", "password=null", "keys=a,b"),
    ],
)
def test_everything_else_stays(text):
    assert without_credentials(text) == text


def test_secrets_of_the_environment_are_hidden(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "hunter2")
    monkeypatch.setenv("OTHER_TOKEN", "true")
    monkeypatch.setenv("PWD", "/home/me")
    assert without_credentials("/home/me said true hunter2, hunter22") == "/home/me said true ***, hunter22"


def test_values_of_a_config_are_hidden_under_their_keys():
    config = {"dataset": {"password": 12, "token": 4, "urls": [URI]}, "secret": None, "api_key": "abc", "seed": 0}
    assert redacted(config) == {
        "dataset": {"password": "***", "token": 4, "urls": ["http://***@host:5000/path"]},
        "secret": None,
        "api_key": "***",
        "seed": 0,
    }


def test_no_specification_of_a_run_holds_them():
    data = DatasetSpec("data", "0" * 32, {"url": URI}, {})
    spec = RunSpec(f"a={URI}", {"a": URI, "b.password": "hunter2"}, {"c": URI}, {"test": data}, {"d.yaml": f"x: {URI}"})
    assert "hunter2" not in repr(spec)
    assert repr(spec).count("***@host:5000/path") == 5


def test_log_warning_and_traceback_hide_them(capsys, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)
    hide_credentials()
    try:
        raise ValueError(URI)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
        record = logging.LogRecord("a", logging.ERROR, "b", 1, "at %s", (URI,), sys.exc_info())
    printed = capsys.readouterr().err
    logged = Formatter("%(message)s").format(record)
    warned = warnings.formatwarning(UserWarning(URI), UserWarning, "file.py", 1)
    assert "Traceback" in printed and "Traceback" in logged  # noqa: PT018
    for text in (printed, logged, warned):
        assert "http://***@host:5000/path" in text
        assert "hunter2" not in text.replace("URI", "")
