"""One component of each kind from a package of the user's own: one file and one yaml each, and gone when they are."""

from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from tests.support.stores import files_of, folder_of, recorded
from tests.support.trainings import TINY

YAMLS = {
    "metric/largest_error.yaml": "largest_error: {_target_: mine.largest_error.LargestError}",
    "metric/code_size.yaml": "code_size: {_target_: mine.code_size.CodeSize}",
    "report/brightness.yaml": "brightness: {_target_: mine.brightness.Brightness}",
    "loss/cubed.yaml": "cubed: {_target_: mine.cubed.Cubed, weight: 1.0}",
    "corruption/invert.yaml": "invert: {_target_: mine.invert.Invert, amount: 1.0}",
    "augmentation/darker.yaml": "darker: {_target_: mine.darker.Darker}",
    "model/bottleneck/scaled.yaml": "_target_: mine.scaled.Scaled",
    "model/prior/shifted.yaml": "_target_: mine.shifted.Shifted",
    "callback/halt.yaml": "halt: {_target_: mine.halt.Halt, epochs: 2}",
    "dataset/stripes.yaml": "{_target_: mine.stripes.Stripes, limit: null, count: 30}",
}
FILES = {
    "largest_error": """
        from dataclasses import dataclass
        import tensorflow as tf
        from aeexp.metrics.metric import Metric

        @dataclass(frozen=True)
        class LargestError(Metric):
            label, range, higher_is_better = "largest error", (0.0, 1.0), False

            def __call__(self, targets, reconstructions):
                return tf.reduce_max(tf.abs(targets - reconstructions), [1, 2, 3])
    """,
    "code_size": """
        from dataclasses import dataclass
        import numpy as np
        from aeexp.metrics.metric import Metric

        @dataclass(frozen=True)
        class CodeSize(Metric):
            label, range, higher_is_better, needs = "size of the code", (0.0, np.inf), False, ("codes",)

            def __call__(self, codes):
                return np.abs(codes).mean()
    """,
    "brightness": """
        from dataclasses import dataclass
        from aeexp.reports.report import Report
        from aeexp.tracking.artifacts import Scalar

        @dataclass(frozen=True)
        class Brightness(Report):
            def __call__(self, evaluation):
                yield Scalar("brightness", float(evaluation.outputs["reconstruction"].mean()))
    """,
    "cubed": """
        from dataclasses import dataclass
        import tensorflow as tf
        from aeexp.losses.loss import Loss, sum_over_image

        @dataclass(frozen=True, kw_only=True)
        class Cubed(Loss):
            def __call__(self, targets, outputs):
                return sum_over_image(tf.abs(targets - outputs["reconstruction"]) ** 3)
    """,
    "invert": """
        from dataclasses import dataclass
        from aeexp.corruptions.corruption import Corruption

        @dataclass(frozen=True)
        class Invert(Corruption):
            amount: float

            def output_shape(self, shape):
                return shape

            def __call__(self, images, seeds):
                return (1 - self.amount) * images + self.amount * (1 - images)
    """,
    "darker": """
        from dataclasses import dataclass
        from aeexp.augmentations.augmentation import Augmentation

        @dataclass(frozen=True)
        class Darker(Augmentation):
            def __call__(self, images, seeds):
                return images / 2
    """,
    "scaled": """
        import tensorflow as tf
        from aeexp.models.bottlenecks.bottleneck import project
        from aeexp.models.bottlenecks.gaussian import Gaussian

        class Scaled(Gaussian):
            def parameters(self, features, latent_dim):
                self.scale = self.add_weight(name="scale", shape=(), initializer="ones")
                return super().parameters(features, latent_dim)

            def sample(self, parameters, seeds):
                latent = super().sample(parameters, seeds)
                return latent if seeds is None else latent * tf.convert_to_tensor(self.scale)
    """,
    "shifted": """
        import tensorflow as tf
        from aeexp.models.priors.prior import Prior
        from aeexp.runtime.random import normal

        class Shifted(Prior):
            def __init__(self):
                super().__init__()

            def build(self, shape):
                self.mean = self.add_weight(name="mean", shape=tuple(shape), initializer="zeros")

            def sample(self, seeds, shape):
                return normal(seeds, shape) + tf.convert_to_tensor(self.mean)

            def log_prob(self, latent):
                return -0.5 * tf.reduce_sum(tf.square(latent - tf.convert_to_tensor(self.mean)), [1])
    """,
    "halt": """
        import keras

        class Halt(keras.callbacks.Callback):
            def __init__(self, epochs):
                super().__init__()
                self.epochs = epochs

            def on_epoch_end(self, epoch, logs=None):
                self.model.stop_training = epoch + 1 == self.epochs and "val/largest_error" in logs
    """,
    "stripes": """
        from dataclasses import dataclass
        import numpy as np
        from aeexp.datasets.dataset import Dataset, LabelledImages

        @dataclass(frozen=True, kw_only=True)
        class Stripes(Dataset):
            count: int

            @property
            def class_names(self):
                return ()

            def read(self, split):
                images = np.random.default_rng(0).integers(0, 256, (self.count, 1, 8, 1), np.uint8)
                return LabelledImages(images.repeat(8, axis=1), None)
    """,
}
CHOICE = (
    *(
        "metric=[mse,largest_error,code_size]",
        "report=[brightness,samples]",
        "loss=[cubed,kl]",
        "corruption=invert",
    ),
    "augmentation=darker",
    *("model=dense_vae", "model/bottleneck=scaled", "model/prior=shifted", "model.architecture.units=[8]"),
    *("dataset=stripes", "optimizer.learning_rate=0.01", "trainer.monitor=val/largest_error", "callback=halt"),
)


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """The folder where the command is given, with the package `mine` and its yamls."""
    monkeypatch.syspath_prepend(tmp_path)
    for name, text in FILES.items():
        (tmp_path / "mine").mkdir(exist_ok=True)
        (tmp_path / "mine" / f"{name}.py").write_text(dedent(text))
    for name, text in YAMLS.items():
        path = tmp_path / "conf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return tmp_path


def test_components_of_ones_own_need_no_fork(aeexp, store, package):
    bare = ("tracking.log_model=false", "baseline=none", "probes=[0]")
    train = ("train", "--config-dir", "conf", *TINY, *bare, *CHOICE)
    ended = aeexp(*train)
    assert (ended.code, ended.err) == (0, "")
    (run,) = recorded(store)
    own = {f"{split}/{name}" for split in ("val", "test") for name in ("largest_error", "code_size")}
    assert own | {"test/mse", "val/cubed", "val/kl", "brightness"} <= set(run.data.metrics)
    assert "val/psnr" not in run.data.metrics
    assert (run.data.params["corruption"], run.data.params["model.bottleneck"]) == ("invert", "scaled")
    assert "figures/samples.png" in files_of(run)
    allow = "allow=[" + ",".join(f"mine.{name}" for name in FILES) + "]"
    resumed = aeexp("resume", "run=latest", "trainer.epochs=3", "tracking.log_model=false", allow)
    assert "2 epochs, ended by Halt, best" in resumed.out
    assert recorded(store)[0].data.tags["aeexp.ended_by"] == "Halt"
    assert "ended by Halt" in (folder_of(run) / "report" / "index.html").read_text()
    with np.load(folder_of(run) / "weights" / "state.npz") as state:
        scale, mean = state["weights_10"], state["weights_11"]
    assert scale.shape == ()
    assert scale != 1  # the bottleneck's own weight was trained, and so was the prior's
    assert mean.shape == (2,)
    assert np.any(mean)


@pytest.mark.parametrize("name", YAMLS)
def test_without_its_yaml_it_is_no_choice(aeexp, package, name):
    (package / "conf" / name).unlink()
    ended = aeexp("train", "--config-dir", "conf", *CHOICE)
    assert ended.code == 2
    assert Path(name).stem in ended.err
