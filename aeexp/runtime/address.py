"""The address that a server of aeexp listens on."""

import errno
import socket

from aeexp.errors import ConfigError

MAX_PORT = 65535

TRIED = 100
"""Ports after the first that are tried for a free one."""


class PortInUseError(ConfigError):
    """Another program listens on the port."""


def free_port(host: str, first: int, *, several: bool) -> int:
    """A port that nothing listens on.

    Args:
        several: whether a later one may be taken where the first is in use.

    Raises:
        ConfigError: for a port or host that cannot be, and where all are in use.
    """
    for port in range(first, min(first + TRIED, MAX_PORT) if several else first):
        try:
            check_address(host, port)
        except PortInUseError:
            continue
        return port
    check_address(host, first)
    return first


def check_address(host: str, port: int) -> None:
    """Refuse an address that no server can listen on.

    Raises:
        ConfigError: for a port or host that cannot be.
        PortInUseError: for a port in use.
    """
    if not 1 <= port <= MAX_PORT:
        raise ConfigError(f"port: it must be from 1 to {MAX_PORT}. Received port={port}; use, for example, port=5000.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise _no_host(host, error) from error
    with socket.socket(family, kind, protocol) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do, lest a former one is in the way
        try:
            server.bind(address)
        except PermissionError as error:
            raise ConfigError(f"port: {port} is reserved for the system; choose one from 1024, port=5000.") from error
        except OSError as error:
            raise (_in_use(host, port) if error.errno == errno.EADDRINUSE else _no_host(host, error)) from error
    with socket.socket(family, kind, protocol) as client:
        if not client.connect_ex(address):  # where a server may share the address of another, as on macOS
            raise _in_use(host, port)


def _in_use(host: str, port: int) -> PortInUseError:
    return PortInUseError(
        f"port: {port} is in use on {host}; choose another, port={port + 1 if port < MAX_PORT else 5000}."
    )


def _no_host(host: str, error: Exception) -> ConfigError:
    reason = getattr(error, "strerror", None) or error
    return ConfigError(
        f"host: it must be an address of this machine. Received host={host} ({reason}); use 127.0.0.1, or 0.0.0.0 to "
        "be reached from others."
    )
