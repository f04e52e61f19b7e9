"""Published figures and the recipes that reproduce them, a row each of the tables of `benchmarks/published.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import aeexp

RECIPES = "experiment=published/"
PIXELS = 28 * 28


@dataclass(frozen=True)
class Row:
    """One figure.

    Args:
        title: what is trained.
        figure: what is compared, with its unit.
        words: arguments of `aeexp train`.
        value: the figure, from the metrics of a run.
        published: the published figure and its source, or the exact one.
        reached: whether a mean over the seeds counts as reproduced.
        goal: the same in words.
        differs: from the published training.
        digits: behind the point.
    """

    title: str
    figure: str
    words: tuple[str, ...]
    value: Callable[[pd.Series], float]
    published: str
    reached: Callable[[float], bool]
    goal: str
    differs: str = ""
    digits: int = 2


def rows() -> dict[str, Row]:
    """The rows by their names; exact figures are computed here from the images."""
    eigenvalues = _eigenvalues()
    return {**_linear(eigenvalues, 32), **_active_units(eigenvalues), **_networks(), **_importance_weighted()}


def _eigenvalues() -> np.ndarray:
    """Of the covariance of the training images, the largest first, [784]."""
    with np.load(Path(aeexp.__file__).parent / "datasets" / "mnist.npz") as file:
        images = file["x_train"].reshape(-1, PIXELS) / 255
    return np.linalg.eigvalsh(np.cov(images.T, bias=True))[::-1]


def _linear(eigenvalues: np.ndarray, code: int) -> dict[str, Row]:
    error = float(eigenvalues[code:].sum())
    variance = error / (PIXELS - code)
    logs = np.log(eigenvalues[:code]).sum() + (PIXELS - code) * np.log(variance)
    likelihood = -0.5 * (PIXELS * np.log(2 * np.pi) + logs + PIXELS)
    return {
        "linear_ae": Row(
            f"linear autoencoder, {code} dimensions",
            "squared error of a training image",
            (f"{RECIPES}linear_ae",),
            lambda run: run["train/loss"],
            f"{error:.3f}, exact (PCA)",
            lambda value: 0.9999 * error <= value <= 1.01 * error,
            "within 1 % above",
            digits=3,
        ),
        "linear_vae": Row(
            f"linear VAE, learned σ, {code} dimensions",
            "ELBO of a training image, nats",
            (f"{RECIPES}linear_vae",),
            lambda run: -run["train/loss"],
            f"{likelihood:.2f}, exact (log-likelihood of probabilistic PCA)",
            lambda value: likelihood - 1 <= value <= likelihood,
            "within 1 nat below",
        ),
    }


def _active_units(eigenvalues: np.ndarray) -> dict[str, Row]:
    def row(variance: float) -> Row:
        expected = int((eigenvalues > variance).sum())
        return Row(
            f"linear VAE, σ² = {variance:g}",
            "active units of 128",
            (f"{RECIPES}active_units", f"loss.gaussian.std={np.sqrt(variance):.6f}"),
            lambda run: run["test/active_units"],
            f"{expected}, exact (eigenvalues above σ²)",
            lambda value: abs(value - expected) <= 2,
            "± 2",
            digits=1,
        )

    return {f"active_units_{variance:g}": row(variance) for variance in (0.5, 0.25, 0.1, 0.05)}


def _networks() -> dict[str, Row]:
    return {
        "vae_400": Row(
            "VAE 784-400-40, binarized MNIST",
            "NLL, 200 samples, nats",
            (f"{RECIPES}vae_400",),
            lambda run: run["test/nll"],
            "89.78 (pythae's reproduction), 89.9 (Rezende and Mohamed, 2015)",
            lambda value: abs(value - 89.8) <= 0.8,
            "89.8 ± 0.8",
            "a binarization of our own in place of Larochelle's",
        ),
        "deep_autoencoder": Row(
            "deep autoencoder 784-1000-500-250-30",
            "squared error of a test image",
            (f"{RECIPES}deep_autoencoder",),
            lambda run: PIXELS * run["test/mse"],
            "3.00 (Hinton and Salakhutdinov, 2006; PCA 13.87)",
            lambda value: value <= 3.0,
            "at most 3.00",
            "rectified units, no pretraining",
        ),
    }


def _importance_weighted() -> dict[str, Row]:
    def row(samples: int, gradient: str, published: str) -> Row:
        return Row(
            f"IWAE, K = {samples}{', DReG' if gradient == 'dreg' else ''}",
            "NLL, 5,000 samples, nats",
            (f"{RECIPES}iwae", f"loss.iwae.samples={samples}", f"loss.iwae.gradient={gradient}"),
            lambda run: run["test/nll"],
            published,
            lambda value: True,
            "see below the table",
            "121 of 3,280 epochs, batches of 100",
        )

    return {
        "iwae_1": row(1, "reparameterized", "86.76 (Burda et al., 2016)"),
        "iwae_5": row(5, "reparameterized", "85.54 (Burda et al., 2016)"),
        "iwae_5_dreg": row(5, "dreg", "–"),
    }
