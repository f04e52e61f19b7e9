"""What metrics need of the data set, and how it is refused."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.datasets.arrays import Arrays
from aeexp.datasets.pairs import CorruptedPairs
from aeexp.datasets.shapes import Shapes
from aeexp.errors import ConfigError
from aeexp.losses.bce import Bce
from aeexp.losses.gaussian import Gaussian as GaussianLikelihood
from aeexp.losses.mse import Mse
from aeexp.losses.objective import Objective
from aeexp.metrics.knn_accuracy import KnnAccuracy
from aeexp.metrics.lpips import Lpips
from aeexp.metrics.mig import Mig
from aeexp.metrics.nll import Nll
from aeexp.metrics.perplexity import Perplexity
from aeexp.metrics.psnr import Psnr
from aeexp.models.bottlenecks.deterministic import Deterministic
from aeexp.models.bottlenecks.gaussian import Gaussian
from aeexp.models.bottlenecks.vector_quantized import VectorQuantized
from aeexp.runs.checks import check_config
from aeexp.runs.needs import check_counts, check_densities, check_factors, check_needs, check_single_images
from tests.support.evaluations import SMALL_CONV, autoencoder

SHAPES = Shapes(image_shape=[8, 8, 1], train_size=40, test_size=20, seed=0, limit=None)
METRICS = {"psnr": Psnr(), "mig": Mig(bins=20), "knn_accuracy": KnnAccuracy(n_neighbors=5)}


@pytest.fixture
def unlabelled(tmp_path) -> Arrays:
    np.save(tmp_path / "images.npy", np.full((20, 8, 8, 1), 7, np.uint8))
    return Arrays(path=str(tmp_path / "images.npy"), test_path=None, test_fraction=0.2, seed=0, limit=None)


def test_shapes_have_all_that_metrics_may_need():
    check_needs(METRICS, SHAPES, SHAPES.splits())


def test_labels_that_there_are_not(unlabelled):
    metrics = {name: METRICS[name] for name in ("psnr", "knn_accuracy")}
    with pytest.raises(
        ConfigError, match=r"^metric\.knn_accuracy: needs labels, .* arrays have none.*'metric=\[psnr\]'"
    ):
        check_needs(metrics, unlabelled, unlabelled.splits())
    check_needs({"psnr": Psnr()}, unlabelled, unlabelled.splits())


def test_factors_that_there_are_not(unlabelled):
    with pytest.raises(
        ConfigError, match=r"^metric\.mig: needs the factors .* arrays has none; use dataset=shapes, or"
    ):
        check_needs(METRICS, unlabelled, unlabelled.splits())


def test_factors_are_refused_before_anything_is_read(composed):
    check_config(composed("dataset=shapes", "metric=[psnr,mig]", "trainer.monitor=val/mig"))
    with pytest.raises(ConfigError, match=r"metric\.mig: needs the factors .* mnist has none"):
        check_config(composed("metric=[psnr,mig]"))


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ("codes", "Received needs='codes'"),
        (("code",), "Did you mean"),
        (("images", "codes"), "of codes, labels, factors"),
        ((), r"needs=\(\)"),
    ],
)
def test_needs_that_there_are_not(needs, said):
    class Own(Psnr):
        pass

    Own.needs = needs
    with pytest.raises(ConfigError, match=rf"^metric\.own: `needs` of its class must be a tuple.*{said}"):
        check_factors({"own": Own()}, SHAPES)


def test_single_images_have_no_metric_of_a_split():
    check_single_images({"psnr": Psnr()}, (8, 8, 1))
    with pytest.raises(ConfigError, match=r"^metric\.mig: is of a whole split.*'metric=\[psnr\]'"):
        check_single_images({name: METRICS[name] for name in ("psnr", "mig")}, (8, 8, 1))


def test_metrics_of_a_codebook_need_one():
    metrics = {"psnr": Psnr(), "perplexity": Perplexity()}
    check_counts(metrics, VectorQuantized(codes=8, update="ema", decay=0.9, restart=0.0))
    with pytest.raises(
        ConfigError, match=r"^metric\.perplexity: needs .*those of Deterministic are not; .*vq_vae, .*\[psnr\]"
    ):
        check_counts(metrics, Deterministic())


def test_files_and_sizes_of_metrics_are_checked():
    with pytest.raises(ConfigError, match=r"metric\.lpips: needs images of 16×16"):
        check_needs({"lpips": Lpips(None)}, SHAPES, SHAPES.splits())
    with pytest.raises(ConfigError, match=r"metric\.lpips: needs the weights"):
        check_single_images({"lpips": Lpips(None)}, (28, 28, 1))


GRAY = CorruptedPairs(tf.constant([[[[7], [255]]]], tf.uint8), Chain({}), 0)
BINARY = replace(GRAY, images=tf.constant([[[[0], [255]]]], tf.uint8))
BERNOULLI, SQUARED = Objective({"bce": Bce(weight=1.0)}), Objective({"mse": Mse(weight=1.0)})
NORMAL = Objective({"gaussian": GaussianLikelihood(weight=1.0, std=1.0)})


@pytest.mark.parametrize(
    ("bottleneck", "objective", "images", "said"),
    [
        (Deterministic(), BERNOULLI, BINARY, "needs codes with a density, and those of Deterministic have none"),
        (Gaussian(), SQUARED, BINARY, "needs a likelihood of the pixels, and mse is none"),
        (Gaussian(), BERNOULLI, GRAY, "needs black and white pixels.*dataset.binarization=static"),
    ],
)
def test_densities_that_there_are_not(bottleneck, objective, images, said):
    model = autoencoder(SMALL_CONV, bottleneck, 2, (8, 8, 1), (8, 8, 1))
    with pytest.raises(ConfigError, match=rf"^metric\.nll: {said}.*leave it out: 'metric=\[psnr\]'"):
        check_densities({"psnr": Psnr(), "nll": Nll(samples=5)}, model, objective, images)
    check_densities({"psnr": Psnr()}, model, objective, images)


@pytest.mark.parametrize(("objective", "images"), [(BERNOULLI, BINARY), (NORMAL, GRAY)])
def test_densities_that_there_are(objective, images):
    model = autoencoder(SMALL_CONV, Gaussian(), 2, (8, 8, 1), (8, 8, 1))
    check_densities({"nll": Nll(samples=5)}, model, objective, images)
