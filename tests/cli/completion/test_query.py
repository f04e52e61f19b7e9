"""What a typed line is completed to."""

from pathlib import Path

import pytest

from aeexp.cli.completion.query import completions, completions_of_line, split
from aeexp.cli.main import COMMANDS
from aeexp.config.options import options

TYPED = {
    "": [*COMMANDS, "help"],
    "tr": ["train", "transfer"],
    "--": ["--help", "--version", "--completion"],
    "--completion ": ["bash", "zsh", "fish"],
    "help mod": ["model", "model/architecture", "model/bottleneck", "model/prior"],
    "help re": ["resume", "report", "reproduce", "register", "report/"],
    "trian mod": [],
    "train mod": ["model.", "model/", "model="],
    "train model/": ["model/architecture=", "model/bottleneck=", "model/prior="],
    "train model.": ["model.architecture.", "model.latent_dim="],
    "train model.lat": ["model.latent_dim="],
    "train ++model.lat": ["++model.latent_dim="],
    "train model=": [f"model={name}" for name in options("model")],
    "train model=unet model.architecture.": ["model.architecture.filters="],
    "train model/architecture=dense model.architecture.u": ["model.architecture.units="],
    "train model.latent_dim=": [],
    "train trainer.ep": ["trainer.epochs="],
    "train trainer.epochs=": ["trainer.epochs=25"],
    "train model.architecture.ste": ["model.architecture.stem_filters="],
    "train open=": ["open=true", "open=false"],
    "train optimizer=sgd optimizer.nesterov=": ["optimizer.nesterov=true", "optimizer.nesterov=false"],
    "train trainer.precision=m": ["trainer.precision=mixed_bfloat16"],
    "train trainer.monitor=val/s": ["trainer.monitor=val/ssim"],
    "train loss=[mse,kl] sweep.metric=val/loss_": ["sweep.metric=val/loss_mse", "sweep.metric=val/loss_kl"],
    "train corruption=": [f"corruption={name}" for name in options("corruption")],
    "train corruption.": [],
    "train corruption=noise corruption.noise.": ["corruption.noise.mean=", "corruption.noise.std="],
    "train corruption=[downscale,noise] corruption.": ["corruption.downscale.", "corruption.noise."],
    "train experiment=denoising corruption.": ["corruption.noise."],
    "train experiment=denoising_resampled corruption.": ["corruption.noise."],
    "train model=conv_vae loss.": ["loss.bce.", "loss.kl."],
    "train model=conv_vae loss=mse loss.": ["loss.mse."],
    "train -m model=dense_ae,conv_vae model.bottleneck.": [],
    "train -m model=dense_ae,con": ["model=dense_ae,conv_ae", "model=dense_ae,conv_vae"],
    "train corruption=[noise,n": ["corruption=[noise,none,", "corruption=[noise,none]"],
    "train report=[t": ["report=[tsne,", "report=[tsne]"],
    "train launch=slurm launch.p": ["launch.partition="],
    "train -": ["-m", "--multirun", "--help", "--cfg", "--resolve", "--config-dir", "--info", "--hydra-help"],
    "show -": ["--help", "--cfg", "--resolve", "--config-dir", "--info", "--hydra-help"],
    "train --cfg ": ["job", "hydra", "all"],
    "train seed=1 --info plu": ["plugins"],
    "show ": ["format=", "home=", "run=", "tracking.", "tracking="],
    "show format=": ["format=text", "format=json"],
    "runs format=": ["format=table", "format=wide", "format=csv", "format=json"],
    "runs expand=": ["expand=true", "expand=false"],
    "show run=": ["run=latest", "run=best:val/psnr", "run=best:val/loss"],
    "report sweep=": ["sweep=latest"],
    "compare runs=[la": ["runs=[latest,", "runs=[latest]"],
    "compare sort=test/p": ["sort=test/psnr"],
    "transfer datasets=[mn": ["datasets=[mnist,", "datasets=[mnist]"],
    "evaluate corruption.noise.s": ["corruption.noise.std="],
    "predict color=": ["color=per_channel", "color=gray"],
    "predict nonsense.": [],
    "predict images=ph": ["images=photos/"],
    "predict images=photos/": ["images=photos/a b.png", "images=photos/c.png"],
    "train --config-dir m": ["mine/"],
    "train --config-dir mine corruption=in": ["corruption=invert"],
    "train --config-dir=mine corruption=invert corruption.invert.": ["corruption.invert.amount="],
    "train --config-dir mine corruption=broken corruption.": [],
    "train --config-dir nowhere corruption=nois": ["corruption=noise"],
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with images and components of one's own, without runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AEEXP_HOME", str(tmp_path / "mlruns"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    for name in ("photos/a b.png", "photos/c.png", "photos/.hidden", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "mine/corruption").mkdir(parents=True)
    (tmp_path / "mine/corruption/invert.yaml").write_text("invert: {_target_: my.Invert, amount: 1.0}")
    (tmp_path / "mine/corruption/broken.yaml").write_text("broken: {")


@pytest.mark.parametrize("line", TYPED)
def test_completions(line):
    assert completions(line.split(" "), [*COMMANDS]) == TYPED[line]


@pytest.mark.parametrize(
    ("line", "replaced", "expected"),
    [
        ("aeexp train mod", "mod", ["model.", "model/", "model="]),
        ("aeexp train model=un", "un", ["unet"]),
        ("aeexp train model=", "", [*options("model")]),
        ("aeexp show run=best:val/p", "val/p", ["val/psnr"]),
        ("aeexp train 'report=[tsne,uma", "'report=[tsne,uma", ["report=[tsne,umap,", "report=[tsne,umap]"]),
        ("aeexp predict images=photos/a", "photos/a", ["photos/a\\ b.png"]),
        ("aeexp predict images=photos/a\\ b", "photos/a\\ b", ["photos/a\\ b.png"]),
        ("aeexp predict images='photos/a", "'photos/a", ["photos/a b.png"]),
        ("aeexp ", "", [*COMMANDS, "help"]),
    ],
)
def test_bash_is_given_what_follows_its_own_division_into_words(line, replaced, expected):
    assert completions_of_line(line, replaced, [*COMMANDS]) == expected


@pytest.mark.parametrize(
    ("line", "words"),
    [("a b", ["a", "b"]), ("a ", ["a", ""]), ("a 'b c", ["a", "b c"]), ('a "b', ["a", "b"]), ("a b\\", ["a", "b"])],
)
def test_words_of_an_unfinished_line(line, words):
    assert split(line) == words
