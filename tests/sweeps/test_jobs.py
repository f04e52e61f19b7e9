"""Which jobs a command stands for, and which of them are the same."""

import pickle
from collections.abc import Iterator

import pytest
from hydra import initialize_config_dir
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.config.short_names import short_names
from aeexp.errors import ConfigError
from aeexp.sweeps.config_loader import CachingConfigLoader
from aeexp.sweeps.jobs import Plan, key_of, name_of
from aeexp.sweeps.repetitions import check_axes, describe_repetitions


@pytest.fixture(scope="module")
def hydras_loader() -> Iterator[ConfigLoader]:
    """Hydra's own config loader."""
    register_schemas()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        yield GlobalHydra.instance().config_loader()


@pytest.fixture(scope="module")
def master(hydras_loader) -> DictConfig:
    """The config of a sweep without any overrides."""
    return hydras_loader.load_configuration("train", [], RunMode.MULTIRUN)


@pytest.fixture(scope="module")
def caching_loader(hydras_loader) -> CachingConfigLoader:
    """Ours, which has composed for others before."""
    return CachingConfigLoader(hydras_loader)


@pytest.fixture
def plan(caching_loader, master):
    """Plans a command line, by the caching loader unless another one is given."""

    def plan_command(*words: str, loader: ConfigLoader = caching_loader) -> Plan:
        return Plan.from_overrides(words, master, loader)

    return plan_command


def test_every_combination_in_the_order_of_the_command(plan):
    jobs = plan("corruption=noise", "model.latent_dim=2,8", "corruption.noise.std=0.1,0.3").jobs
    assert [job.name for job in jobs] == [
        f"model.latent_dim={latent_dim} corruption.noise.std={std}" for latent_dim in (2, 8) for std in (0.1, 0.3)
    ]
    assert [job.config.corruption.noise.std for job in jobs] == [0.1, 0.3, 0.1, 0.3]
    assert jobs[0].point == {"model.latent_dim": "2", "corruption.noise.std": "0.1"}


@pytest.mark.parametrize(
    "words",
    [
        ["model.latent_dim=2,null", "seed=0,1"],
        ["corruption=none,[downscale,noise]", "optimizer.learning_rate=0.1,0.01"],
        ["loss=[mse,kl],[bce,kl]", "model=dense_vae", "loss.kl.weight=0.5,2"],
        ["+corruption.mine={_target_:a.B},{_target_:c.D}", "seed=3,4"],
    ],
)
def test_is_composed_as_hydra_composes(plan, hydras_loader, words):
    jobs = plan(*words).jobs
    assert [job.config for job in jobs] == [job.config for job in plan(*words, loader=hydras_loader).jobs]
    assert len({job.key for job in jobs}) == len(jobs)


@pytest.mark.parametrize(
    ("word", "values"),
    [
        ("model.latent_dim=2,null", ["2", "null"]),
        ("model.latent_dim=choice(8,2)", ["8", "2"]),
        ("model.latent_dim=sort(8,2,reverse=true)", ["8", "2"]),
        ("seed=range(3)", ["0", "1", "2"]),
        ("corruption.noise.std=range(0.25,1,0.25)", ["0.25", "0.5", "0.75"]),
        ("model=glob([dense*,unet],exclude=*vae)", ["dense_ae", "unet"]),
        ("name='a b','c=d'", ["'a b'", "'c=d'"]),
        ("loss=[mse],[bce,mse]", ["[mse]", "[bce,mse]"]),
    ],
)
def test_every_way_to_list_values(plan, word, values):
    key = word.partition("=")[0]
    assert [job.overrides for job in plan("corruption=noise", word).jobs] == [
        ("corruption=noise", f"{key}={value}") for value in values
    ]


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        (["seed=interval(0,3)"], ["seed=interval(0,3)", "seed=a,b,c"]),
        (["seed=range(3,3)"], ["seed=range(3,3)", "at least"]),
        (["seed=0,1", "model=glob(nothing*)"], ["model=glob(nothing*)", "at least"]),
        (["seed=0"], ["several values"]),
    ],
)
def test_values_that_cannot_be_listed(plan, words, hints):
    with pytest.raises(ConfigError) as refused:
        plan(*words)
    assert all(hint in str(refused.value) for hint in hints), refused.value


def test_names_carry_the_groups():
    assert name_of({"corruption": "[downscale,noise]", "loss.kl.weight": "2"}) == (
        "corruption=downscale+noise loss.kl.weight=2"
    )


def test_short_names_tell_axes_with_the_same_end_apart():
    assert short_names(["loss.bce.weight", "loss.kl.weight", "seed"]) == ["bce.weight", "kl.weight", "seed"]


def test_key_is_blind_to_what_changes_no_result(plan):
    words = (
        *("trainer.threads=1", "trainer.checkpoints=here", "comparison.cache=there", "tracking=memory"),
        *("launch=parallel", "name=other", "sweep.rerun=true", "hydra.verbose=true", "report=none", "open=true"),
    )
    assert [job.key for job in plan("seed=1,2", *words).jobs] == [job.key for job in plan("seed=1,2").jobs]


@pytest.mark.parametrize(("monitor", "mode", "other"), [("val/loss", "min", "max"), ("val/psnr", "max", "min")])
def test_key_is_that_of_jobs_which_had_to_give_the_mode(plan, monitor, mode, other):
    given = [f"trainer.monitor={monitor}", "seed=1,2"]
    keys = [job.key for job in plan(*given).jobs]
    assert [job.key for job in plan(*given, f"trainer.mode={mode}").jobs] == keys
    assert not {job.key for job in plan(*given, f"trainer.mode={other}").jobs} & set(keys)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["seed=0,0"], "2 jobs are the same training; what is repeated runs once: 2 times seed=0"),
        (
            ["seed=0,1,0", "trainer.batch_size=8"],
            "3 jobs are 2 different trainings; what is repeated runs once: 2 times seed=0",
        ),
        (
            ["trainer.threads=1,2"],
            "2 jobs are the same training; what is repeated runs once: 2 times trainer.threads=1 or trainer.threads=2",
        ),
        (["optimizer.learning_rate=0.001,1e-3"], "2 jobs are the same training"),
        (["seed=0,1"], None),
    ],
)
def test_repeated_points_run_once_and_it_is_said(plan, words, line):
    each = plan(*words)
    told = describe_repetitions(each)
    assert (told or "").startswith(line or "")
    assert bool(told) == bool(line)
    assert list(each.different) == list(dict.fromkeys(job.key for job in each.jobs))


def test_a_swept_key_that_no_component_reads_is_refused(plan):
    with pytest.raises(ConfigError, match=r"repeat: no component reads it.* seed=0,1,2"):
        check_axes(plan("+repeat=range(3)"))
    check_axes(plan("+size=8,16", "model.latent_dim=${size}"))  # read by an interpolation
    check_axes(plan("experiment=autoencoder,denoising", "seed=0,1"))


def test_key_sees_what_changes_a_result(plan):
    words = ("trainer.batch_size=2,128", "trainer.epochs=3,25", "dataset.limit=5,null", "corruption=none,noise")
    jobs = plan(*words).jobs
    assert len({job.key for job in jobs}) == len(jobs) == 2**4
    first, second = plan("corruption=[downscale,noise],[noise,downscale]").jobs
    assert first.key != second.key


def test_key_of_a_config_is_that_of_its_copy(plan):
    job, _ = plan("seed=1,2").jobs
    assert key_of(OmegaConf.create(OmegaConf.to_yaml(job.config))) == job.key


@pytest.mark.parametrize(("path", "same"), [("photos", True), ("./photos", True), ("other", False), ("/p", False)])
def test_key_is_the_same_for_all_ways_to_write_a_path(plan, tmp_path, monkeypatch, path, same):
    """So older jobs, which have recorded it as it was typed, are found again by the command in their folder."""
    monkeypatch.chdir(tmp_path)
    absolute, _ = plan("dataset=folder", f"dataset.path={tmp_path}/photos", "seed=0,1").jobs
    typed, _ = plan("dataset=folder", f"dataset.path={path}", "seed=0,1").jobs
    assert (typed.key == absolute.key) == same
    assert typed.config.dataset.path == path


def test_sweep_is_the_same_when_only_swept_values_differ(plan):
    key = plan("corruption=noise", "model.latent_dim=2,8", "seed=0,1").key
    assert plan("seed=0,1,2", "model.latent_dim=2,32", "corruption=noise", "launch=parallel").key == key
    assert plan("corruption=noise", "model.latent_dim=2,8", "seed=0").key != key
    assert plan("corruption=none", "model.latent_dim=2,8", "seed=0,1").key != key


@pytest.fixture
def reads(hydras_loader, monkeypatch):
    """Grows by one whenever Hydra composes a job from its files."""
    reads, kind = [], type(hydras_loader)
    compose = kind.load_sweep_config
    monkeypatch.setattr(kind, "load_sweep_config", lambda *arguments: reads.append(1) or compose(*arguments))
    return reads


def test_configs_are_read_once(plan, hydras_loader, reads):
    assert len(plan("model.latent_dim=range(1,31)", loader=CachingConfigLoader(hydras_loader)).jobs) == 30
    assert len(reads) == 1


def test_worker_reads_configs_once_and_composes_as_hydra_does(hydras_loader, reads):
    master = hydras_loader.load_configuration("train", ["hydra.verbose=true"], RunMode.MULTIRUN)
    sent = pickle.dumps(CachingConfigLoader(hydras_loader))
    jobs = [["corruption=noise", f"corruption.noise.std={std}", "~optimizer.beta_1"] for std in (0.1, 0.2, 0.3)]
    composed = [pickle.loads(sent).load_sweep_config(master, job) for job in jobs]
    assert len(reads) == 1
    assert composed == [hydras_loader.load_sweep_config(master, job) for job in jobs]
    assert composed[2].hydra.job.override_dirname.startswith("corruption.noise.std=0.3,")


@pytest.mark.parametrize(
    "words",
    [
        ["seed=2", "corruption=noise", "name=null", "seed=3"],
        ["model.latent_dim=8", "model=dense_ae", "model.latent_dim=${seed}"],
        ["~optimizer.beta_1", "optimizer.beta_2=0.5"],
        ["optimizer.beta_2=0.5", "~optimizer.beta_2"],
        ["seed=3", "~seed=3"],
        ["++seed=4", "seed=5"],
        ["seed=5", "++seed=4"],
        ["+corruption.mine={_target_:a.B,std:1}", "corruption.mine.std=2"],
        ["corruption.mine.std=2", "+corruption.mine={_target_:a.B,std:1}"],
        ["+trainer.more=1", "trainer.epochs=3", "probes=[1]"],
        ["loss.bce={_target_:a.B}", "loss.bce.weight=2"],
        ["hydra.job.config.override_dirname.kv_sep=_", "seed=3", "trainer.epochs=2"],
        ["hydra.job.config.override_dirname.exclude_keys=[seed]", "seed=3", "model=unet"],
        ["seed=one"],
        ["model.latentdim=2"],
        ["corruption.noise.std=2"],
        ["~optimizer.beta_9", "seed=3"],
        ["+seed=3"],
        ["model=nothing", "seed=3"],
        ["seed=1,2"],
        ["seed="],
        ["model.latent_dim"],
        ["model/architecture=unet", "model.architecture.filters=4"],
    ],
    ids=" ".join,
)
def test_any_overrides_compose_as_hydra_does(hydras_loader, caching_loader, master, words):
    """In the same order, to the same config or the same error, twice in a row."""
    expected = composed_or_refused(hydras_loader, master, words)
    for _ in range(2):
        assert composed_or_refused(caching_loader, master, words) == expected


def composed_or_refused(loader: ConfigLoader, master: object, words: list[str]) -> object:
    try:
        config = loader.load_sweep_config(master, words)
    except HydraException as error:
        return type(error), str(error), str(error.__cause__)
    return OmegaConf.to_yaml(config)


def test_answers_as_the_loader_that_it_asks(hydras_loader):
    ours = CachingConfigLoader(hydras_loader)
    assert ours.list_groups("model") == hydras_loader.list_groups("model") == ["architecture", "bottleneck", "prior"]
    assert ours.get_group_options("model") == hydras_loader.get_group_options("model")
    assert ours.get_sources() == hydras_loader.get_sources()
    assert ours.get_search_path() is hydras_loader.get_search_path()
    arguments = ("train", ["seed=3"], RunMode.RUN)
    assert ours.load_configuration(*arguments) == hydras_loader.load_configuration(*arguments)
    defaults = [each.compute_defaults_list(*arguments).defaults for each in (ours, hydras_loader)]
    assert defaults[0] == defaults[1]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (
            ["corruption=none,noise", "corruption.noise.std=0.1,0.5"],
            [
                "corruption=none",
                "corruption=noise corruption.noise.std=0.1",
                "corruption=noise corruption.noise.std=0.5",
            ],
        ),
        (["corruption=none,noise", "corruption.noise.std=0.1"], ["corruption=none", "corruption=noise"]),
        (
            ["model=conv_ae,unet", "model.architecture.code_size=2,4"],
            [*(f"model=conv_ae model.architecture.code_size={size}" for size in (2, 4)), "model=unet"],
        ),
        (
            ["loss=mse,[mse,kl]", "loss.kl.weight=1,2", "model=dense_vae"],
            ["loss=mse", "loss=mse+kl loss.kl.weight=1", "loss=mse+kl loss.kl.weight=2"],
        ),
        (
            ["corruption=none,[noise,blur],[noise]", "corruption.noise.std=0.1", "corruption.blur.std=1"],
            ["corruption=none", "corruption=noise+blur", "corruption=noise"],
        ),
    ],
)
def test_a_job_leaves_out_the_settings_of_components_that_it_does_not_choose(plan, words, names):
    planned = plan(*words)
    assert [job.name for job in planned.jobs] == names
    assert len({job.key for job in planned.jobs}) == len(names)
    assert planned.left_out
    assert set(planned.axes) == {word.partition("=")[0] for word in words if "," in word}


def test_a_key_that_no_job_has_is_refused(plan):
    with pytest.raises(HydraException, match="sdt"):
        plan("corruption=none,noise", "corruption.noise.sdt=0.1,0.5")


def test_the_first_invalid_job_is_named(plan):
    with pytest.raises(ConfigError, match=r"^corruption=noise corruption.noise.std=-1: .*at least 0"):
        plan("corruption=none,noise", "corruption.noise.std=0.1,-1").check()
