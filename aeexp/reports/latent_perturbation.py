"""Latent perturbation: images decoded from codes with added noise."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.psnr import Psnr
from aeexp.reports.plotting import image_grid, probe_titles
from aeexp.reports.report import Report
from aeexp.reports.style import Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

NOISE_LEVELS = np.geomspace(0.01, 10, 10)
"""Standard deviations of the noise along the curve."""


@dataclass(frozen=True)
class LatentPerturbation(Report):
    """Images decoded from codes with increasing noise and from noise alone, and the PSNR as a function of the noise.

    Args:
        levels: standard deviations of the Gaussian noise added to the codes, one row of images each.
        images: number of test images that the curve is averaged over (the first ones).
        seed: of the noise.
    """

    levels: list[float]
    images: int
    seed: int

    def __post_init__(self) -> None:
        if min(self.levels, default=0) < 0:
            raise ConfigError(f"`levels` must be at least 0. Received levels={self.levels}.")
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        probes = evaluation.at_probes()
        if len(probes.indices):
            rows = {name: probes.decode(codes) for name, codes in self._perturbed(probes.codes).items()}
            title = "Images decoded from codes with added noise"
            yield FigureArtifact("latent_perturbation", image_grid(rows, probe_titles(probes), title))
        yield FigureArtifact("latent_perturbation_curve", self._curve(evaluation))

    def _perturbed(self, codes: np.ndarray) -> dict[str, np.ndarray]:
        """The codes of each row by its label."""
        random = np.random.default_rng(self.seed)
        noise = random.standard_normal(codes.shape)
        rows = {f"+ {level:g}·N(0, 1)" if level else "code": codes + level * noise for level in self.levels}
        return rows | {"U(0, 1)": random.uniform(size=codes.shape), "N(0, 1)": random.standard_normal(codes.shape)}

    def _curve(self, evaluation: EvaluationResult) -> Figure:
        codes = evaluation.codes[: self.images]
        noise = np.random.default_rng(self.seed).standard_normal(codes.shape)
        clean, targets = evaluation.decode(codes), evaluation.targets[: len(codes)]
        outputs = [evaluation.decode(codes + level * noise) for level in NOISE_LEVELS]
        figure = Figure(5, 3.6)
        axes = figure.subplots()
        for name, images in {"the output without noise": clean, "the target": targets}.items():
            axes.plot(NOISE_LEVELS, [_psnr(images, output) for output in outputs], marker=".", label=f"against {name}")
        axes.set(
            title="PSNR with noise in the latent code",
            xlabel="standard deviation of the noise",
            ylabel="PSNR (dB)",
            xscale="log",
        )
        axes.legend()
        return figure


def _psnr(targets: np.ndarray, images: np.ndarray) -> float:
    """Mean PSNR over images, in dB."""
    return float(np.mean(Psnr()(targets, images)))
