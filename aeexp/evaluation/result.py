"""Result of an evaluation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from aeexp.evaluation.source import Source
from aeexp.metrics.metric import Metric
from aeexp.metrics.psnr import Psnr

if TYPE_CHECKING:
    from aeexp.evaluation.samples import SampleSource
    from aeexp.models.autoencoder import Autoencoder
    from aeexp.models.priors.prior import Prior

DECODED = 500
"""Latents decoded, or images measured, at a time."""

PSNR = "psnr"
"""The metric in which networks are compared with classical methods."""


@dataclass(frozen=True)
class EvaluationResult:
    """Result of an evaluation: inputs, targets, outputs and metrics of some images, shared by all reports.

    Args:
        model: the trained model.
        indices: int [N], the places of the images in the data set.
        inputs: float32 [N, h, w, c], the corrupted images in [0, 1].
        targets: float32 [N, H, W, C], the clean images in [0, 1].
        outputs: the model's outputs as arrays: `reconstruction` [N, H, W, C]; `latent` and the bottleneck's others
            [M, …] of the first M ≤ N images, those that memory allows.
        metrics: values per image, each [N]: of the metrics, and of the terms of the objective.
        metric_functions: the metrics of images by their names.
        labels: int [N], or None.
        class_names: of the labels.
        probes: indices of the images that pictures show, the same in every run.
        history: the metrics of each epoch so far.
        source: run and data, for the line below the titles of figures.
        names: of the images, [N], such as those of their files; None where they have none.
        best_epoch: the place in the history of the epoch with the best value of the monitored metric; None outside of
            a training.
        baselines: the probe images, in the order of their indices, as each baseline restores them.
        strengths: of the corruption of the inputs, by the name of the field, such as `noise.std`.
        trained_strengths: the same of the corruption in training, which may have been another.
        strength_settings: the other settings of those corruptions, by the same names, such as `mean=0.5`.
        augmented: the first training images, and as they were in the first epochs, [M, H, W, C] by what they are;
            empty outside of a training with augmentation.
        split_metrics: the other metrics, of all images together, where these are all images of a split.
        of_densities: the metrics of the densities of all images, each [N].
        samples: where codes of new images are drawn from; None where nothing is known of it but the prior.
        at_strength: evaluates the model on so many images with one strength changed: `(name, value, images)`.
    """

    model: Autoencoder
    indices: np.ndarray
    inputs: np.ndarray
    targets: np.ndarray
    outputs: dict[str, np.ndarray]
    metrics: dict[str, np.ndarray]
    metric_functions: Mapping[str, Metric]
    labels: np.ndarray | None
    class_names: tuple[str, ...]
    probes: tuple[int, ...]
    history: tuple[dict[str, float], ...]
    source: Source
    names: np.ndarray | None = None
    best_epoch: int | None = None
    baselines: dict[str, np.ndarray] = field(default_factory=dict)
    strengths: dict[str, float] = field(default_factory=dict)
    trained_strengths: dict[str, float] = field(default_factory=dict)
    strength_settings: dict[str, str] = field(default_factory=dict)
    augmented: dict[str, np.ndarray] = field(default_factory=dict)
    split_metrics: dict[str, float] = field(default_factory=dict)
    of_densities: dict[str, np.ndarray] = field(default_factory=dict)
    samples: SampleSource | None = None
    at_strength: Callable[[str, float, int], EvaluationResult] | None = None

    @property
    def codes(self) -> np.ndarray:
        """The most likely latent of each of the first M images, [M, …]."""
        return self.outputs[self.model.bottleneck.mode_output]

    @property
    def prior(self) -> Prior | None:
        """What the codes are held against; None for codes without a density."""
        return self.model.prior

    def decode_nearest(self, latents: np.ndarray) -> np.ndarray:
        """The images of the codes nearest to latents [N, …] that were changed, as `decode` gives them."""
        return self.decode(np.asarray(self.model.bottleneck.nearest(latents)))

    def decode(self, latents: np.ndarray) -> np.ndarray:
        """Latents [N, …] as images float32 [N, H, W, C] in [0, 1], to which those of a linear decoder are clipped."""
        blocks = [latents[start : start + DECODED] for start in range(0, len(latents), DECODED)]
        images = [np.asarray(self.model.decoder(block.astype(np.float32)), np.float32) for block in blocks]
        return np.clip(np.concatenate(images), 0, 1)

    def with_psnr(self) -> EvaluationResult:
        """The same evaluation with the PSNR of each image, whichever metrics were chosen."""
        if PSNR in self.metric_functions:
            return self
        metric, restored = Psnr(), self.outputs["reconstruction"]
        places = range(0, len(restored), DECODED)
        blocks = [metric(*(each[start : start + DECODED] for each in (self.targets, restored))) for start in places]
        return replace(
            self,
            metrics={**self.metrics, PSNR: np.concatenate([np.asarray(block) for block in blocks])},
            metric_functions={**self.metric_functions, PSNR: metric},
        )

    def at_probes(self) -> EvaluationResult:
        """The same evaluation of the probe images alone."""
        rows = np.flatnonzero(np.isin(self.indices, self.probes))
        return replace(
            self,
            indices=self.indices[rows],
            inputs=self.inputs[rows],
            targets=self.targets[rows],
            outputs={name: values[rows] for name, values in self.outputs.items()},
            metrics={name: values[rows] for name, values in self.metrics.items()},
            labels=None if self.labels is None else self.labels[rows],
            names=None if self.names is None else self.names[rows],
        )
