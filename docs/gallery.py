"""The gallery of figures: trains three small networks and writes their figures, and the page that shows them.

    python docs/gallery.py

Takes some minutes, and needs the extra `umap`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

import aeexp

DOCS = Path(__file__).parent
WITHOUT_FIGURES = {"none", "probe_arrays"}
WIDTH, COLORS = 900, 128
"""Of the pictures, so that they are small."""

INTRODUCTION = """\
# Gallery

Figures of real runs; `docs/gallery.py` trains them and writes this page. Each heading names the report that draws the
figures below it. `'report=[tsne]'` draws a report alone, and `aeexp evaluate run=latest 'report=[tsne]'` that of a
finished run. The figures of a sweep are on the page on [sweeps](sweeps.md#what-you-see).
"""


@dataclass(frozen=True)
class Shown:
    """A network of the gallery.

    Args:
        title: of its part of the page.
        overrides: of its training.
        figures: by report.
    """

    title: str
    overrides: tuple[str, ...]
    figures: dict[str, tuple[str, ...]]

    @property
    def words(self) -> tuple[str, ...]:
        """The overrides with the reports."""
        return (*self.overrides, f"report=[{','.join(self.figures)}]")

    @property
    def folder(self) -> str:
        return f"gallery/{self.title.split()[0].lower()}"


SHOWN = (
    Shown(
        "Denoising",
        ("experiment=denoising", "augmentation=shift", "trainer.epochs=5", "name=denoiser"),
        {
            "reconstructions": ("reconstructions",),
            "loss_curves": ("loss_curves",),
            "best_and_worst": ("best_and_worst",),
            "error_by_class": ("error_by_class",),
            "error_maps": ("error_maps",),
            "robustness": ("robustness_noise_std",),
            "augmentations": ("augmentations",),
        },
    ),
    Shown(
        "VAE with a code of two numbers",
        ("experiment=vae", "trainer.epochs=8", "name=vae"),
        {
            "latent_scatter": ("latent_scatter",),
            "latent_manifold": ("latent_manifold",),
            "latent_perturbation": ("latent_perturbation", "latent_random", "latent_perturbation_curve"),
        },
    ),
    Shown(
        "Convolutional VAE with a code of 16 numbers",
        ("model=conv_vae", "trainer.epochs=5", "name=conv_vae"),
        {
            "latent_codes": ("latent_codes",),
            "latent_quality": ("latent_kl",),
            "probe_confusion": ("probe_confusion",),
            "code_spectrum": ("code_spectrum",),
            "tsne": ("tsne",),
            "umap": ("umap",),
            "nearest_neighbors": ("nearest_neighbors",),
            "interpolation": ("interpolation",),
            "samples": ("samples",),
        },
    ),
)


def main() -> None:
    """Train, write the pictures and write the page."""
    missing = set(aeexp.options("report")) - WITHOUT_FIGURES - {name for shown in SHOWN for name in shown.figures}
    assert not missing, f"give the reports a place in SHOWN: {missing}"
    for shown in SHOWN:
        with TemporaryDirectory() as home:
            figures = aeexp.train(*shown.words, home=home).figures
            for name in (name for names in shown.figures.values() for name in names):
                write(figures[name], DOCS / shown.folder / f"{name}.png")
    (DOCS / "gallery.md").write_text("\n".join([INTRODUCTION, *(line for shown in SHOWN for line in part(shown))]))


def write(figure: Image.Image, path: Path) -> None:
    """Write a figure as a small file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure = figure.convert("RGB")
    figure.thumbnail((WIDTH, 10 * WIDTH), Image.Resampling.LANCZOS)
    figure.quantize(COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)


def part(shown: Shown) -> Iterator[str]:
    """The lines of the page on a network."""
    described = aeexp.options("report")
    *words, reports = shown.words
    yield f"## {shown.title}\n\n    aeexp train {' '.join(words)} \\\n        '{reports}'\n"
    for report, names in shown.figures.items():
        yield f"### {report}\n\n{described[report]}.\n"
        yield from (f"![{name.replace('_', ' ').capitalize()}]({shown.folder}/{name}.png)\n" for name in names)


if __name__ == "__main__":
    main()
