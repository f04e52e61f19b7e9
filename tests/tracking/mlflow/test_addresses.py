"""What cannot be the address of a store is said at once, with what can."""

import pytest

from aeexp.errors import ConfigError, StoreUnreachableError
from aeexp.tracking.mlflow.addresses import check_address


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("file:///runs", "plain folders; home=FOLDER chooses"),
        ("/runs", "plain folders"),
        ("./mlruns", "plain folders"),
        ("nonsense", "plain folders"),
        ("databricks", "no Databricks workspace"),
        ("databricks://profile", "no Databricks workspace"),
        ("s3://bucket/runs", "no store for s3:"),
        ("postgres://host/runs", "no store for postgres:"),
        ("http:/host", "no store for http:"),
        ("http://", "names no host"),
        ("http://:5000", "names no host"),
        ("http://host:port", "names no host"),
        ("https://[::1", "names no host"),
        ("sqlite:/runs.db", "not written as the URI of a SQLite database"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("postgresql://host:port/runs", "not written as the URI of a database"),
    ],
)
def test_no_address_of_a_store(uri, reason):
    with pytest.raises(ConfigError) as raised:
        check_address(uri, "MLFLOW_TRACKING_URI")
    message = str(raised.value)
    assert message.startswith("MLFLOW_TRACKING_URI: ")
    assert all(words in message for words in (reason, f"Received '{uri}'", "sqlite:////", "Unset it")), message
    assert "\n" not in message


def test_credentials_are_not_printed():
    with pytest.raises(ConfigError, match=r"Received 'ftp://\*\*\*@host'"):
        check_address("ftp://user:secret@host", "tracking.uri")


def test_a_missing_driver_is_named():
    with pytest.raises(StoreUnreachableError, match=r"tracking\.uri: the Python driver .* pip install mysqlclient\."):
        check_address("mysql://user@127.0.0.1/runs", "tracking.uri")


@pytest.mark.parametrize(
    "uri", ["http://host", "https://user:word@host:5000/path", "sqlite:////a/b.db", "sqlite:///mlflow.db"]
)
def test_addresses_of_stores(uri):
    check_address(uri, "tracking.uri")
