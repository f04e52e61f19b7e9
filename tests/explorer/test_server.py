"""The explorer's server: what it gives, and whom it refuses."""

import base64
import socket

import numpy as np
import pytest
import requests

import aeexp
from aeexp.errors import AeexpError, ConfigError
from aeexp.explorer.guard import MAX_BODY, Guard
from aeexp.explorer.serving import Explorer
from aeexp.runtime.address import check_address
from tests.support.processes import free_port
from tests.support.stores import TrainedStores
from tests.support.trainings import NOISY_AND_VARIATIONAL

pytestmark = pytest.mark.slow
IMAGE = (28, 28, 1)


@pytest.fixture(scope="module")
def runs(trained_stores: TrainedStores) -> dict[str, aeexp.Run]:
    home = trained_stores.after(*NOISY_AND_VARIATIONAL)
    return {name: aeexp.load(run_id, home=home) for run_id, name in aeexp.runs(home=home)["name"].items()}


@pytest.fixture(scope="module")
def explorer(runs):
    """A denoiser whose codes are grids, beside itself."""
    served = runs["noisy"].explore(beside=runs["noisy"], limit=30, port=free_port())
    yield served
    served.close()


@pytest.fixture(scope="module")
def variational(runs):
    served = runs["variational"].explore(limit=30, port=free_port())
    yield served
    served.close()


def get(explorer: Explorer, path: str, **more) -> requests.Response:
    return requests.get(explorer.url + path, timeout=60, **more)


def post(explorer: Explorer, path: str, **more) -> requests.Response:
    return requests.post(explorer.url + path, timeout=60, **more)


def pixels(response: requests.Response, *shape: int) -> np.ndarray:
    assert response.status_code == 200, response.text
    return np.frombuffer(response.content, np.uint8).reshape(shape)


def test_the_page_needs_no_other_server(explorer):
    page = get(explorer, "")
    assert "http" not in page.text
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for name in ("explorer.js", "server.js", "style.css"):
        assert get(explorer, name).status_code == 200
        assert "https://" not in get(explorer, name).text
    assert len(get(explorer, "plotly.js").content) > 10**6


def test_the_page_is_told_of_runs_images_and_codes_once(explorer, runs):
    about = get(explorer, "api/about").json()
    assert [run["id"] for run in about["runs"]] == [runs["noisy"].id[:8]] * 2
    assert about["count"] == 30
    assert len(np.frombuffer(base64.b64decode(about["places"]), "<f4")) == 60
    assert [strength["name"] for strength in about["strengths"]] == ["noise.std"]
    assert about["directions"][0]["name"] == "component 1"
    assert about["labels"][:3] == [7, 2, 1]


def test_images_are_those_of_the_run(explorer, runs):
    target, given, output = (pixels(get(explorer, f"api/image/{kind}/3"), *IMAGE) for kind in ("target", "input", "0"))
    assert np.abs(runs["noisy"].restore(given).astype(int) - output).max() <= 1
    assert np.array_equal(output, pixels(get(explorer, "api/image/1/3"), *IMAGE))
    assert not np.array_equal(target, given)
    assert "immutable" in get(explorer, "api/image/target/3").headers["Cache-Control"]


def test_a_place_is_decoded(explorer, variational):
    output = pixels(get(explorer, "api/image/0/3"), *IMAGE)
    assert np.abs(pixels(post(explorer, "api/decode", json={"index": 3}), *IMAGE).astype(int) - output).max() <= 1
    for served in (explorer, variational):
        kept = pixels(post(served, "api/decode", json={"index": 3}), *IMAGE)
        moved = post(served, "api/decode", json={"index": 3, "place": [1.0, 2.0], "sliders": {"0": 2.5}})
        assert float(moved.headers["X-Coordinates"].split(",")[0]) == pytest.approx(2.5, abs=1e-3)
        assert not np.array_equal(pixels(moved, *IMAGE), kept)


def test_images_between_two_begin_and_end_with_them(explorer):
    between = pixels(post(explorer, "api/interpolate", json={"first": 3, "second": 4}), 9, *IMAGE)
    for place, index in ((0, 3), (-1, 4)):
        assert np.array_equal(between[place], pixels(post(explorer, "api/decode", json={"index": index}), *IMAGE))


def test_a_drawn_image_is_corrupted_and_restored_by_both_runs(explorer):
    drawn = np.random.default_rng(0).integers(0, 256, IMAGE).astype(np.uint8)
    clean, *outputs = pixels(post(explorer, "api/restore?strengths=0", data=drawn.tobytes()), 3, *IMAGE)
    noisy, *_ = pixels(post(explorer, "api/restore?strengths=0.8", data=drawn.tobytes()), 3, *IMAGE)
    mean = 0.5  # of the noise of experiment=denoising
    assert np.allclose(clean, np.minimum(drawn / 255 + mean, 1) * 255, atol=1)
    assert np.array_equal(*outputs)
    assert np.abs(noisy.astype(int) - clean).mean() > 10


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *(("api/decode", {"index": 30}), ("api/decode", {"index": -1}), ("api/decode", {})),
        *(("api/decode", {"index": 0, "sliders": {"99": 1}}), ("api/decode", {"index": 0, "sliders": {"-1": 1}})),
        *(("api/decode", {"index": 0, "place": [1]}), ("api/decode", {"index": 0, "place": ["a", "b"]})),
        *(("api/interpolate", {"first": 0, "second": 30}), ("api/interpolate", {"first": 0})),
        *(("api/decode", {"index": 0, "place": [1e40, 0]}), ("api/decode", {"index": 0, "sliders": {"0": 1e308}})),
    ],
)
def test_what_there_is_not_is_refused(explorer, path, body):
    assert post(explorer, path, json=body).status_code in (404, 422)


def test_an_infinite_place_is_refused(explorer):
    body = '{"index": 0, "place": [1e400, 0]}'
    assert post(explorer, "api/decode", data=body, headers={"Content-Type": "application/json"}).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["api/image/target/30", "api/image/target/-1", "api/image/../3", "api/image/2/0", "api/image/x/0", "api/image/²/0"],
)
def test_no_request_names_anything_else(explorer, path):
    assert get(explorer, f"api/image/{path}").status_code in (404, 422)
    assert get(explorer, "../../etc/passwd").status_code == 404


@pytest.mark.parametrize("strengths", ["", "a", "0.1,0.2", "-1", "nan", "inf", "1e400", "101"])
def test_a_strength_that_cannot_be_is_refused(explorer, strengths):
    assert post(explorer, f"api/restore?strengths={strengths}", data=bytes(784)).status_code == 422
    assert post(explorer, "api/restore?strengths=0.1", data=bytes(783)).status_code == 422


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "127.0.0.1"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
)
def test_a_foreign_page_is_refused(explorer, headers):
    for path in ("", "api/about"):
        response = get(explorer, path, headers=headers)
        assert response.status_code == 403
        assert response.text.startswith("refused: ")


def test_a_large_request_is_refused(explorer):
    assert post(explorer, "api/restore?strengths=0", data=bytes(MAX_BODY + 1)).status_code == 403
    assert post(explorer, "api/restore?strengths=0", data=iter([b"a"])).status_code == 403


def test_it_listens_on_loopback_alone(explorer):
    port = int(explorer.url.rstrip("/").rpartition(":")[2])
    others = {each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None)} - {"127.0.0.1", "127.0.1.1", "::1"}
    for address in others:
        with pytest.raises(OSError):  # noqa: PT011
            socket.create_connection((address, port), timeout=2)


def test_another_address_needs_its_token(explorer, monkeypatch):
    monkeypatch.setattr("aeexp.explorer.serving.build_app", lambda exploration, guard: guard)
    monkeypatch.setattr("aeexp.explorer.serving._compute", lambda exploration: None)
    served = Explorer.of(None, "0.0.0.0", 8050)
    token = served.url.partition("?token=")[2]
    assert len(token) > 20
    assert Guard("0.0.0.0", 8050, token)._token == token
    assert Explorer.of(None, "127.0.0.1", 8050).url == "http://127.0.0.1:8050/"


def test_it_comes_up_once_and_frees_its_port(runs):
    served = runs["noisy"].explore(limit=10)
    port = int(served.url.rstrip("/").rpartition(":")[2])
    beside = runs["noisy"].explore(limit=10)
    assert beside.url != served.url
    with pytest.raises(ConfigError, match=f"port: {port} is in use"):
        runs["noisy"].explore(limit=10, port=port)
    with pytest.raises(AeexpError, match="was started before"):
        served.start()
    assert repr(served) == f"Explorer('{served.url}')"
    served.close()
    check_address("127.0.0.1", port)
    beside.close()
