"""Components of a training: which of them see what."""

import numpy as np
import pytest
import tensorflow as tf

from aeexp.corruptions.chain import Chain
from aeexp.errors import ConfigError
from aeexp.runs.experiment import Experiment
from aeexp.runs.factory import build_model, build_reports, suited_reports
from aeexp.runtime.random import EVALUATION_EPOCH
from tests.support.trainings import SHAPES

BARE = ("report=none", "baseline=none", "model=dense_ae", "model.architecture.units=[16]")


@pytest.fixture
def experiment(composed):
    return lambda *words: Experiment.from_config(composed(*SHAPES, *BARE, *words))


def test_training_images_alone_are_augmented(experiment):
    plain, augmented = experiment(), experiment("augmentation=[shift,flip]")
    assert list(augmented.task.train.augmentation.links) == ["shift", "flip"]
    assert augmented.baselines.train.augmentation is None
    for pairs in (augmented.task.validation.pairs, augmented.test.pairs, plain.task.train):
        assert pairs.augmentation is None
    learned, judged = (pairs.batch(tf.range(20), 0, 0).clean for pairs in (augmented.task.train, plain.task.train))
    assert not np.array_equal(learned, judged)


def test_dynamic_binarization_is_of_all_images_and_the_same_at_each_evaluation_of_any_run(experiment):
    one, other = experiment("dataset.binarization=dynamic"), experiment("dataset.binarization=dynamic", "seed=5")
    for pairs in (one.task.train, one.baselines.train, one.task.validation.pairs, one.test.pairs):
        assert set(np.unique(pairs.batch(tf.range(4), 1, 1).clean)) == {0.0, 1.0}
    images = [each.test.pairs.batch(tf.range(20), EVALUATION_EPOCH, EVALUATION_EPOCH) for each in (one, other)]
    np.testing.assert_array_equal(images[0].clean, images[1].clean)
    np.testing.assert_array_equal(images[0].corrupted, images[0].clean)


def test_images_of_unknown_shape_are_checked_when_they_are_read(composed, tmp_path):
    np.save(tmp_path / "oblong.npy", np.full((20, 6, 8, 1), 7, np.uint8))
    words = ("dataset=arrays", f"dataset.path={tmp_path / 'oblong.npy'}", "augmentation=rotate90")
    with pytest.raises(ConfigError, match=r"augmentation\.rotate90: .*Received 6×8"):
        Experiment.from_config(composed(*BARE, *words))


@pytest.mark.parametrize(
    ("words", "suited"),
    [
        (["model=residual"], False),
        (["model=conv_ae"], True),
        (["model=residual", "report=[reconstructions,latent_scatter]"], True),
    ],
)
def test_reports_of_codes_are_left_out_where_a_code_is_as_large_as_its_image(composed, words, suited):
    config = composed("dataset=shapes", "dataset.image_shape=[12,12,1]", *words)
    model = build_model(config, Chain({}), (12, 12, 1))
    kept = suited_reports(build_reports(config.report), config.report, model)
    assert any(report.of_codes for report in kept) == suited
    assert any(not report.of_codes for report in kept)
