"""The picture of samples of six methods: trains each of them on MNIST for ten epochs, and draws new images.

    python docs/samples.py

Takes half an hour on two cores; a training that the store has is not repeated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure
from PIL import Image

import aeexp
from aeexp.reports.plotting import mosaic

DOCS = Path(__file__).parent
EPOCHS = 10
ROWS, COLUMNS = 6, 8
COLORS = 32


@dataclass(frozen=True)
class Method:
    """A method of the picture.

    Args:
        title: above its samples.
        overrides: of its training.
        sampler: that draws its codes.
    """

    title: str
    overrides: tuple[str, ...]
    sampler: str | None = None


METHODS = (
    Method("VAE", ("model=dense_vae", "model.latent_dim=16")),
    Method("IWAE, K = 5", ("model=iwae",)),
    Method("VampPrior", ("model=vamp_vae",)),
    Method("flow prior (Real NVP)", ("model=flow_vae",)),
    Method("hyperspherical VAE", ("model=sphere_vae",)),
    Method("RAE, Gaussian mixture", ("model=rae",), "gaussian_mixture"),
)


def main() -> None:
    """Train what is missing and draw the picture."""
    matplotlib.use("Agg")
    figure = Figure(figsize=(9, 5.4), layout="constrained")
    for axes, (method, run) in zip(figure.subplots(2, 3).flat, _trained(), strict=True):
        images = run.sample(ROWS * COLUMNS, seed=0, sampler=method.sampler)
        axes.imshow(mosaic(images.reshape(ROWS, COLUMNS, *images.shape[1:]), scale=1), cmap="gray")
        axes.set_title(f"{method.title}\n{' '.join(method.overrides)}", fontsize=9)
        axes.axis("off")
    figure.savefig(DOCS / "samples.png", dpi=100)
    with Image.open(DOCS / "samples.png") as picture:
        picture.convert("L").quantize(COLORS).save(DOCS / "samples.png", optimize=True)


def _trained() -> Iterator[tuple[Method, aeexp.Run]]:
    for method in METHODS:
        name = f"samples {' '.join(method.overrides)}"
        found = aeexp.runs(filter=f"attributes.run_name = '{name}' and attributes.status = 'FINISHED'")
        epochs = {"trainer.epochs": EPOCHS, "report": "none", "baseline": "none", "name": name}
        yield method, aeexp.load(found.index[0]) if len(found) else aeexp.train(*method.overrides, epochs)


if __name__ == "__main__":
    main()
