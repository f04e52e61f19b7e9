"""Guard of the explorer: who may ask it anything."""

import hmac
from collections.abc import Awaitable, Callable

from fastapi import Request, Response

COOKIE = "aeexp_explorer"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Addresses that no other machine can reach."""

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request at most."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-eval'",  # plotly builds its drawing functions
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "frame-ancestors 'self' http://localhost:* http://127.0.0.1:*",  # notebooks on this machine
    )
)
"""What the page may load: nothing from elsewhere."""

Next = Callable[[Request], Awaitable[Response]]


class Guard:
    """Lets requests through that come from the page itself.

    A foreign page in the same browser could reach a server on loopback: by its address, which its Origin tells, or
    under a name that it has pointed there, which the Host tells. From other machines a token is needed, which the page
    is opened with.

    Args:
        host: that the server listens on.
        port: that it listens on.
        token: that is needed; None on loopback.
    """

    def __init__(self, host: str, port: int, token: str | None) -> None:
        self._hosts = {f"[{name}]:{port}" if ":" in name else f"{name}:{port}" for name in (*LOOPBACK, host)}
        self._token = token

    async def __call__(self, request: Request, call_next: Next) -> Response:
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if self._token is None and host not in self._hosts:
            return _refused("this server answers to the address that it was started with alone")
        if origin is not None and origin != f"http://{host}":
            return _refused("another page cannot ask this one")
        if int(request.headers.get("content-length") or 0) > MAX_BODY or "transfer-encoding" in request.headers:
            return _refused("the request is too large")
        given = request.query_params.get("token") or request.cookies.get(COOKIE, "")
        if self._token is not None and not hmac.compare_digest(given.encode(), self._token.encode()):
            return _refused("open the address that was printed, with its token")
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if self._token is not None:
            response.set_cookie(COOKIE, self._token, httponly=True, samesite="strict")
        return response


def _refused(reason: str) -> Response:
    return Response(f"refused: {reason}\n", status_code=403, media_type="text/plain")
