"""Constant learning rate."""

from __future__ import annotations

from dataclasses import dataclass

from aeexp.training.schedules.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class Constant(Schedule):
    """The base rate in every step after the warm-up."""

    @property
    def changes_rate(self) -> bool:
        return self.warmup_epochs > 0

    def after_warmup(self, rate: float, epochs: int, steps: int) -> float:
        return rate
