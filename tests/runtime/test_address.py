"""Addresses that a server can listen on."""

import socket

import pytest

from aeexp.errors import ConfigError
from aeexp.runtime.address import PortInUseError, check_address, free_port


@pytest.fixture
def used() -> int:
    """A port that something listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_later_port_is_taken_where_that_is_wanted(used):
    assert free_port("127.0.0.1", used, several=True) > used
    with pytest.raises(PortInUseError, match=f"port: {used} is in use on 127.0.0.1; choose another"):
        free_port("127.0.0.1", used, several=False)


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        *(("127.0.0.1", 0, "from 1 to 65535"), ("127.0.0.1", 99999, "from 1 to 65535")),
        *(("no such host", 8050, "an address of this machine"), ("192.0.2.1", 8050, "an address of this machine")),
    ],
)
def test_an_address_that_cannot_be_is_refused(host, port, message):
    with pytest.raises(ConfigError, match=message):
        check_address(host, port)
    with pytest.raises(ConfigError, match=message):
        free_port(host, port, several=True)
