"""The same config gives the same numbers, to the last bit."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
from hydra import compose, initialize_config_dir
from aeexp.config import CONF, register
from aeexp.quiet import import_tensorflow
import_tensorflow()
from aeexp.experiment import Experiment
register()
with initialize_config_dir(str(CONF), version_base="1.3"):
    config = compose("train", sys.argv[1:])
experiment = Experiment.from_config(config)
experiment.run()
(run,) = experiment.tracker.runs
print(json.dumps({name: [value.hex() for value in values] for name, values in run.metrics.items()}))
"""

COMMON = ("tracking=memory", "dataset.limit=300", "trainer.epochs=2", "trainer.batch_size=128", "report=none")


def metrics(*words: str) -> dict[str, list[str]]:
    command = [sys.executable, "-c", PROGRAM, *COMMON, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "words", [["corruption=noise"], ["model=conv_vae", "loss=[bce,kl]", "optimizer=rmsprop"]], ids=["denoising", "vae"]
)
def test_twice_the_same_whatever_the_threads(words):
    first = metrics("trainer.threads=1", *words)
    assert len(first["val/loss"]) == 2
    assert metrics("trainer.threads=2", *words) == first


def test_another_seed_gives_other_numbers():
    assert metrics("seed=1") != metrics("seed=2")
