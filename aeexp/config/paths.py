"""Folders of the configs and of the runs."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
CHECKOUT = PACKAGE.parent if (PACKAGE.parent / "conf" / "train.yaml").exists() else None
CONF = CHECKOUT / "conf" if CHECKOUT else PACKAGE / "conf"


def mlruns() -> str:
    """The absolute folder of all runs: that of the checkout, or `mlruns` where an installed `aeexp` is started."""
    return str((CHECKOUT or Path.cwd()) / "mlruns")
