"""Description of a run, which MLflow shows at its head: what was trained, on which data, and how good it is."""

from collections.abc import Mapping

from aeexp.runs.metric_table import headline, latent_summary
from aeexp.tracking.tracker import RunSpec

DESCRIPTION_TAG = "mlflow.note.content"
PARTS = ("model", "augmentation", "corruption", "loss", "optimizer", "experiment")
UNSAID = {"augmentation": "none"}
"""What most runs choose."""


def description(spec: RunSpec, metrics: Mapping[str, float], state: str, pictured: str | None) -> str:
    """The description in Markdown, with the picture of the run that MLflow's server gives.

    Args:
        metrics: of the run.
        state: how far it is, such as `25 epochs`.
        pictured: the id of the run, where it has a figure of reconstructions.
    """
    sizes = [f"{each.profile['images']:,} {context} images" for context, each in spec.datasets.items()]
    data = ", ".join([*dict.fromkeys(each.name for each in spec.datasets.values()), *sizes])
    chosen = ", ".join(
        f"{part} {spec.params[part]}" for part in PARTS if spec.params.get(part) not in (None, UNSAID.get(part))
    )
    lines = [f"{chosen}  \n{data}; {state}".strip("; \n"), headline(metrics), latent_summary(metrics)]
    if pictured:
        lines.append(f"![reconstructions](get-artifact?path=figures%2Freconstructions.png&run_uuid={pictured})")
    return "\n\n".join(filter(None, lines))
