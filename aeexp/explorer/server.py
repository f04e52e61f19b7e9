"""Server of the explorer: a page on this machine, and what it asks for."""

from importlib.resources import files
from threading import Lock
from typing import Annotated

import numpy as np
from fastapi import Body, FastAPI, HTTPException, Response
from fastapi.responses import HTMLResponse
from plotly.offline import get_plotlyjs
from pydantic import BaseModel, Field

from aeexp.errors import ConfigError
from aeexp.explorer.content import about
from aeexp.explorer.exploration import Exploration
from aeexp.explorer.guard import Guard

FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
"""For what never changes while the server runs."""

KINDS = {"css": "text/css", "js": "text/javascript"}
FILES = ("explorer.js", "server.js", "style.css")


class Moved(BaseModel):
    """A code: that of an image, moved on the map and along some directions."""

    index: int = Field(ge=0)
    place: tuple[float, float] | None = None
    sliders: dict[int, float] = {}


class Pair(BaseModel):
    """Two images."""

    first: int = Field(ge=0)
    second: int = Field(ge=0)


def page_file(name: str) -> str:
    """A file of the page."""
    return (files("aeexp.explorer") / "page" / name).read_text(encoding="utf-8")


def build_app(exploration: Exploration, guard: Guard) -> FastAPI:
    """The application. No request names a file or a class; each gives numbers alone."""
    app = FastAPI(openapi_url=None)
    app.middleware("http")(guard)
    _add_page(app, exploration)
    _add_pictures(app, exploration)
    return app


def _add_page(app: FastAPI, exploration: Exploration) -> None:
    """The page, and what it is told once."""

    @app.get("/", response_class=HTMLResponse)
    def index() -> str:
        return page_file("index.html")

    @app.get("/plotly.js")
    def plotly() -> Response:
        return Response(get_plotlyjs(), media_type=KINDS["js"], headers=FOREVER)

    for name in FILES:
        app.get(f"/{name}")(_sender(name))

    @app.get("/api/about")
    def tell() -> dict[str, object]:
        return about(exploration)

    @app.get("/api/image/{kind}/{index}")
    def image(kind: str, index: int) -> Response:
        try:
            return Response(exploration.image(kind, index).tobytes(), headers=FOREVER)
        except (KeyError, IndexError, ValueError) as error:
            raise HTTPException(404, "no such image") from error


def _add_pictures(app: FastAPI, exploration: Exploration) -> None:
    """What the networks compute, one request at a time."""
    lock = Lock()

    @app.post("/api/decode")
    def decode(code: Moved) -> Response:
        vector = _vector(code, exploration)
        with lock:
            pixels = exploration.decode(vector[np.newaxis])[0]
        coordinates = ",".join(f"{value:.6g}" for value in exploration.directions.coordinates(vector))
        return Response(pixels.tobytes(), headers={"X-Coordinates": coordinates})

    @app.post("/api/interpolate")
    def interpolate(pair: Pair) -> Response:
        _check(max(pair.first, pair.second), exploration)
        with lock:
            return Response(exploration.interpolate(pair.first, pair.second).tobytes())

    @app.post("/api/restore")
    def restore(strengths: str, image: Annotated[bytes, Body(media_type="application/octet-stream")]) -> Response:
        shape = exploration.first.targets.shape[1:]
        if len(image) != np.prod(shape):
            raise HTTPException(422, "an image of another size")
        values = _strengths(strengths, exploration)
        try:
            with lock:
                corrupted, restored = exploration.restore(np.frombuffer(image, np.uint8).reshape(shape), values)
        except ConfigError as error:
            raise HTTPException(422, str(error)) from error
        return Response(b"".join(each.tobytes() for each in (corrupted, *restored)))


def _sender(name: str):  # type: ignore[no-untyped-def]
    def send() -> Response:
        return Response(page_file(name), media_type=KINDS[name.rpartition(".")[2]])

    return send


def _check(index: int, exploration: Exploration) -> None:
    if index >= len(exploration.codes):
        raise HTTPException(404, "no such image")


def _vector(code: Moved, exploration: Exploration) -> np.ndarray:
    """The code of a request, float32 [D]."""
    _check(code.index, exploration)
    if not set(code.sliders) <= set(range(len(exploration.directions.names))):
        raise HTTPException(422, "no such direction")
    with np.errstate(over="ignore", invalid="ignore"):
        place = None if code.place is None else np.array(code.place, np.float32)
        vector = exploration.code_at(code.index, place, code.sliders)
    if not np.isfinite(vector).all():
        raise HTTPException(422, "no such place")
    return vector


def _strengths(text: str, exploration: Exploration) -> dict[str, float]:
    """The strengths of a request by their names: numbers, separated by commas."""
    names = list(exploration.corruption.strengths)
    try:
        values = [float(each) for each in text.split(",") if each]
    except ValueError:
        values = []
    if len(values) != len(names) or not np.isfinite(values).all():
        raise HTTPException(422, f"strengths: a finite number each of {', '.join(names) or 'nothing'} is needed")
    return dict(zip(names, values, strict=True))
