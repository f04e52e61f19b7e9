"""The token that the explorer needs beyond loopback."""

import asyncio

import pytest
from fastapi import Request, Response

from aeexp.explorer.guard import COOKIE, Guard

TOKEN = "a-token"


def answer(query: str = "", **headers: str) -> Response:
    """What a guard with a token answers to a request."""
    encoded = [(name.encode(), value.encode()) for name, value in {"host": "10.0.0.7:8050", **headers}.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": encoded}

    async def page(_: Request) -> Response:
        return Response("page")

    return asyncio.run(Guard("0.0.0.0", 8050, TOKEN)(Request(scope), page))


def test_the_token_opens_the_page_and_is_kept_in_a_cookie():
    opened = answer(f"token={TOKEN}")
    assert opened.status_code == 200
    cookie = opened.headers["set-cookie"]
    assert f"{COOKIE}={TOKEN}" in cookie
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert answer(cookie=f"{COOKIE}={TOKEN}", origin="http://10.0.0.7:8050").status_code == 200


@pytest.mark.parametrize("query", ["", "token=", "token=b-token", "token=a-toke", "token=ä"])
def test_without_it_nothing_is_given(query):
    refused = answer(query)
    assert refused.status_code == 403
    assert refused.body == b"refused: open the address that was printed, with its token\n"


def test_another_page_is_refused_in_spite_of_it():
    assert answer(f"token={TOKEN}", origin="http://10.0.0.8:8050").status_code == 403
