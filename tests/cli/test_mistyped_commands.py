"""Mistyped commands, each with what the one line of its answer must say. None waits for TensorFlow."""

import shlex
import sys
from importlib import import_module
from types import ModuleType

import pytest

from aeexp.cli.main import COMMANDS
from aeexp.config.options import options
from aeexp.runtime import tensorflow
from tests.support.command_line import command_line
from tests.support.processes import run

MISTYPED = {
    # commands
    "trian": "'train'",
    "Train": "'train'",
    "list": "'runs'",
    "test run=latest": "'evaluate'",
    "sweep model.latent_dim=2,8": "'train'",
    "fit": "'train'",
    "denoise images=photos": "'predict'",
    "continue": "'resume'",
    "dashboard": "'ui'",
    "experiment=denoising": "'aeexp train experiment=denoising'",
    "denoising": "'aeexp train experiment=denoising'",
    "mnist": "'aeexp train dataset=mnist'",
    "--epochs 5": "no such command: --epochs",
    "help corupption": "'corruption'",
    "help trian": "'train'",
    "help fit": "'train'",
    "help model.latent_dim": "'model'",
    "help train corupption": "'corruption'",
    "corruption --help": "'aeexp help corruption'",
    "help model/architectur": "'model/architecture'",
    # words that are no overrides
    "train denoising": "'experiment=denoising'",
    "train denoisng": "'experiment=denoising'",
    "train mnist": "'dataset=mnist'",
    "train MNIST": "'dataset=mnist'",
    "train vae": "'experiment=vae'",
    "train unet": "'model=unet'",
    "train 5": "5: an override is written key=value",
    "train epochs": "'trainer.epochs=…'",
    "train trainer.epochs": "'trainer.epochs=…'",
    "train trainer.epochs:5": "'trainer.epochs=5'",
    "train trainer.epochs 5": "'trainer.epochs=…'",
    "train trainer.epochs = 5": "write trainer.epochs=5",
    "train trainer.epochs= 5": "write trainer.epochs=5",
    "train trainer.epochs =5": "write trainer.epochs=5",
    "train trainer.epochs=5 5": "one value, without spaces; write trainer.epochs=5",
    "train model.latent_dim=2 8": "-m model.latent_dim=2,8",
    "train 'trainer.epochs=5 5'": "trainer.epochs: must be a whole number",
    "predict images=my photos": "write 'images=my photos'",
    "train =5": "=5: an override is written key=value",
    # runs and files without their keys
    "evaluate latest": "'run=latest'",
    "evaluate 3f2a dataset=mnist": "'run=3f2a'",
    "evaluate denoiser@champion": "'run=denoiser@champion'",
    "show best:test/psnr": "'run=best:test/psnr'",
    "resume 3f2a": "'run=3f2a'",
    "reproduce latest": "'run=latest'",
    "register latest denoiser": "'run=latest'",
    "runs latest": "'aeexp show run=latest'",
    "report latest": "'sweep=latest'",
    "transfer latest 3f2a mnist": "'runs=[latest,3f2a]'",
    "predict latest photos/": "'run=latest images=photos/'",
    "predict photos/ run=latest": "'images=photos/'",
    "predict run=latest images=photos restored/": "'output=restored/'",
    "predict run=latest photos/1.png photos/2.png photos/3.png": "'images=photos'",
    "encode latest latents.npz": "'run=latest output=latents.npz'",
    # as other programs take their arguments
    "train --epochs 5": "'trainer.epochs=5'",
    "train --epochs=5": "'trainer.epochs=5'",
    "train --batch-size 32": "'trainer.batch_size=32'",
    "train --lr 0.1": "'optimizer.learning_rate=0.1'",
    "train -e denoising": "'experiment=denoising'",
    "train -e 5": "'trainer.epochs=5'",
    "train -b 64": "'trainer.batch_size=64'",
    "train --model unet": "'model=unet'",
    "train --dataset=mnist": "'dataset=mnist'",
    "train --seed 3": "'seed=3'",
    "train --verbose": "without dashes",
    "train --trainer.epochs=5": "'trainer.epochs=5'",
    "predict --run latest": "'run=latest'",
    "predict -i photos": "'images=photos'",
    "predict -o out": "'output=out'",
    "runs --limit 5": "'limit=5'",
    "train --multirun=2": "-m takes no value",
    "train --cfg job -m seed=0,1": "only one of these",
    "evaluate -m run=a,b": "only aeexp train can sweep",
    # keys
    "train epochs=1": "'trainer.epochs'",
    "train trainer.epoch=1": "'trainer.epochs'",
    "train Trainer.Epochs=1": "'trainer.epochs'",
    "train trainer/epochs=5": "'trainer.epochs'",
    "train optimizer.lr=0.1": "'optimizer.learning_rate'",
    "train trainer.lr=0.1": "'optimizer.learning_rate'",
    "train lr=0.1": "'optimizer.learning_rate'",
    "train learning_rate=1": "'optimizer.learning_rate'",
    "train optimizer.learningrate=1": "'optimizer.learning_rate'",
    "train batch=32": "'trainer.batch_size'",
    "train bs=32": "'trainer.batch_size'",
    "train trainer.batchsize=32": "'trainer.batch_size'",
    "train hidden_dim=8": "'model.latent_dim'",
    "train model.hidden_dim=8": "'model.latent_dim'",
    "train z_dim=8": "'model.latent_dim'",
    "train model.latentdim=8": "'model.latent_dim'",
    "train beta=4": "'loss=[bce,kl] loss.kl.weight=4'",
    "train model=dense_vae loss=[mse,kl] beta=4": "'loss.kl.weight'",
    "train loss.kl.weight=4": "add 'loss=[bce,kl]'",
    "train augment=flip": "'augmentation'",
    "train transform=flip": "'augmentation'",
    "train augmentation=hflip": "'flip'",
    "train augmentation=3": "augmentation=shift augmentation.shift.pixels=3",
    "train binarize=static": "'dataset.binarization'",
    "train noise=0.5": "'corruption=noise corruption.noise.std=0.5'",
    "train sigma=0.5": "'corruption=noise corruption.noise.std=0.5'",
    "train corruption.noise.std=0.5": "add corruption=noise",
    "train corruption=noise noise.std=0.5": "'corruption.noise.std'",
    "train corruption=noise corruption.std=0.5": "'corruption.noise.std'",
    "train corruption=noise corruption.noise.sigma=0.5": "'corruption.noise.std'",
    "train corruption=noise corruption.noise.sdt=0.5": "'corruption.noise.std'",
    "train workers=4": "'launch.jobs'",
    "train corupption=noise": "'corruption'",
    "train optimiser=adam": "'optimizer'",
    "train data=mnist": "'dataset'",
    "train data_dir=photos": "'dataset.path=photos'? It belongs to dataset=arrays and dataset=folder",
    "train early_stopping=3": "'trainer.patience'",
    "train model.filters=8": "'model.architecture.filters'",
    "train amp=true": "'trainer.precision'",
    "train +model.foo=1": "model.foo: no component reads this key",
    "train +foo=1": "foo: no component reads this key",
    "train +trainer.foo=1": "trainer.foo: no such field",
    "train +trainer.epoch=1": "Did you mean 'epochs'",
    "train +corruption.noise.std=1": "as in `corruption=noise`",
    "train ~foo": "foo",
    "train dataset.path=photos": "it belongs to dataset=arrays and dataset=folder",
    "train optimizer.momentum=0.9": "it belongs to optimizer=rmsprop and optimizer=sgd",
    "train weight_decay=0.1": "'optimizer.weight_decay'",
    "train clip_value=1": "'optimizer.clipvalue'",
    "train warmup=3": "'schedule.warmup_epochs'",
    "train lr_scheduler=cosine": "'schedule'",
    "train scheduler=cosine": "'schedule'",
    "train gamma=0.5": "schedule.factor=0.5'? It belongs to",
    "train schedule.factor=0.5": "it belongs to schedule=exponential and schedule=plateau and schedule=step",
    "train restore_best_weights=true": "'trainer.keep'",
    "train callbacks=mine": "'callback'",
    # keys of other commands
    "predict image=a.png": "'images'",
    "predict output_dir=out": "'output'",
    "evaluate runs=latest": "'run'",
    "evaluate run_id=3f2a": "'run'",
    "evaluate trainer.epochs=3": "trainer.epochs: no such key",
    "transfer run=latest": "'runs'",
    "transfer dataset=mnist": "'datasets'",
    "runs order=test/psnr": "'sort'",
    "runs n=5": "'limit'",
    "runs where=x": "'filter'",
    "resume epochs=40": "'trainer.epochs'",
    "reproduce tol=1": "'tolerance'",
    # options of groups
    "train dataset=MNIST": "'mnist'",
    "train dataset=mnits": "'mnist'",
    "train dataset=fashion-mnist": "'fashion_mnist'",
    "train dataset=cifar": "'cifar10'",
    "train dataset=images": "'folder'",
    "train dataset=npz": "'arrays'",
    "train model=vae": "'conv_vae' or 'dense_vae'? There is experiment=vae.",
    "train model=conv": "'conv_ae' or 'conv_vae'",
    "train model=U-Net": "'unet'",
    "train model=3": "Choose from beta_tc_vae",
    "train corruption=gaussian": "'noise'",
    "train corruption=nois": "'noise'",
    "train corruption=0.5": "corruption=noise corruption.noise.std=0.5",
    "train corruption=[noise,blurr]": "corruption=blurr: no such option. Did you mean 'blur'?",
    "train loss=[mse,1]": "loss=1: no such option",
    "train loss=[mse,KL]": "loss=KL: no such option. Did you mean 'kl'?",
    "train loss=l1": "'mae'",
    "train optimizer=nadam": "Choose from adam, adamw, rmsprop, sgd",
    "train schedule=cosin": "'cosine'",
    "train schedule=CosineAnnealingLR": "'cosine'",
    "train schedule=multistep": "'stages'",
    "train schedule=ReduceLROnPlateau": "'plateau'",
    "train callback=mine": "callback=mine: no such option",
    "train optimizer=AdamW": "'adamw'",
    "train launch=multiprocessing": "'parallel'",
    "train tracking=none": "'memory'",
    "train experiment=denoise": "'denoising'",
    "train experiment=vea": "'vae'",
    "train model/bottleneck=gausian": "'gaussian'",
    "train report=robustnes": "'robustness'",
    "train corruption=noise+downscale": "'corruption=[noise,downscale]'",
    "train corruption=[noise, downscale]": "without spaces, as in 'corruption=[noise,downscale]'",
    "train loss=(bce,kl)": "'loss=[bce,kl]'",
    # several values
    "train model.latent_dim=2,8": "aeexp train -m model.latent_dim=2,8",
    "train loss=bce,mse": "write 'loss=[bce,mse]'",
    "train corruption=none,noise": "aeexp train -m corruption=none,noise",
    "train probes=1,2": "'probes=[1,2]'",
    "train latent_dim=2,8": "aeexp train -m model.latent_dim=2,8",
    "train image_shape=64,64,1": "'dataset.image_shape=[64,64,1]'",
    "train image_shape=64,64": "'dataset.image_shape=[64,64,1]'",
    "train dataset=shapes dataset.image_shape=64,48,3": "'dataset.image_shape=[64,48,3]'",
    "train model=dense_ae units=128,64": "'model.architecture.units=[128,64]'",
    "train model/architecture=conv,dense": "aeexp train -m model/architecture=conv,dense",
    "transfer runs=3f2a,91c0 datasets=mnist": "'runs=[3f2a,91c0]'",
    "transfer runs=[3f2a] datasets=mnist,shapes": "'datasets=[mnist,shapes]'",
    "train -m dataset=shapes dataset.image_shape=64,64,1": "'dataset.image_shape=[64,64,1]'",
    "train seed=interval(0,1)": "aeexp train -m seed=0,1,2",
    "predict run=a,b images=x output=y": "takes one value",
    "train -m": "leave -m out",
    "train -m seed=1": "leave -m out",
    "train -m seed=interval(0,1)": "can be listed",
    "train -m seed=range(3,3)": "at least",
    "train -m seed=range(0,3": "check its brackets",
    "train -m seed=choice(0,1": "check its brackets",
    "train -m loss=bce,[bce,kl": "brackets are not closed",
    "train -m corruption=none,noise corruption.noise.sdt=1,2": "'corruption.noise.std'",
    "train -m corruption=none,noise corruption.noise.std=0.1,-1": "corruption.noise.std=-1: corruption.noise: `std`",
    "train -m model.latent_dim=0,8": "latent_dim=0: model: `latent_dim` must be at least 1",
    "train corruption=[noise": "brackets are not closed",
    # values of the wrong type or out of range
    "train model.latent_dim=abc": "model.latent_dim: must be a whole number, or null",
    "train model.latent_dim=None": "write, for example, model.latent_dim=null or model.latent_dim=10",
    "train latent_dim=None": "'model.latent_dim=null'",
    "train dataset.limit=None": "dataset.limit=null",
    "train trainer.patience=none": "trainer.patience=null",
    "runs limit=None": "limit=null",
    "train image_shape=64": "'dataset.image_shape=[64,64,1]'",
    "train model=unet model.latent_dim=8": "model=conv_ae, model=conv_vae, model=dense_ae, model=dense_vae",
    "train model=residual model.latent_dim=8": "residual has none",
    "train model=dense_ae model/architecture=unet": "write model.latent_dim=null",
    "train -m model=unet,conv_ae model.latent_dim=8": "model=unet: model.latent_dim",
    "train model.latent_dim=0": "`latent_dim` must be at least 1",
    "train trainer.epochs=3.5": "trainer.epochs: must be a whole number. Received epochs=3.5; write, for example, ",
    "train trainer.epochs=True": "trainer.epochs: must be a whole number",
    "train trainer.epochs=null": "trainer.epochs: must be given",
    "train trainer.epochs=0": "`epochs` must be at least 1",
    "train trainer.batch_size=-1": "`batch_size` must be at least 1",
    "train trainer.monitor=psnr": "'val/psnr'",
    "train trainer.resample=always": "epoch or once",
    "train trainer.precision=float16": "mixed_bfloat16",
    "train seed=-1": "seed: must be from 0",
    "train seed=True": "seed: must be a whole number",
    "train probes=3": "as in 'probes=[3]'",
    "train probes=[-1]": "start at 0",
    "train sweep.rerun=maybe": "true or false",
    "train sweep.metric=psnr": "'test/psnr'",
    "train optimizer.learning_rate=-1": "`learning_rate` must be above 0",
    "train optimizer.clipnorm=1 optimizer.clipvalue=1": "clipped in one way at most",
    "train optimizer=adamw optimizer.weight_decay=null": "use 0",
    "train schedule.warmup_epochs=-1": "`warmup_epochs` must be at least 0",
    "train schedule.warmup_epochs=25": "must be less than trainer.epochs=25",
    "train schedule.warmup_epochs=0.5": "schedule.warmup_epochs: must be a whole number",
    "train schedule=stages schedule.epochs=[10,5] schedule.rates=[1e-3]": "one number for each stage",
    "train schedule=stages schedule.epochs=[20,10]": "the stages must end within trainer.epochs=25",
    "train schedule=stages schedule.epochs=10,5": "'schedule.epochs=[10,5]'",
    "train schedule=plateau schedule.factor=1.5": "`factor` must be above 0 and below 1",
    "train schedule=cosine schedule.min_rate=1": "at most optimizer.learning_rate=0.001",
    "train trainer.keep=first": "`keep` must be null or best or last",
    "train +callback.mine._target_=keras.callbacks.ReduceLROnPlateau": "use schedule=plateau",
    "train optimizer.learning_rate=fast": "`learning_rate` must be a number, above 0",
    "train corruption=noise corruption.noise.std=-1": "`std` must be at least 0 and at most 100, where 1 is",
    "train corruption=noise corruption.noise.std=1e30": "at most 100, where 1 is the whole pixel range",
    "train corruption=noise corruption.noise.mean=-1e9": "`mean` must be from -100 to 100, where 1 is the whole",
    "train trainer.epochs=99999999999999999999": "`epochs` must be at most 1000000",
    "train corruption=noise corruption.noise.std=big": "corruption.noise.std: must be a number",
    "train corruption=noise corruption.noise.std=True": "corruption.noise.std: must be a number",
    "train corruption=downscale corruption.downscale.factor=3": "use 2, 4, 7, 14",
    "train corruption=mask corruption.mask.fraction=50": "from 0 to 1",
    "train augmentation=shift augmentation.shift.pixels=28": "less than height and width. Received pixels=28",
    "train augmentation=rotate90 dataset=shapes dataset.image_shape=[12,14,1]": "square images. Received 12×14",
    "train augmentation=flip augmentation.flip.horizontal=false": "`horizontal` or `vertical` must be true",
    "train augmentation=brightness dataset.binarization=static": "use dynamic, which draws after it",
    "train dataset.binarization=statik": "'static'",
    "train dataset=cifar10 dataset.binarization=static": "gray images, of one channel",
    "train dataset=shapes dataset.image_shape=28": "as in 'dataset.image_shape=[28,28,1]'",
    "train dataset=shapes dataset.image_shape=64x48": "as in 'dataset.image_shape=[64,48,1]'",
    "train dataset=shapes dataset.image_shape=[28,28]": "[height, width, channels]",
    "train dataset.limit=0": "`limit` must be at least 1",
    "train model.architecture.filters=0": "`filters` must be at least 1",
    "train loss.bce.weight=-1": "`weight` must be at least 0",
    "train loss=[bce,kl]": "use model/bottleneck=gaussian",
    "train loss=kl": "use model/bottleneck=gaussian",
    "train loss=[]": "at least one term",
    "runs limit=ten": "limit: must be a whole number",
    "runs sort=psnr": "'test/psnr'",
    "evaluate run=best:psnr": "'best:val/psnr' or 'best:test/psnr'",
    "predict run=best images=x output=y": "run=best:val/psnr",
    # files that are missing
    "train dataset=folder dataset.path=nowhere": "nowhere' that can be read (No such file or directory); set dataset.",
    "train experiment=photo_denoising dataset.path=nowhere": "There is no folder",
    "train -m dataset=folder dataset.path=nowhere seed=0,1": "There is no folder",
    "train dataset=folder dataset.path=.": "contains no images",
    "train dataset=folder dataset.path=/dev/null": "(Not a directory)",
    "train dataset=arrays dataset.path=nowhere.npz": "There is no file 'nowhere.npz'",
    "train dataset=arrays dataset.path=nowhere.npy": "There is no file 'nowhere.npy'",
    "train dataset=arrays dataset.path=nowhere": "must end in .npz or .npy",
    "train dataset=arrays dataset.path=nowhere.npy dataset.test_path=nowhere": "There is no file 'nowhere.npy'",
    # values that are missing
    "predict": "run, images and output: values are needed; add run=latest images='photos/*.png' output=restored",
    "predict run=latest": "images and output: values are needed",
    "evaluate": "run: a value is needed; add run=latest",
    "encode": "output=latents.npz",
    "transfer": "runs and datasets: values are needed",
    "register": "run and name: values are needed",
    "train dataset=folder": "dataset.path: a value is needed; add dataset.path=photos",
    "train tracking=server": "tracking.uri: a value is needed",
}
"""A phrase of the answer to each command."""


FEWER_FILES = ("report=none", "baseline=none", "metric=psnr")
"""Overrides by which a training is composed in half of the time."""


@pytest.fixture(scope="module")
def importers() -> list[ModuleType]:
    """The modules that can import TensorFlow: each takes the function from the one that has it."""
    for name in COMMANDS:
        import_module(f"aeexp.cli.commands.{name}")
    return [
        each for name, each in sys.modules.items() if name.startswith("aeexp") and "import_tensorflow" in vars(each)
    ]


@pytest.fixture
def answer(monkeypatch, tmp_path, capsys, importers):
    """Runs a command that must be refused before TensorFlow is imported, and gives the line on stderr."""
    for module in importers:
        monkeypatch.setattr(module, "import_tensorflow", lambda: pytest.fail("waits for TensorFlow"))
    run_command = command_line(monkeypatch, tmp_path)

    def ended(line: str) -> str:
        words = shlex.split(line)
        with pytest.raises(SystemExit) as end:
            run_command(*words, *(FEWER_FILES if words[0] == "train" and "report=" not in line else ()))
        captured = capsys.readouterr()
        assert end.value.code == 2
        assert captured.err.startswith("error: "), captured.err
        assert captured.err.count("\n") == 1, captured.err
        return captured.err

    return ended


@pytest.mark.parametrize("line", MISTYPED)
def test_one_line_says_what_is_meant(answer, line):
    assert MISTYPED[line] in (said := answer(line)), said


@pytest.mark.parametrize(
    "line",
    [
        "evaluate run=lastest",
        "encode run=newest output=x.npz",
        "resume run=last",
        "transfer runs=[latst] datasets=[mnist]",
    ],
)
@pytest.mark.usefixtures("store")
def test_a_run_that_there_is_not(answer, line):
    assert "there is no such run. Did you mean 'latest'?" in answer(line)


def test_the_table_is_long():
    assert len(MISTYPED) >= 80
    assert {line.split()[0] for line in MISTYPED} >= {"train", "predict", "evaluate", "runs", "resume", "transfer"}
    assert tensorflow.import_tensorflow


@pytest.mark.parametrize("line", ["help train", "train help", "train --help", "train -h", "train seed=1 --help"])
def test_help_of_a_command_however_it_is_asked_for(aeexp, line):
    ended = aeexp(*line.split())
    assert (ended.code, ended.err) == (0, "")
    assert "aeexp train experiment=denoising" in ended.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_begins_with_its_name(aeexp, command):
    assert aeexp("help", command).out.startswith(f"aeexp {command}: ")


@pytest.mark.parametrize(
    ("group", "several"), [("corruption", True), ("model", False), ("model/architecture", False), ("tracking", False)]
)
def test_help_of_a_group_has_a_line_for_each_option(aeexp, group, several):
    ended = aeexp("help", group)
    assert (ended.code, ended.err) == (0, "")
    told = dict(line.split(maxsplit=1) for line in ended.out.splitlines() if line.startswith("  "))
    assert list(told) == list(options(group))
    assert (f"'{group}=[A,B]' several" in ended.out) == several
    assert max(map(len, told.values())) <= 110


@pytest.mark.parametrize("line", ["--version", "version", "-V", "train --version", "--version train"])
def test_version_however_it_is_asked_for(aeexp, line):
    ended = aeexp(*line.split())
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("aeexp ")


def test_options_and_overrides_in_any_order(aeexp):
    ended = aeexp("train", "seed=3", "--cfg", "job", "trainer.epochs=7")
    assert "seed: 3" in ended.out
    assert "epochs: 7" in ended.out


def test_a_key_of_ones_own_that_another_reads(aeexp):
    ended = aeexp("train", "--cfg", "job", "--resolve", "+size=5", "model.latent_dim=${size}")
    assert "latent_dim: 5" in ended.out


HEAVY = "import sys; from aeexp.cli.main import main\ntry: main()\nfinally: print('tensorflow' in sys.modules)"


@pytest.mark.parametrize(
    "line",
    ["train model.latent_dim=0", "train -m corruption=none,noise corruption.noise.std=-1,1", "predict", "trian"],
)
def test_a_process_of_its_own_loads_no_tensorflow(line, tmp_path):
    done = run(*line.split(), program=("-c", HEAVY), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == "False"
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("line", ["help report/", "help train report", "train report --help", "train --help report"])
def test_help_of_a_group_however_it_is_asked_for(aeexp, line):
    ended = aeexp(*line.split())
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("aeexp train report=OPTION chooses")
