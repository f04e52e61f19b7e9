# %% [markdown]
# # 2. Your own pictures
#
# A denoiser for photographs, trained on a folder of pictures, that restores pictures of any size. Here the folder is
# made of the photographs that come with scikit-learn and scikit-image; put the path of your own in `PHOTOS` instead.
#
# With `AEEXP_NOTEBOOK=full` in the environment it is trained for the 10 epochs of the experiment. Everything is written
# to the folder `runs` beside this notebook, or to that which `AEEXP_HOME` names.

# %%
import os
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import skimage.data
from PIL import Image
from sklearn.datasets import load_sample_images

import aeexp

HOME = Path(os.environ.setdefault("AEEXP_HOME", "runs"))
SIZE = os.environ.get("AEEXP_NOTEBOOK", "short")
SETTINGS = {
    "full": {},
    "short": {"trainer.epochs": 6, "baseline": ["input", "gaussian_blur", "median"]},
    "test": {"trainer.epochs": 1, "dataset.limit": 16, "baseline": ["input", "median"]},
}[SIZE]

# %% [markdown]
# ## A folder of pictures
#
# Pictures for testing are in a folder of their own: parts of one photograph on both sides would make the result look
# better than it is.

# %%
china, flower = load_sample_images().images
photographs = {
    "train": [china, skimage.data.astronaut(), skimage.data.coffee(), skimage.data.rocket()],
    "test": [flower, skimage.data.chelsea()],
}
figure, axes = plt.subplots(1, 6, figsize=(12, 2.2))
for axis, photograph in zip(axes, [*photographs["train"], *photographs["test"]], strict=True):
    axis.imshow(photograph)
    axis.axis("off")
plt.show()

# %% [markdown]
# Each is cut into squares of 64×64, the size that the network is trained on.

# %%
PHOTOS = HOME / "photos"
for split, pictures in photographs.items():
    (PHOTOS / split).mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures):
        for top in range(0, picture.shape[0] - 63, 64):
            for left in range(0, picture.shape[1] - 63, 64):
                square = Image.fromarray(picture[top : top + 64, left : left + 64])
                square.save(PHOTOS / split / f"{number}_{top}_{left}.png")
{split: len(list((PHOTOS / split).iterdir())) for split in photographs}

# %% [markdown]
# ## Training
#
# `experiment=photo_denoising` adds normal noise of standard deviation 0.1 to the pictures, a new one in each epoch.

# %%
run = aeexp.train("experiment=photo_denoising", SETTINGS, dataset__path=PHOTOS.resolve())

# %%
run

# %% [markdown]
# ## Restoring a whole picture
#
# The network saw squares, but it takes pictures of any size: an image of Pillow, a path, an array, or a list of these.
# The flower is one that it has never seen.

# %%
random = np.random.default_rng(0)
noisy = np.clip(flower / 255 + 0.1 * random.normal(size=flower.shape), 0, 1)
noisy = Image.fromarray(np.rint(255 * noisy).astype(np.uint8))
restored = run.restore(noisy)
restored.size


# %%
def show(**pictures):
    """Pictures side by side, each with its PSNR."""
    figure, axes = plt.subplots(1, len(pictures), figsize=(12, 3.2))
    for axis, (name, picture) in zip(axes, pictures.items(), strict=True):
        error = np.mean((np.asarray(picture, float) - flower) ** 2)
        axis.imshow(picture)
        axis.set_title(name if error == 0 else f"{name}, {10 * np.log10(255**2 / error):.1f} dB")
        axis.axis("off")
    plt.show()


show(noisy=noisy, restored=restored, original=flower)

# %% [markdown]
# A part of it, to see the pixels:

# %%
figure, axes = plt.subplots(1, 3, figsize=(12, 4))
for axis, picture in zip(axes, (noisy, restored, flower), strict=True):
    axis.imshow(np.asarray(picture)[150:270, 260:380])
    axis.axis("off")
plt.show()

# %% [markdown]
# ## Is that better than a filter?
#
# The run was compared with classical filters, each at its best strength, on the same test pictures. `gain/psnr` is the
# distance to the best of them:

# %%
{name: round(value, 2) for name, value in run.metrics.items() if name.endswith("/psnr")}

# %% [markdown]
# ## Other noise
#
# **Does it help against noise that it was not trained for?** The same run on the same pictures with three times the
# noise:

# %%
more = run.evaluate(
    corruption="noise",
    corruption__noise={"mean": 0, "std": 0.3},
    report=["reconstructions"],
    baseline=["input", "median"],
)
more.figures["reconstructions"]

# %% [markdown]
# It removes the noise that it knows and no more; train it with the noise that your pictures have.
#
# ## What the full settings give
#
# With 10 epochs on 400 photographs, the network is more than 1 dB above the best baseline
# (`conf/experiment/photo_denoising.yaml`). The six photographs above are far fewer pictures than that.
#
# On the command line the same is
#
#     aeexp train experiment=photo_denoising dataset.path=photos
#     aeexp predict run=latest images=noisy output=restored
