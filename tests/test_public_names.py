"""The public face of the package."""

import ast
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import aeexp

PROGRAM = """
import os, random, sys
environment, state = dict(os.environ), random.getstate()
import aeexp
aeexp.ConfigError
heavy = {"tensorflow", "keras", "mlflow", "matplotlib", "hydra", "numpy"} & set(sys.modules)
print(heavy or "nothing", dict(os.environ) == environment, random.getstate() == state)
"""


@pytest.mark.parametrize("name", aeexp.__all__)
def test_every_public_name_is_there(name):
    assert getattr(aeexp, name) is not None
    assert name in dir(aeexp)


def test_type_checkers_see_the_same_names():
    tree = ast.parse(Path(aeexp.__file__).read_text())
    (checked,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {name.asname for node in checked.body for name in node.names}
    assert seen == set(aeexp.__all__) - {"__version__"}
    assert (Path(aeexp.__file__).parent / "py.typed").exists()


def test_the_contract_of_every_room_is_public():
    """The file named in the singular in each room of components, such as `losses/loss.py`."""
    package = Path(aeexp.__file__).parent
    models = "models/architectures models/bottlenecks models/priors"
    rooms = f"augmentations baselines corruptions datasets losses metrics {models} reports"
    for room in rooms.split():
        contract = room.rpartition("/")[2].removesuffix("es" if room == "losses" else "s")
        assert (package / room / f"{contract}.py").exists()
        assert contract.capitalize() in aeexp.__all__


def test_importing_changes_nothing_and_loads_nothing_heavy():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout == "nothing True True\n"


def test_the_version_is_that_of_the_package():
    assert aeexp.__version__ == version("aeexp")


def test_other_names_are_refused():
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        aeexp.nonsense  # noqa: B018
