"""The same config gives the same numbers, to the last bit."""

import json

import pytest

from tests.support.processes import run

pytestmark = pytest.mark.slow

PROGRAM = """
import json, sys
from hydra import compose, initialize_config_dir
from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.runtime.tensorflow import import_tensorflow
import_tensorflow()
from aeexp.runs.experiment import Experiment
from aeexp.runtime.threads import use_threads
register_schemas()
common, *trainings = json.loads(sys.argv[1])
metrics = []
for words in trainings:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        config = compose("train", [*common, *words])
    use_threads(config.trainer.threads)
    experiment = Experiment.from_config(config)
    experiment.run()
    (run,) = experiment.tracker.runs
    metrics.append({name: [value.hex() for value in values] for name, values in run.metrics.items()})
print(json.dumps(metrics))
"""

COMMON = (
    *("tracking=memory", "dataset.limit=300", "trainer.epochs=2", "trainer.batch_size=128", "report=none"),
    "baseline=none",
)
CASES = {
    "denoising": ["corruption=noise"],
    "vae": ["model=conv_vae", "loss=[bce,kl]", "optimizer=rmsprop"],
    "vamp": ["model=vamp_vae"],
}
PROCESSES = {
    1: {**CASES, "seed": ["seed=1"]},
    2: {"seed": ["seed=2"], **dict(reversed(CASES.items()))},
}
"""Threads, and what is trained one after the other: what came before must make no difference."""


@pytest.fixture(scope="module")
def metrics(tmp_path_factory) -> list[dict[str, dict]]:
    """Those that each process finds, by the name of the case."""
    found = []
    for threads, cases in PROCESSES.items():
        folder = tmp_path_factory.mktemp("process")
        common = [*COMMON, f"trainer.checkpoints={folder}", f"trainer.threads={threads}"]
        done = run(json.dumps([common, *cases.values()]), program=("-c", PROGRAM))
        assert done.returncode == 0, done.stderr
        found.append(dict(zip(cases, json.loads(done.stdout.splitlines()[-1]), strict=True)))
    return found


@pytest.mark.parametrize("case", CASES)
def test_twice_the_same_whatever_the_threads(metrics, case):
    first, second = (each[case] for each in metrics)
    assert len(first["val/loss"]) == 2
    assert second == first


def test_another_seed_gives_other_numbers(metrics):
    first, second = (each["seed"] for each in metrics)
    assert first != second
