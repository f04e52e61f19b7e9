"""Suggestions for mistyped names, and for names that other libraries use."""

import re
from collections.abc import Iterable, Mapping

KEYS: Mapping[str, str] = {
    "optimizer.learning_rate": "lr rate step_size eta base_lr initial_learning_rate",
    "optimizer.weight_decay": "wd decay l2_penalty",
    "optimizer.clipnorm": "clip clip_norm grad_clip gradient_clipping max_norm",
    "optimizer.clipvalue": "clip_value clip_grad_value grad_clip_value",
    "optimizer.global_clipnorm": "global_norm clip_global_norm clip_grad_norm clip_by_global_norm",
    "trainer.epochs": "epoch e n_epochs num_epochs max_epochs nb_epoch iterations iters steps max_steps ep",
    "trainer.batch_size": "bs b batch batchsize batches minibatch train_batch_size",
    "trainer.threads": "num_threads n_threads cpus cores",
    "trainer.precision": "amp fp16 bf16 half dtype mixed_precision",
    "trainer.patience": "early_stopping early_stop es_patience",
    "trainer.keep": "restore_best_weights save_best save_best_only keep_best best_weights",
    "trainer.monitor": "checkpoint_metric",
    "callback": "callbacks hooks",
    "sampler": "sampling ex_post density density_estimation",
    "model.latent_dim": (
        "z z_dim zdim hidden hidden_dim hidden_size hidden_units latent latents latent_size latent_dims latent_space "
        "n_latent code_dim bottleneck_dim bottleneck_size embedding_dim emb_dim dim dims"
    ),
    "model.architecture.filters": "channels n_filters num_filters base_channels width",
    "model.architecture.units": "layers hidden_layers",
    "loss.kl.weight": "kl beta kl_weight kld kld_weight beta_vae",
    "loss.kl.warmup_epochs": "warmup warm_up warmup_steps kl_annealing annealing",
    "augmentation": "augment augmentations augmenting data_augmentation aug transform transforms",
    "augmentation.shift.pixels": "shift max_shift translation",
    "augmentation.crop.padding": "crop crop_padding",
    "augmentation.brightness.delta": "brightness max_delta",
    "augmentation.flip.horizontal": "hflip horizontal_flip",
    "augmentation.flip.vertical": "vflip vertical_flip",
    "corruption.noise.std": "noise sigma noise_std noise_level noise_factor noise_sigma stddev standard_deviation",
    "corruption.downscale.factor": "downscale scale scale_factor upscale upscale_factor downsample downscale_factor",
    "corruption.mask.fraction": "mask mask_ratio drop_prob dropout",
    "corruption.blur.std": "blur blur_sigma blur_radius",
    "corruption.jpeg.quality": "jpeg",
    "corruption.occlude.size": "occlude cutout",
    "corruption.poisson.peak": "poisson",
    "corruption.salt_and_pepper.fraction": "salt_and_pepper salt_pepper",
    "schedule": (
        "scheduler lr_scheduler lr_schedule learning_rate_schedule learning_rate_scheduler rate_schedule lr_policy"
    ),
    "schedule.warmup_epochs": "warmup warm_up warmup_steps lr_warmup lr_warmup_epochs num_warmup_epochs",
    "schedule.rates": "lrs learning_rates",
    "schedule.min_rate": "min_lr eta_min end_lr final_lr",
    "schedule.factor": "gamma decay_rate",
    "schedule.every": "decay_every decay_epochs",
    "dataset.path": "data_dir data_path data_root root data_folder",
    "dataset.limit": "limit n_samples max_samples num_samples subset n_images max_images",
    "dataset.binarization": "binarize binarise binary binarized binarisation",
    "dataset.image_shape": "image_size img_size input_shape input_size img_shape resolution",
    "seed": "random_seed random_state manual_seed rng",
    "probes": "samples examples",
    "sweep.metric": "metric objective",
    "name": "run_name title label",
    "launch.jobs": "workers num_workers n_workers n_jobs jobs parallel processes max_workers",
    "launch.threads": "threads",
    "tracking.uri": "uri url tracking_uri mlflow_uri",
    "tracking.folder": "log_dir logdir save_dir store mlruns runs_dir folder",
    "tracking.experiment": "experiment_name project",
    "run": "runs run_id id checkpoint ckpt model_path weights model which",
    "runs": "run run_ids ids models",
    "datasets": "dataset data",
    "dataset": "datasets data",
    "images": "image i img imgs input inputs photos files file path",
    "output": "out o outdir out_dir output_dir output_path dest destination target save_to",
    "sort": "order order_by sort_by orderby by rank metric",
    "filter": "where query search grep",
    "limit": "n top max count number max_results head",
    "metrics": "columns metric",
    "tolerance": "tol eps atol rtol",
    "port": "p",
    "host": "address ip bind",
    "alias": "tag stage",
}
"""Keys of the config, and what else they are called."""

COMMANDS: Mapping[str, str] = {
    "train": "fit run start sweep experiment learn",
    "resume": "continue restart",
    "evaluate": "test eval validate score",
    "predict": "infer inference restore denoise apply reconstruct upscale",
    "encode": "embed latents codes",
    "sample": "generate draw samples sampling",
    "interpolate": "interpolation morph lerp",
    "explore": "walk browse latent map demo app",
    "runs": "list ls log history status ps show-runs",
    "show": "info describe details inspect cat print",
    "report": "summary results",
    "ui": "dashboard mlflow web tensorboard serve view",
    "register": "publish tag",
    "reproduce": "repeat rerun verify check",
    "transfer": "cross",
    "compare": "statistics significance test versus vs",
    "sync": "push upload send",
}
"""Commands, and what else they are called."""

OPTIONS: Mapping[str, str] = {
    "dataset=folder": "images imagefolder image_folder directory own custom photos",
    "dataset=arrays": "numpy npz npy array",
    "dataset=shapes": "dsprites synthetic toy",
    "model=conv_vae": "vae variational",
    "model=dense_vae": "vae variational",
    "augmentation=flip": "mirror hflip horizontal_flip random_flip",
    "augmentation=shift": "translate translation random_translation",
    "augmentation=crop": "random_crop pad",
    "augmentation=rotate90": "rot90 rotate rotation",
    "augmentation=brightness": "contrast jitter color_jitter",
    "augmentation=none": "null identity off no",
    "corruption=noise": "gaussian gaussian_noise awgn additive denoising",
    "corruption=downscale": "sr super_resolution bicubic upscale pool",
    "corruption=mask": "dropout inpainting masking",
    "corruption=occlude": "cutout box",
    "corruption=none": "null identity clean off no",
    "loss=bce": "crossentropy cross_entropy binary_crossentropy binary_cross_entropy",
    "loss=mse": "l2 mean_squared_error squared",
    "loss=mae": "l1 mean_absolute_error absolute",
    "loss=kl": "kld kl_divergence beta",
    "model=conv_ae": "ae autoencoder cnn cae",
    "model=dense_ae": "mlp fc linear",
    "model=residual": "edsr resnet espcn srcnn",
    "schedule=constant": "none null off fixed no",
    "schedule=cosine": "cos cosine_decay cosine_annealing cosineannealinglr",
    "schedule=step": "step_lr steplr step_decay staircase",
    "schedule=exponential": "exp exponential_decay exponentiallr",
    "schedule=plateau": "reduce_on_plateau reduce_lr_on_plateau reducelronplateau",
    "schedule=stages": "piecewise piecewise_constant multistep multi_step multisteplr",
    "callback=none": "null off",
    "launch=parallel": "joblib multiprocessing local processes",
    "launch=slurm": "submitit cluster",
    "launch=sequential": "basic serial",
    "tracking=memory": "none null off",
    "report=none": "null off",
    "baseline=none": "null off",
}
"""Options of groups, and what else they are called."""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """A hint such as ` Did you mean 'noise'?`, empty where nothing is near."""
    return hint(nearest(word, choices))


def hint(words: Iterable[str]) -> str:
    """` Did you mean 'conv_vae' or 'dense_vae'?`, empty for no words."""
    return f" Did you mean {' or '.join(map(repr, words))}?" if words else ""


def nearest(word: str, choices: Iterable[str]) -> list[str]:
    """The choices that a word is probably meant for: those with its letters or parts in them, else the most similar.

    A number is none of them: 12 is not meant for 2.
    """
    if is_number(word):
        return []
    from difflib import get_close_matches  # only where something is mistyped

    by_letters = {_letters(choice): choice for choice in choices}
    letters = _letters(word)
    if letters in by_letters:
        return [by_letters[letters]]
    parts = [choice for choice in by_letters.values() if letters in _parts(choice)]
    similar = [by_letters[match] for match in get_close_matches(letters, by_letters, n=1, cutoff=0.7)]
    begun = [choice for start, choice in by_letters.items() if len(letters) > 2 and start.startswith(letters)]
    loosely = get_close_matches(letters, by_letters, n=1, cutoff=0.5)
    return parts or similar or begun[:3] or [by_letters[match] for match in loosely]


def is_number(word: str) -> bool:
    """Whether a word is a number."""
    try:
        float(word)
    except ValueError:
        return False
    return True


def keys_meant(key: str, known: Iterable[str]) -> list[str]:
    """The keys that a mistyped one is probably meant for, by its last part first.

    Args:
        key: dotted, as it was typed.
        known: all keys of the config. Of components that are not chosen, the keys listed in `KEYS` are given as well.
    """
    known = [name for name in known if not name.endswith("_target_")]
    parent, _, last = key.rpartition(".")
    siblings = [name for name in known if parent and name.rpartition(".")[0] == parent]
    for names in (siblings, known):
        same = [name for name in names if _letters(_last(name)) == _letters(last)]
        if same or (same := [name for name in synonyms(last, KEYS) if name in names]):
            return [name for name in same if name.count(".") == min(each.count(".") for each in same)][:3]
    if absent := [name for name in synonyms(last, KEYS) if "." in name and name.partition(".")[0] in known]:
        return absent[:1]
    similar = nearest(last, map(_last, siblings)) or nearest(last, {_last(name) for name in known if "." not in name})
    found = [name for name in siblings or known if _last(name) in similar]
    return found[:1] or nearest(key, known)[:1]


def synonyms(word: str, table: Mapping[str, str]) -> list[str]:
    """The names that a table lists a word for, or that end in it."""
    letters = _letters(word)
    return [name for name, words in table.items() if letters in map(_letters, [_last(name), *words.split()])]


def _last(key: str) -> str:
    return key.rpartition(".")[2]


def _letters(word: str) -> str:
    """A word in lower case and without what stands between its parts."""
    return re.sub(r"[-_. ]", "", word).lower()


def _parts(word: str) -> list[str]:
    return re.split(r"[-_.]", word.lower())
