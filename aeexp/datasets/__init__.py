"""Data sets. `aeexp.datasets()` lists those of the package."""

import sys

from aeexp.lazy import CallablePackage

sys.modules[__name__].__class__ = CallablePackage
