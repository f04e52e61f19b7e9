"""The explorer as a server, in this process until Ctrl-C or beside a notebook."""

import secrets
import threading
import time
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import uvicorn

from aeexp.errors import AeexpError
from aeexp.explorer.exploration import Exploration
from aeexp.explorer.guard import LOOPBACK, Guard
from aeexp.explorer.server import build_app
from aeexp.runtime.browser import show_page

SECONDS_TO_START = 20
SECONDS_TO_END = 5
SECONDS_BETWEEN_LOOKS = 0.5
"""At the thread of the server, between which Ctrl-C is heard."""


@dataclass(frozen=True, repr=False)
class Explorer:
    """Explorer of a run, served.

    Args:
        server: not yet started.
        url: of its page, with the token that it needs.
    """

    server: uvicorn.Server
    url: str

    def __repr__(self) -> str:
        return f"Explorer({self.url!r})"

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
            AeexpError: where it does not come up, or has been started before.
        """
        if self.server.started:
            raise AeexpError(f"the explorer at {self.url} was started before; explore the run again.")
        self._thread.start()
        end = time.monotonic() + SECONDS_TO_START
        while not self.server.started:
            if time.monotonic() > end or not self._thread.is_alive():
                raise AeexpError(f"the explorer did not come up at {self.url}; choose another port.")
            time.sleep(0.02)

    def wait(self, *, open: bool = True) -> None:
        """Answer until Ctrl-C, as a script needs that has nothing else to do.

        Args:
            open: the page in the browser.
        """
        show_page("explorer", self.url, opened=open)
        try:
            while self._thread.is_alive():
                self._thread.join(SECONDS_BETWEEN_LOOKS)
        except KeyboardInterrupt:
            self.close()

    def close(self) -> None:
        """End the server."""
        self.server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(SECONDS_TO_END)

    @cached_property
    def _thread(self) -> threading.Thread:
        return threading.Thread(target=self.server.run, daemon=True, name="aeexp explorer")

    def _repr_html_(self) -> str:
        link = f"<a href='{self.url}' target='_blank'>{self.url}</a>"
        return f"{link}<iframe src='{self.url}' width='100%' height='900' style='border: 0'></iframe>"


def _compute(exploration: Exploration) -> None:
    """Compute one of each, so that all is compiled before the page asks."""
    exploration.interpolate(0, 1)
    exploration.decode(exploration.code_at(0, exploration.map.places[0], {0: 0.0})[np.newaxis])
    exploration.restore(exploration.image("target", 0), {})
