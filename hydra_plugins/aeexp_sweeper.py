"""The Hydra plugin that hands sweeps to `aeexp.sweeps`; Hydra finds plugins in this namespace only."""

from collections.abc import Sequence
from typing import Any

from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


class TrackedSweeper(Sweeper):
    """A sweeper that records a sweep in MLflow and runs its jobs by the configured launcher."""

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        from aeexp.sweeps.config_loader import CachingConfigLoader

        loader = CachingConfigLoader(hydra_context.config_loader)
        self.hydra_context = HydraContext(loader, hydra_context.callbacks)
        self.config = config

    def sweep(self, arguments: list[str]) -> Any:
        from aeexp.sweeps.expansion import without_single_values
        from aeexp.sweeps.jobs import FORMER_PROTOCOL, Plan

        assert self.hydra_context
        assert self.config
        arguments = without_single_values(arguments)
        plan = Plan.from_overrides(arguments, self.config, self.hydra_context.config_loader)
        for key, jobs in plan.left_out.items():
            more = f" and {len(jobs) - 3} more" if len(jobs) > 3 else ""
            print(f"{key} is left out of {', '.join(jobs[:3])}{more}, where nothing has it", flush=True)
        plan.check()  # before MLflow and TensorFlow are loaded, which takes seconds
        from aeexp.sweeps.sweep import Sweep, is_of_older_version

        if is_of_older_version(plan, self.config):
            print(f"goes on with a sweep of an older version: {FORMER_PROTOCOL}", flush=True)
            arguments = [*arguments, f"++{FORMER_PROTOCOL}"]
            plan = Plan.from_overrides(arguments, self.config, self.hydra_context.config_loader)
            plan.check()
        return Sweep(plan, self.config, tuple(arguments)).run(self._launch)

    def _launch(self, task: TaskFunction, overrides: Sequence[Sequence[str]]) -> Sequence[JobReturn]:
        """Run a task for each list of overrides, and return when all have ended."""
        launcher = Plugins.instance().instantiate_launcher(self.hydra_context, task, self.config)  # type: ignore[arg-type]
        return launcher.launch(overrides, initial_job_idx=0)
