"""The life of a run. `aeexp.runs()` lists the recorded ones."""

import sys

from aeexp.lazy import CallablePackage

sys.modules[__name__].__class__ = CallablePackage
