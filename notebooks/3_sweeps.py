# %% [markdown]
# # 3. A sweep, its report, and how to read a comparison
#
# How large should the code of a denoiser be? One training says little; a sweep trains every combination of some values
# and compares them.
#
# With `AEEXP_NOTEBOOK=full` in the environment, all images are used and each network is trained for 25 epochs. All runs
# are recorded in the folder `runs` beside this notebook, or in that which `AEEXP_HOME` names.

# %%
import os
import sys

import aeexp

PYTHON = sys.executable
HOME = os.environ.setdefault("AEEXP_HOME", "runs")
SIZE = os.environ.get("AEEXP_NOTEBOOK", "short")
SETTINGS = {
    "full": {},
    "short": {"dataset.limit": 5000, "trainer.epochs": 8, "trainer.batch_size": 32, "baseline": "none"},
    "test": {"dataset.limit": 400, "trainer.epochs": 1, "trainer.batch_size": 32, "baseline": "none"},
}[SIZE]
SEEDS = "seed=0,1" if SIZE == "test" else "seed=0,1,2"
FIGURES = {"report": ["reconstructions", "probe_arrays"], "tracking.log_model": False}

# %% [markdown]
# ## Nine trainings
#
# Several values of a key are separated by commas. Three sizes of the code and three seeds are nine trainings; with
# `parallel=True` each core trains its own. A cell that was interrupted goes on when it is run again, and what has
# finished is not trained twice.

# %%
sweep = aeexp.sweep(
    "model=dense_ae", "corruption=noise", "model.latent_dim=8,32,64", SEEDS, SETTINGS, FIGURES, parallel=True
)

# %%
sweep

# %% [markdown]
# ## The report
#
# The curve above has a dot for each run, and the mean over the seeds with its standard deviation. The same test images,
# restored by each of the nine networks:

# %%
sweep.figures["reconstructions"]

# %% [markdown]
# The codes of the test images of each network, on common axes:

# %%
sweep.figures["latents"]

# %% [markdown]
# ## How to read a comparison
#
# The table has a row for each size of the code. `val/psnr` is the mean over three seeds. The interval holds the mean of
# many more seeds in 95 of 100 sweeps like this one: three seeds leave a wide one.

# %%
sweep.table

# %%
sweep.figures["intervals"]

# %% [markdown]
# Rows that are **tied** with the best cannot be told apart from it by these runs. Tied does not mean equal: more seeds
# may separate them. The runs are paired by their seeds, so that what a seed does to all of them alike cancels out, and
# the p values are corrected for the number of rows.
#
# A sweep chooses by the validation images. The test images judge: look at `test/psnr` of the winner, once.

# %%
best = sweep.best
best

# %% [markdown]
# ## One seed
#
# **What can one say of two runs?** There is no spread over seeds then. What remains are the images: each image is
# restored by both networks, and the differences have an interval. That says which of *these two networks* is better on
# such images, and not whether the setting is better, as another seed might turn it round.

# %%
runs = sweep.runs
one_seed = runs[runs["seed"].astype(str) == "0"]
one_seed[["model.latent_dim", "seed", "val/psnr", "test/psnr"]]

# %% [markdown]
# `aeexp compare` does that for any runs. The last line says what is missing:

# %%
SELECTED = ",".join(run[:8] for run in one_seed["run"])
# !{PYTHON} -m aeexp compare 'runs=[{SELECTED}]' home={HOME}

# %% [markdown]
# The interval over the images is narrow, because there are many images. It is often narrower than the distance between
# two seeds of the same setting; the dots in the first figure show that distance.

# %%
runs.groupby("model.latent_dim", observed=True)["test/psnr"].agg(["min", "max"])

# %% [markdown]
# ## What the full settings give
#
# `docs/sweeps.md` has the time of nine trainings, and `docs/protocol.md` how the intervals and tests are computed. On
# the command line the same sweep is
#
#     aeexp train -m model=dense_ae corruption=noise model.latent_dim=8,32,64 seed=0,1,2 launch=parallel
