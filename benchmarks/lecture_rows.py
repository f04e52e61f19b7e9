"""The experiments of the lecture and beside it, a row each of the table that `benchmarks/lecture.py` writes."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """An experiment in a row of the table.

    Args:
        title: in the table.
        words: arguments of `aeexp train`.
        metric: that is compared.
        lecture: value printed by the lecture, or an empty string.
        seeds: maximum number of seeds.
        cifar: whether the experiment uses CIFAR-10.
    """

    title: str
    words: tuple[str, ...]
    metric: str
    lecture: str = ""
    seeds: int = 3
    cifar: bool = False

    def command(self, seed: int, epochs: int | None, cifar: Sequence[str]) -> list[str]:
        """The arguments of `aeexp train` for one seed."""
        length = () if epochs is None else (f"trainer.epochs={epochs}",)
        return [*self.words, *(cifar if self.cifar else ()), *length, f"seed={seed}"]


FASHION = "dataset=fashion_mnist"
KERAS_RATE = "optimizer.learning_rate=0.001"
ROWS = {
    "autoencoder": Row("autoencoder", ("experiment=autoencoder",), "val/bce", "0.0944"),
    "denoising": Row("denoising", ("experiment=denoising",), "val/bce", "0.1328"),
    "super_resolution": Row("super-resolution 14→28", ("experiment=super_resolution",), "val/bce", "0.0942"),
    "autoencoder_slower": Row(
        "autoencoder, default learning rate of Keras", ("experiment=autoencoder", KERAS_RATE), "val/bce", "0.0944"
    ),
    "denoising_slower": Row(
        "denoising, default learning rate of Keras", ("experiment=denoising", KERAS_RATE), "val/bce", "0.1328"
    ),
    "super_resolution_slower": Row(
        "super-resolution, default learning rate of Keras",
        ("experiment=super_resolution", KERAS_RATE),
        "val/bce",
        "0.0942",
    ),
    "vae_lecture": Row("VAE, inexact KL", ("experiment=vae_lecture",), "val/loss", "36.0"),
    "vae": Row("VAE, exact KL", ("experiment=vae",), "val/loss"),
    "unet": Row("denoising by a U-Net, 5 epochs", ("experiment=denoising_unet",), "val/bce", seeds=1),
    "fashion_autoencoder": Row("autoencoder, Fashion-MNIST", ("experiment=autoencoder", FASHION), "val/bce", seeds=1),
    "fashion_denoising": Row("denoising, Fashion-MNIST", ("experiment=denoising", FASHION), "val/bce", seeds=1),
    "fashion_super_resolution": Row(
        "super-resolution, Fashion-MNIST", ("experiment=super_resolution", FASHION), "val/bce", seeds=1
    ),
    "fashion_vae": Row("VAE, Fashion-MNIST", ("experiment=vae", FASHION), "val/loss", seeds=1),
    "cifar10_2x": Row(
        "super-resolution 2×, CIFAR-10, 8 epochs",
        ("experiment=super_resolution_cifar10",),
        "val/mse",
        seeds=1,
        cifar=True,
    ),
    "cifar10_4x": Row(
        "super-resolution 4×, CIFAR-10, 8 epochs",
        ("experiment=super_resolution_cifar10", "corruption.downscale.factor=4"),
        "val/mse",
        seeds=1,
        cifar=True,
    ),
}
