"""Environment of a run: versions that results depend on, and the machine. Loads no TensorFlow."""

import os
import platform
from functools import cache
from importlib.metadata import version

PACKAGES = ("aeexp", "tensorflow", "keras", "numpy", "hydra-core", "omegaconf", "mlflow")


@cache
def environment() -> dict[str, str]:
    """Versions that results depend on, and the machine."""
    machine = {"machine": platform.machine(), "processors": str(os.cpu_count())}
    return {"python": platform.python_version(), **machine} | {package: version(package) for package in PACKAGES}
