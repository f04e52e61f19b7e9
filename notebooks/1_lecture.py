# %% [markdown]
# # 1. The lecture, from its first to its last figure
#
# A lecture on autoencoders goes from compression to denoising, super-resolution and, at the end, images that nobody has
# drawn. This notebook does the same in the same order, on handwritten digits, and asks the lecture's questions where
# they arise. Each network is one call.
#
# The settings are short ones, so that all of it takes a few minutes on two cores; with the environment variable
# `AEEXP_NOTEBOOK=full` each network is trained for 25 epochs on 60,000 images, as in the lecture. The last cell says
# what that gives. All runs are recorded in the folder `runs` beside this notebook, unless the environment variable
# `AEEXP_HOME` names another one.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import aeexp

os.environ.setdefault("AEEXP_HOME", "runs")
SIZE = os.environ.get("AEEXP_NOTEBOOK", "short")
SETTINGS = {
    "full": {},
    "short": {"dataset.limit": 10_000, "trainer.epochs": 6, "trainer.batch_size": 32},
    "test": {"dataset.limit": 1100, "trainer.epochs": 1, "trainer.batch_size": 32},
}[SIZE]
FIGURES = {"report": ["reconstructions", "loss_curves"], "baseline": ["input", "median", "lanczos", "pca"]}


def show(**rows):
    """Rows of images, one below the other, each with its name."""
    figure, axes = plt.subplots(len(rows), figsize=(9, 1.3 * len(rows)), squeeze=False)
    for axis, (name, images) in zip(axes[:, 0], rows.items(), strict=True):
        axis.imshow(np.hstack([np.squeeze(image) for image in images]), cmap="gray", vmin=0, vmax=1)
        axis.set_title(name.replace("_", " "), loc="left", fontsize=10)
        axis.axis("off")
    plt.show()


# %% [markdown]
# ## An autoencoder
#
# An encoder shrinks an image of 28×28 pixels to a code of 4×4×8 numbers, a decoder makes an image of the code, and both
# are trained to give back what came in. **What is lost when 784 pixels have to pass through 128 numbers?**

# %%
autoencoder = aeexp.train("experiment=autoencoder", SETTINGS, FIGURES)

# %% [markdown]
# The first five test images, and five others that the lecture picks, with what the network makes of them.

# %%
PICKED = [0, 1, 2, 3, 4, 15, 28, 39, 123, 1012]
digits = autoencoder.images("test", limit=1013)
images = digits.targets[PICKED]
show(image=images, reconstruction=autoencoder.restore(images))

# %% [markdown]
# The strokes survive, the fine detail does not: the reconstructions are blurred. The run knows how well it did, and how
# well PCA does with as many components as the code has numbers. That is the baseline to beat, and a small convolutional
# network does not: it has 128 numbers too, but far fewer weights.

# %%
autoencoder

# %% [markdown]
# ## The code is an image too
#
# **Can one see the digit in its code?** Here each 4×4×8 code is laid out as 16×8 pixels.

# %%
codes = autoencoder.encode(images)
layout = codes.reshape(len(codes), 16, 8) / codes.max()
show(image=images, code=np.pad(layout, [(0, 0), (1, 1), (1, 1)], constant_values=0.5))

# %% [markdown]
# Not for the eye. But similar digits have similar codes, which notebook 4 measures.
#
# ## What the decoder makes of other codes
#
# **What happens to the image when its code is disturbed, and what is the image of a code of pure noise?**

# %%
random = np.random.default_rng(0)
show(
    code_as_it_is=autoencoder.decode(codes),
    with_a_little_noise=autoencoder.decode(codes + 0.1 * random.normal(size=codes.shape)),
    with_much_noise=autoencoder.decode(codes + random.normal(size=codes.shape)),
    noise_instead_of_a_code=autoencoder.decode(random.uniform(size=codes.shape)),
)

# %% [markdown]
# A little noise changes little. Noise in place of a code gives no digit: nothing in the training asked for the space
# between the codes to mean anything. That is what the variational autoencoder at the end is for.
#
# ## Denoising
#
# The same network, but it is shown noisy images (normal noise of mean 0.5 and standard deviation 0.5, then clipped) and
# has to return the clean ones. **Does it learn what digits look like, or how to blur?**

# %%
denoiser = aeexp.train("experiment=denoising", SETTINGS, FIGURES)

# %%
noisy = denoiser.images("test", limit=1013).inputs[PICKED]
show(noisy=noisy, restored=denoiser.restore(noisy), original=images)

# %% [markdown]
# No filter does that; the figure of the run sets the median filter beside it.

# %%
denoiser.figures["reconstructions"]

# %% [markdown]
# ### Exercise: the denoiser on clothing
#
# **What does a network that has seen nothing but digits make of noisy clothing?** Fashion-MNIST is downloaded once (30
# MB); without a network, generated shapes take its place.

# %%
SHORTER = {"report": ["reconstructions"], "baseline": "none"}
try:
    clothing = denoiser.evaluate(SHORTER, dataset="fashion_mnist", dataset__limit=2000)
except aeexp.DataError:
    clothing = denoiser.evaluate(SHORTER, dataset="shapes", dataset__image_shape=[28, 28, 1], dataset__limit=2000)
clothing.figures["reconstructions"]

# %% [markdown]
# It draws strokes. It has learned what digits look like, and that is what it finds.
# `aeexp.train("experiment=denoising", "dataset=fashion_mnist")` trains the other way round.
#
# ## Super-resolution
#
# Now the input is small: 14×14, the average of 2×2 pixels. **Where does the network take the missing pixels from?**

# %%
super_resolution = aeexp.train("experiment=super_resolution", SETTINGS, FIGURES)

# %%
small = super_resolution.images("test", limit=1013).inputs[PICKED]
show(
    low_resolution=np.kron(small[..., 0], np.ones((2, 2))),
    restored=super_resolution.restore(small),
    original=images,
)

# %% [markdown]
# From the digits it has seen. But an interpolation that knows nothing (Lanczos) is ahead after this short training, and
# about as good as the network after the full one:

# %%
super_resolution

# %% [markdown]
# ### Exercises
#
# **Does that hold for clothing, and for photographs?** `aeexp.train("experiment=super_resolution",
# "dataset=fashion_mnist")` answers the first. For photographs the code must not be smaller than the image:
# `experiment=super_resolution_cifar10` is a residual network, for 2× and, with `corruption.downscale.factor=4`, 4×. It
# downloads CIFAR-10 (170 MB) and takes longer than this notebook.
#
# ## A variational autoencoder
#
# The encoder now gives a normal distribution in the plane, and the loss asks, besides a good reconstruction, that all
# these distributions together look like one around 0. **Is there a digit at every place of the plane?**

# %%
TWO_NUMBERS = {"report": "none", "baseline": "none"}
vae = aeexp.train("experiment=vae_lecture", SETTINGS, TWO_NUMBERS)

# %% [markdown]
# The last figure of the lecture: where the test images lie in the plane, and the images at a grid of places.

# %%
test = vae.images("test")
places = vae.encode(test.inputs)
steps = np.linspace(-2, 2, 10)
grid = vae.decode(np.array([(x, y) for y in steps[::-1] for x in steps])).reshape(10, 10, 28, 28)

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.8))
dots = left.scatter(*places.T, c=test.labels, cmap="tab10", s=3)
figure.colorbar(dots, ax=left, label="digit")
left.set(xlabel="first number of the code", ylabel="second number of the code")
right.imshow(np.block([list(row) for row in grid]), cmap="gray", extent=(-2.2, 2.2, -2.2, 2.2))
right.set(xlabel="first number of the code", ylabel="second number of the code")
plt.show()

# %% [markdown]
# There is one nearly everywhere, and neighbors resemble each other, so that new digits can be drawn:

# %%
show(new_digits=vae.sample(10, seed=1))

# %% [markdown]
# ## A detail: which divergence?
#
# The second number that the encoder gives is used as the logarithm of a standard deviation when a code is drawn, but as
# the logarithm of a variance in the lecture's divergence, −½·Σ(1 + s − μ² − eˢ). For a standard deviation eˢ the exact
# one is −½·Σ(1 + 2s − μ² − e²ˢ). `vae_lecture` has the first, to reproduce the lecture; `vae` has the second. **Which
# loss is lower, and does that make the network better?**

# %%
exact = aeexp.train("experiment=vae", SETTINGS, TWO_NUMBERS)
for name, run in {"as in the lecture": vae, "exact": exact}.items():
    print(f"{name:<18} loss {run.metrics['val/loss']:.2f}   PSNR {run.metrics['test/psnr']:.2f} dB")

# %%
show(image=images, as_in_the_lecture=vae.restore(images), exact=exact.restore(images))

# %% [markdown]
# The two losses measure different things and cannot be compared; the reconstructions can, and differ little.
#
# ## What the full settings give
#
# From `docs/lecture.md`, which `python benchmarks/lecture.py` writes: 25 epochs, three seeds, mean ± standard
# deviation.
#
# | | metric | lecture | here | PSNR (dB) | best classical method (dB) |
# |---|---|---|---|---|---|
# | autoencoder | `val/bce` | 0.0944 | 0.0926 ± 0.0010 | 20.61 ± 0.15 | PCA 25.08 |
# | denoising | `val/bce` | 0.1328 | 0.1299 ± 0.0043 | 16.94 ± 0.30 | total variation 14.03 |
# | super-resolution | `val/bce` | 0.0942 | 0.0949 ± 0.0015 | 20.28 ± 0.22 | Lanczos 20.78 |
# | VAE as in the lecture | `val/loss` | 36.0 | 35.93 ± 0.08 | 14.23 ± 0.03 | PCA 12.95 |
# | VAE, exact | `val/loss` | | 38.45 ± 0.02 | 14.12 ± 0.03 | PCA 12.95 |
#
# And what this notebook has reached:

# %%
aeexp.runs(limit=5)[["name", "val/bce", "val/loss", "test/psnr"]]

# %% [markdown]
# ## By hand, and with pictures of your own
#
# Every run has an explorer: a map of its latent space, where a code is dragged and the decoder's picture follows. In a
# notebook it appears below the cell, and `close()` ends it:
#
# ```python
# explorer = vae.explore()
# explorer
# ```
#
# For a folder of your own pictures, of any size and format, the same takes two calls. With a few dozen of them, small
# batches and many epochs make up for what is missing, and the map shows the pictures of the training; both take about a
# minute:
#
# ```python
# mine = aeexp.train(
#     dataset="folder", dataset__path="pictures", model__latent_dim=32,
#     trainer__batch_size=8, trainer__epochs=200, optimizer__learning_rate=0.002,
# )
# mine.explore(split="train")
# ```
#
# Notebook 2 restores pictures of your own, notebook 3 compares networks, notebook 4 looks into latent spaces, and
# notebook 5 adds a component.
