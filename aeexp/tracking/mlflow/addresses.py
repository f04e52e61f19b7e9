"""Addresses of stores: what MLflow's tracking URI may be, checked before MLflow tries it for a minute."""

import socket
from importlib.metadata import entry_points
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from aeexp.errors import ConfigError, StoreUnreachableError
from aeexp.tracking.mlflow.database import database_file
from aeexp.tracking.mlflow.errors import without_credentials

PORTS = {"postgresql": 5432, "mysql": 3306, "mssql": 1433}
"""The databases on servers that MLflow can record in, and where they listen."""

PACKAGES = {"psycopg": "'psycopg[binary]'", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}
"""The packages of modules that have other names."""

SUPPORTED = (
    "Use http://HOST:PORT of an MLflow server, sqlite:////ABSOLUTE/PATH/mlflow.db, or the URI of a postgresql, mysql "
    "or mssql database"
)
SECONDS_TO_ANSWER = 5


def check_address(uri: str, origin: str) -> None:
    """Refuse the URI of what cannot be a store.

    Args:
        origin: the key or variable that names it.

    Raises:
        ConfigError: where MLflow has no store for such a URI.
        StoreUnreachableError: where the driver of its database is missing, or nothing listens there.
    """
    scheme = uri.partition(":")[0]
    if uri.startswith(("http://", "https://")):
        reason = None if _has_host(uri) else "it names no host"
    elif scheme == "sqlite":
        reason = _fault_of_sqlite(uri)
    elif scheme.partition("+")[0] in PORTS:
        reason = _check_server(uri, origin)
    elif scheme in {each.name for each in entry_points(group="mlflow.tracking_store")}:
        reason = None  # a plugin of the user's
    else:
        reason = _fault_of_others(uri)
    if reason:
        unset = " Unset it to record in a folder of this machine." if origin.isupper() else ""
        raise ConfigError(f"{origin}: {reason}. Received '{without_credentials(uri)}'. {SUPPORTED}.{unset}")


def _has_host(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets of IPv6 that do not match, or a port that is no number
        return False


def _fault_of_sqlite(uri: str) -> str | None:
    try:
        file = database_file(uri)
    except ArgumentError:
        return "it is not written as the URI of a SQLite database"
    return None if file else "a database in memory would be lost; tracking=memory keeps runs in memory"


def _fault_of_others(uri: str) -> str:
    if uri.partition(":")[0] in ("databricks", "databricks-uc", "uc"):
        return "aeexp records in no Databricks workspace"
    if uri.startswith("file:") or ":" not in uri:
        return "MLflow no longer records in plain folders; home=FOLDER chooses a folder, with a database in it"
    return f"MLflow has no store for {uri.partition(':')[0]}:"


def _check_server(uri: str, origin: str) -> str | None:
    """What is wrong with the URI of a database on a server, or None where the server answers."""
    try:
        url = make_url(uri)
        url.get_dialect().import_dbapi()
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        return f"it is not written as the URI of a database ({str(error).splitlines()[0]})"
    except ImportError as error:
        package = PACKAGES.get(str(error.name), error.name)
        raise StoreUnreachableError(
            f"{origin}: the Python driver of this database is not installed ({error}); pip install {package}."
        ) from error
    _check_answer(url, origin)
    return None


def _check_answer(url: URL, origin: str) -> None:
    if url.host is None:
        return  # a socket of this machine
    port = url.port or PORTS[url.get_backend_name()]
    try:
        socket.create_connection((url.host, port), SECONDS_TO_ANSWER).close()
    except OSError as error:
        raise StoreUnreachableError(
            f"{origin}: no database answers at {url.host}, port {port} ({error.strerror or error}). Start it, or "
            "correct the URI."
        ) from error
