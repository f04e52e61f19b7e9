"""Latent perturbation: images decoded from codes with added noise, and from random codes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from aeexp.errors import ConfigError
from aeexp.evaluation.result import EvaluationResult
from aeexp.metrics.psnr import Psnr
from aeexp.reports.plotting import image_grid, probe_heading, probe_titles
from aeexp.reports.report import Report
from aeexp.reports.style import SMALL_SIZE, Figure
from aeexp.tracking.artifacts import Artifact, FigureArtifact

NOISE_LEVELS = np.geomspace(0.01, 10, 10)
"""Strengths of the noise along the curve, in standard deviations of the codes."""

ROWS_CAPTION = "Images that the decoder makes of codes with more and more noise. The noise is counted in σ, the \
spread of each number of the code over the test images, so that codes of any scale are comparable. Codes that the \
bottleneck cannot give are replaced by the nearest ones that it can."

RANDOM_CAPTION = (
    "Images that the decoder makes of random codes, which belong to no test image: with the mean and spread \
of the codes, standard normal, and uniform."
)

CURVE_CAPTION = (
    "How near decoded images stay to the output without noise, and to the target, as the code is disturbed. \
Noise of 1 σ is as large as the spread of the codes themselves."
)


@dataclass(frozen=True)
class LatentPerturbation(Report):
    """Images decoded from codes with increasing noise and from noise alone, and the PSNR as a function of the noise.

    Args:
        levels: standard deviations of the Gaussian noise added to the codes, relative to the standard deviation of
            each value of the code over the images; one row of images each.
        images: number of test images that the curve is averaged over (the first ones).
        seed: of the noise.
    """

    of_codes: ClassVar[bool] = True

    levels: list[float]
    images: int
    seed: int

    def __post_init__(self) -> None:
        if min(self.levels, default=0) < 0:
            raise ConfigError(f"`levels` must be at least 0. Received levels={self.levels}.")
        if self.images < 1:
            raise ConfigError(f"`images` must be at least 1. Received images={self.images}.")

    def __call__(self, evaluation: EvaluationResult) -> Iterator[Artifact]:
        if not np.isfinite(evaluation.codes).all():
            return
        probes, sigma = evaluation.at_probes(), evaluation.codes.std(axis=0)
        if len(probes.indices):
            noise = np.random.default_rng(self.seed).standard_normal(probes.codes.shape)
            levels = {f"code + {level:g} σ" if level else "code": level for level in self.levels}
            rows = {name: probes.decode_nearest(probes.codes + level * sigma * noise) for name, level in levels.items()}
            title = "Images decoded from codes with added noise"
            source = evaluation.source.probes(len(probes.indices))
            figure = image_grid(rows, probe_titles(probes), title, source, probe_heading(probes))
            yield FigureArtifact("latent_perturbation", figure, ROWS_CAPTION)
            yield FigureArtifact("latent_random", self._random(evaluation, len(probes.indices)), RANDOM_CAPTION)
        yield FigureArtifact("latent_perturbation_curve", self._curve(evaluation, sigma), CURVE_CAPTION)

    def _random(self, evaluation: EvaluationResult, count: int) -> Figure:
        random = np.random.default_rng(self.seed + 1)
        codes = evaluation.codes
        normal = random.standard_normal((count, *codes.shape[1:]))
        drawn = {
            "N(mean, σ²) of the codes": codes.mean(axis=0) + codes.std(axis=0) * normal,
            "N(0, 1)": normal,
            "U(0, 1)": random.uniform(size=normal.shape),
        }
        rows = {name: evaluation.decode_nearest(latents) for name, latents in drawn.items()}
        return image_grid(rows, [""] * count, "Images decoded from random codes", evaluation.source.without_images)

    def _curve(self, evaluation: EvaluationResult, sigma: np.ndarray) -> Figure:
        codes = evaluation.codes[: self.images]
        noise = sigma * np.random.default_rng(self.seed).standard_normal(codes.shape)
        clean, targets = evaluation.decode(codes), evaluation.targets[: len(codes)]
        outputs = [evaluation.decode_nearest(codes + level * noise) for level in NOISE_LEVELS]
        figure = Figure(6, 4.2, "PSNR of images decoded from disturbed codes", evaluation.source.first(len(codes)))
        axes = figure.subplots()
        for name, images in {"the output without noise": clean, "the target": targets}.items():
            axes.plot(NOISE_LEVELS, [_psnr(images, output) for output in outputs], marker="o", label=f"against {name}")
        axes.set(xlabel="noise, in standard deviations σ of the code", ylabel="PSNR (dB)", xscale="log")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=SMALL_SIZE)
        return figure


def _psnr(targets: np.ndarray, images: np.ndarray) -> float:
    """Mean PSNR over images, in dB."""
    return float(np.mean(Psnr()(targets, images)))
