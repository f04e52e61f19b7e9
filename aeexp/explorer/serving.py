"""The explorer as a server, in this process until Ctrl-C or beside a notebook."""

import secrets
import threading
import time
from dataclasses import dataclass

import numpy as np
import uvicorn

from aeexp.errors import AeexpError
from aeexp.explorer.exploration import Exploration
from aeexp.explorer.guard import LOOPBACK, Guard
from aeexp.explorer.server import build_app

SECONDS_TO_START = 20


@dataclass(frozen=True)
class Explorer:
    """Explorer of a run, served.

    Args:
        server: not yet started.
        url: of its page, with the token that it needs.
    """

    server: uvicorn.Server
    url: str

    @classmethod
    def of(cls, exploration: Exploration, host: str, port: int) -> "Explorer":
        """The explorer at an address; beyond loopback, with a token of its own."""
        token = None if host in LOOPBACK else secrets.token_urlsafe(16)
        _compute(exploration)
        app = build_app(exploration, Guard(host, port, token))
        server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning", ws="none"))
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        return cls(server, f"{address}/" if token is None else f"{address}/?token={token}")

    def serve(self) -> None:
        """Answer until Ctrl-C.

        Raises:
            KeyboardInterrupt: when it comes.
        """
        self.server.run()

    def start(self) -> None:
        """Answer in a thread, until `close`.

        Raises:
            AeexpError: where it does not come up.
        """
        threading.Thread(target=self.server.run, daemon=True, name="aeexp explorer").start()
        end = time.monotonic() + SECONDS_TO_START
        while not self.server.started:
            if time.monotonic() > end:
                raise AeexpError(f"the explorer did not come up at {self.url}; choose another port.")
            time.sleep(0.02)

    def close(self) -> None:
        """End the server."""
        self.server.should_exit = True

    def _repr_html_(self) -> str:
        link = f"<a href='{self.url}' target='_blank'>{self.url}</a>"
        return f"{link}<iframe src='{self.url}' width='100%' height='900' style='border: 0'></iframe>"


def _compute(exploration: Exploration) -> None:
    """Compute one of each, so that all is compiled before the page asks."""
    exploration.interpolate(0, 1)
    exploration.decode(exploration.code_at(0, exploration.map.places[0], {0: 0.0})[np.newaxis])
    exploration.restore(exploration.image("target", 0), {})
