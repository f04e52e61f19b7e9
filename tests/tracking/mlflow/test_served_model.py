"""The MLflow model, for those who do not have aeexp."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from contextlib import suppress

import mlflow
import numpy as np
import pytest
import yaml

from aeexp.datasets.mnist import Mnist
from aeexp.runs.loading import LoadedRun
from aeexp.tracking.mlflow.current_store import current_store
from tests.support.processes import free_port, wait_for
from tests.support.stores import database, run_named, tracker_of
from tests.support.trainings import NOISY_AND_VARIATIONAL

WITHOUT_AEEXP = """
import sys
sys.modules["aeexp"] = None  # importing it fails
import mlflow, numpy as np
model = mlflow.pyfunc.load_model(sys.argv[1])
digits = np.load(sys.argv[2])
for output in ("reconstruction", "latent", "log_variance"):
    np.save(f"{sys.argv[3]}/{output}.npy", model.predict(digits, params={"output": output}))
"""


@pytest.fixture(scope="module")
def served(trained_stores):
    """The store of a variational autoencoder with an MLflow model, and the id of its run."""
    store = trained_stores.after(*NOISY_AND_VARIATIONAL)
    with current_store(database(store)):
        yield store, run_named(store, "variational").info.run_id


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    return (Mnist(limit=300).load("test").images / 255).astype(np.float32)


@pytest.fixture(scope="module")
def outputs(served, digits):
    """What the network itself gives for the digits."""
    store, run_id = served
    return LoadedRun.find(run_id, tracker_of(store).store).model()(digits)


def test_gives_images_or_codes(served, digits, outputs):
    model = mlflow.pyfunc.load_model(f"runs:/{served[1]}/model")
    np.testing.assert_allclose(model.predict(digits), outputs["reconstruction"], atol=1e-6)
    for name in ("latent", "mean", "log_variance"):
        np.testing.assert_allclose(model.predict(digits, params={"output": name}), outputs[name], atol=1e-5)


def test_refuses_what_does_not_fit(served, digits):
    model = mlflow.pyfunc.load_model(f"runs:/{served[1]}/model")
    with pytest.raises(mlflow.MlflowException, match="output must be one of mean, log_variance, latent, recon"):
        model.predict(digits, params={"output": "beauty"})
    with pytest.raises(mlflow.MlflowException, match="shape"):
        model.predict(digits[:, :20])


def test_is_described_for_those_who_find_it(served):
    folder = mlflow.artifacts.download_artifacts(f"runs:/{served[1]}/model")
    with open(f"{folder}/MLmodel") as file:
        about = yaml.safe_load(file)
    (images,) = json.loads(about["signature"]["inputs"])
    (parameter,) = json.loads(about["signature"]["params"])
    assert images["tensor-spec"]["shape"] == [-1, 28, 28, 1]
    assert (parameter["name"], parameter["default"]) == ("output", "reconstruction")
    assert {"input_example.json", "serving_input_example.json"} <= set(os.listdir(folder))
    with open(f"{folder}/requirements.txt") as file:
        assert "aeexp" not in file.read()


def test_holds_no_pickle(served):
    folder = mlflow.artifacts.download_artifacts(f"runs:/{served[1]}/model")
    files = {name for _, _, names in os.walk(folder) for name in names}
    assert {os.path.splitext(name)[1] for name in files} <= {"", ".json", ".keras", ".py", ".txt", ".yaml"}


@pytest.mark.slow
def test_loads_where_aeexp_is_not_installed(served, digits, outputs, tmp_path):
    np.save(tmp_path / "digits.npy", digits)
    words = [f"runs:/{served[1]}/model", tmp_path / "digits.npy", tmp_path]
    done = subprocess.run([sys.executable, "-c", WITHOUT_AEEXP, *words], cwd="/", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name in ("reconstruction", "latent", "log_variance"):
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), outputs[name], atol=1e-5)


@pytest.mark.slow
def test_answers_over_http(served, digits, outputs):
    port = free_port()
    words = ["models", "serve", "-m", f"runs:/{served[1]}/model", "--env-manager", "local", "--port", str(port)]
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"  # MLflow starts uvicorn by its name
    command = [sys.executable, "-m", "mlflow", *words]
    server = subprocess.Popen(command, start_new_session=True, env={**os.environ, "PATH": path})
    try:
        wait_for(f"http://127.0.0.1:{port}/ping", server)
        for name, count in (("reconstruction", 3), ("latent", 2)):
            question = {"inputs": digits[:count].tolist(), "params": {"output": name}}
            answer = _post(f"http://127.0.0.1:{port}/invocations", question)
            np.testing.assert_allclose(answer["predictions"], outputs[name][:count], atol=1e-5)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _post(address: str, question: dict) -> dict:
    request = urllib.request.Request(address, json.dumps(question).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)
