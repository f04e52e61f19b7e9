# %% [markdown]
# # 4. Latent spaces
#
# What is in a code? This notebook walks through the space of the codes, looks for clusters in it, and measures what a
# code holds.
#
# With `AEEXP_NOTEBOOK=full` in the environment, the networks are trained on all images for 25 epochs. All runs are
# recorded in the folder `runs` beside this notebook, or in that which `AEEXP_HOME` names.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, confusion_matrix
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import aeexp

os.environ.setdefault("AEEXP_HOME", "runs")
SIZE = os.environ.get("AEEXP_NOTEBOOK", "short")
SETTINGS = {
    "full": {},
    "short": {"dataset.limit": 10_000, "trainer.epochs": 8, "trainer.batch_size": 64},
    "test": {"dataset.limit": 1000, "trainer.epochs": 1, "trainer.batch_size": 32},
}[SIZE]
QUICK = {"baseline": "none", "report": "none"}


def show(**rows):
    """Rows of images, one below the other, each with its name."""
    figure, axes = plt.subplots(len(rows), figsize=(9, 1.1 * len(rows)), squeeze=False)
    for axis, (name, images) in zip(axes[:, 0], rows.items(), strict=True):
        axis.imshow(np.hstack([np.squeeze(image) for image in images]), cmap="gray", vmin=0, vmax=1)
        axis.set_title(name.replace("_", " "), loc="left", fontsize=9)
        axis.axis("off")
    plt.tight_layout()
    plt.show()


# %% [markdown]
# ## Two networks
#
# A plain autoencoder and a variational one (VAE), both with codes of eight numbers. The VAE is asked to keep its codes
# near a normal distribution.

# %%
plain = aeexp.train(SETTINGS, QUICK, model="dense_ae", model__latent_dim=8)

# %%
vae = aeexp.train(SETTINGS, QUICK, model="dense_vae", model__latent_dim=8)

# %%
test = vae.images("test")
images = test.targets[:10]
show(image=images, plain_autoencoder=plain.restore(images), VAE=vae.restore(images))

# %% [markdown]
# ## Traversals: one number at a time
#
# Each row changes one number of the code of the same digit, from −3 to 3, and leaves the others as they are. **Does a
# number have a meaning of its own?**

# %%
codes = {"plain": plain.encode(test.inputs), "VAE": vae.encode(test.inputs)}
steps = np.linspace(-3, 3, 11)


def traversal(code, dimension):
    """Codes in which one number goes from -3 to 3."""
    changed = np.repeat(code[np.newaxis], len(steps), axis=0)
    changed[:, dimension] = steps
    return changed


show(**{f"number_{d}": vae.decode(traversal(codes["VAE"][0], d)) for d in range(8)})

# %% [markdown]
# A number whose row does not change is one that the VAE does not use: the metric `active_units` counts those that it
# does. The spread of each number over the test images shows the same.

# %%
figure, axes = plt.subplots(1, 2, figsize=(10, 2.5))
for axis, (name, each) in zip(axes, codes.items(), strict=True):
    axis.bar(range(8), each.std(axis=0))
    axis.set(title=name, xlabel="number of the code", ylabel="standard deviation")
plt.show()

# %% [markdown]
# ## Interpolation
#
# On the line between two codes. **Is what lies between two digits a digit?**

# %%
seven, zero = test.targets[0], test.targets[3]
show(
    pixels=[(1 - t) * seven + t * zero for t in np.linspace(0, 1, 9)],
    plain_autoencoder=plain.interpolate(seven, zero, 9),
    VAE=vae.interpolate(seven, zero, 9),
)

# %% [markdown]
# Between the pixels there are two faint digits, one above the other. Between the codes the strokes bend from one to the
# other.
#
# ## Random codes
#
# The VAE has a prior to draw from. For the plain autoencoder, numbers of the same spread are the nearest thing.

# %%
spread = codes["plain"].std(axis=0) * np.random.default_rng(0).normal(size=(10, 8)) + codes["plain"].mean(axis=0)
show(plain_autoencoder=plain.decode(spread.astype(np.float32)), VAE=vae.sample(10))

# %% [markdown]
# ## Clusters
#
# **Do the digits form groups, though no network has seen a label?** k-means looks for ten groups of codes; the table
# counts which digits are in which group.

# %%
groups = KMeans(10, n_init=4, random_state=0).fit_predict(codes["VAE"])
table = confusion_matrix(test.labels, groups)
order = np.argsort(table.argmax(axis=0), kind="stable")
plt.imshow(table[:, order], cmap="Blues")
plt.gca().set(xlabel="group", ylabel="digit", yticks=range(10), title="test images")
plt.colorbar()
plt.show()

# %%
for name, each in codes.items():
    found = KMeans(10, n_init=4, random_state=0).fit_predict(each)
    print(f"{name:<6} adjusted Rand index {adjusted_rand_score(test.labels, found):.2f}  (1: the digits, 0: chance)")

# %% [markdown]
# All eight numbers in one picture, by t-SNE. It keeps neighbors together; distances between the groups mean nothing.

# %%
vae.evaluate(report=["tsne"], baseline="none").figures["tsne"]

# %% [markdown]
# ## What a code holds
#
# **How much of the digit is still in the code?** A linear classifier (a probe) answers: it is fitted to half of the
# codes and tested on the other half. The same on the pixels shows what there was to keep.

# %%
half = len(test) // 2


def accuracy(features):
    """Accuracy of a linear probe on the second half of the test images."""
    features = features.reshape(len(features), -1)
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=300))
    return probe.fit(features[:half], test.labels[:half]).score(features[half:], test.labels[half:])


def shuffled(features):
    """The same numbers in no order: what a probe reaches by chance."""
    return np.random.default_rng(0).permutation(features)


scores = {
    "chance": accuracy(shuffled(codes["VAE"])),
    "VAE, 8": accuracy(codes["VAE"]),
    "plain, 8": accuracy(codes["plain"]),
    "pixels, 784": accuracy(test.targets),
}
plt.figure(figsize=(7, 2.2))
bars = plt.barh(list(scores), list(scores.values()))
plt.bar_label(bars, fmt="%.3f", padding=3)
plt.gca().set(xlim=(0, 1.1), xlabel="accuracy of the linear probe")
plt.show()

# %% [markdown]
# A low accuracy does not say that the digit is gone: it says that no straight line finds it. The neighbors of a code
# may still have the same label, which `knn_accuracy` measures.

# %%
measured = vae.evaluate(metric=["psnr", "knn_accuracy", "active_units"], baseline="none", report="none").metrics
{name: round(value, 3) for name, value in measured.items() if "_ci_" not in name}

# %% [markdown]
# ## By hand
#
# `vae.explore()` at the end of a cell shows a page with the map of all codes, where a code is dragged and the decoder's
# picture follows, with a slider for each of the eight numbers.
#
# ## What the full settings give
#
# The default reports of every training measure the same: `latent/…` among its metrics is the accuracy of a linear and
# of a nearest-neighbor classifier. `docs/lecture.md` has the plane of a VAE with two numbers, trained for 25 epochs.
