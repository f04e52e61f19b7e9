# %% [markdown]
# # 5. A component of your own in ten lines
#
# A corruption, a metric, a loss, an architecture: each is a small class with its settings as fields. This notebook
# makes a corruption and a metric, uses them as objects, and then as files, as the command line does.
#
# With `AEEXP_NOTEBOOK=full` in the environment, the network is trained on all images for 25 epochs. All runs are
# recorded in the folder `runs` beside this notebook, or in that which `AEEXP_HOME` names.

# %%
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import matplotlib.pyplot as plt
import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # or TensorFlow tells of the processor
import tensorflow as tf

import aeexp

HOME = Path(os.environ.setdefault("AEEXP_HOME", "runs"))
SIZE = os.environ.get("AEEXP_NOTEBOOK", "short")
SETTINGS = {
    "full": {},
    "short": {"dataset.limit": 5000, "trainer.epochs": 5, "trainer.batch_size": 32},
    "test": {"dataset.limit": 400, "trainer.epochs": 1, "trainer.batch_size": 32},
}[SIZE]
FIGURES = {"report": ["reconstructions", "loss_curves"], "baseline": ["input", "median"]}

# %% [markdown]
# ## A corruption
#
# A broken scanner: every so many rows, one is white. Two methods: what size the corrupted image has, and the image
# itself.


# %%
@dataclass(frozen=True)
class Scanner(aeexp.Corruption):
    """White rows, as of a broken scanner."""

    every: int

    def output_shape(self, shape):
        return shape

    def __call__(self, images, seeds):
        broken = tf.range(tf.shape(images)[1]) % self.every == 0
        return tf.where(broken[:, tf.newaxis, tf.newaxis], 1.0, images)


# %% [markdown]
# It is a function of images, and can be looked at without any training. (`seeds` are for corruptions that draw random
# numbers.)

# %%
ramp = np.tile(np.linspace(0, 0.8, 28, dtype=np.float32)[:, np.newaxis], (1, 1, 28, 1)).reshape(1, 28, 28, 1)
figure, axes = plt.subplots(1, 3, figsize=(7, 2.4))
for axis, every in zip(axes, (2, 3, 5), strict=True):
    axis.imshow(np.squeeze(Scanner(every)(ramp, None)), cmap="gray", vmin=0, vmax=1)
    axis.set_title(f"every={every}")
    axis.axis("off")
plt.show()

# %% [markdown]
# ## A metric
#
# How much darker or lighter the reconstruction is than the target. A metric carries its label, its range, and which
# direction is better.


# %%
@dataclass(frozen=True)
class Brightness(aeexp.Metric):
    """Difference of the mean brightness of target and reconstruction."""

    label: ClassVar[str] = "Brightness error"
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    higher_is_better: ClassVar[bool] = False

    def __call__(self, targets, reconstructions):
        return tf.abs(tf.reduce_mean(targets - reconstructions, [1, 2, 3]))


# %% [markdown]
# ## Both in a training
#
# Objects are given where the name of an option would stand.

# %%
run = aeexp.train(SETTINGS, FIGURES, corruption=Scanner(every=3), metric=["psnr", Brightness()])

# %%
run

# %% [markdown]
# The metric is measured after each epoch, and at the end with its interval, as any other.

# %%
run.history["val/brightness"].plot(ylabel="brightness error", figsize=(6, 2.5))
plt.show()

# %% [markdown]
# The run records the path of a class, not its code. This one is defined in a notebook, so that only this notebook can
# load the run again, and sweeps in parallel processes cannot use it. A module has neither limit.
#
# ## The same as files
#
# One module with the class, and one yaml that names the class and lists its fields with a comment each.

# %%
OWN = (HOME / "own").resolve()
(OWN / "conf" / "corruption").mkdir(parents=True, exist_ok=True)
(OWN / "scanners.py").write_text(
    '''"""Corruptions of scanners."""

from dataclasses import dataclass

import tensorflow as tf

import aeexp


@dataclass(frozen=True)
class Scanner(aeexp.Corruption):
    """White rows, as of a broken scanner."""

    every: int

    def output_shape(self, shape):
        return shape

    def __call__(self, images, seeds):
        broken = tf.range(tf.shape(images)[1]) % self.every == 0
        return tf.where(broken[:, tf.newaxis, tf.newaxis], 1.0, images)
'''
)
(OWN / "conf" / "corruption" / "scanner.yaml").write_text(
    """# White rows, as of a broken scanner.
scanner:
  _target_: scanners.Scanner
  every: 4   # rows, of which one is white
"""
)
sorted(str(path.relative_to(OWN)) for path in OWN.rglob("*.*"))

# %% [markdown]
# Hydra finds the yaml by its search path, and Python the module by its own. From there on it is an option like any
# other: it can be chosen by name, set by keys, swept and chained.

# %%
sys.path.append(str(OWN))
WITH_OWN = f"hydra.searchpath=[file://{OWN}/conf]"
by_name = aeexp.train(WITH_OWN, SETTINGS, FIGURES, corruption=["scanner", "noise"], corruption__noise__std=0.1)

# %%
by_name.figures["reconstructions"]

# %% [markdown]
# On the command line, started in the folder of the module:
#
#     aeexp train --config-dir conf 'corruption=[scanner,noise]' corruption.scanner.every=2
#
# A typing mistake in a setting is found before anything is trained, in one line, for a component of your own as well:

# %%
try:
    aeexp.train(WITH_OWN, SETTINGS, corruption="scanner", corruption__scanner__evry=2)
except aeexp.ConfigError as error:
    print(error)

# %% [markdown]
# ## Where to go on
#
# Losses, data sets, architectures, baselines, reports and trackers are made in the same way: the contract of each kind
# is a class of the package, such as `aeexp.Loss`, whose docstring says what its methods are given. `CONTRIBUTING.md`
# leads through a whole example with its tests. The full settings train longer; there are no published figures for a
# broken scanner.
