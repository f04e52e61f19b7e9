"""Which jobs a command stands for, and which of them are the same."""

import pickle

import pytest
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.utils import create_config_search_path
from hydra.types import RunMode
from omegaconf import OmegaConf

from aeexp.config.paths import CONF
from aeexp.config.schemas import register_schemas
from aeexp.sweeps.config_loader import CachingConfigLoader
from aeexp.sweeps.jobs import Plan, key_of, name_of


@pytest.fixture
def plan():
    """Plans a command line."""
    register_schemas()

    def plan_command(*words: str) -> Plan:
        loader = CachingConfigLoader(create_config_search_path(str(CONF)))
        master = loader.load_configuration("train", list(words), RunMode.MULTIRUN)
        return Plan.of(words, master, loader)

    return plan_command


def test_every_combination_in_the_order_of_the_command(plan):
    jobs = plan("corruption=noise", "model.latent_dim=2,8", "corruption.noise.std=0.1,0.3").jobs
    assert [job.name for job in jobs] == [
        *("latent_dim=2 std=0.1", "latent_dim=2 std=0.3", "latent_dim=8 std=0.1", "latent_dim=8 std=0.3")
    ]
    assert [job.config.corruption.noise.std for job in jobs] == [0.1, 0.3, 0.1, 0.3]
    assert jobs[0].point == {"model.latent_dim": "2", "corruption.noise.std": "0.1"}


@pytest.mark.parametrize(
    "words",
    [
        ["model.latent_dim=2,8,null", "seed=0,1"],
        ["corruption=none,noise,[downscale,noise]", "optimizer.learning_rate=0.1,0.01"],
        ["loss=[mse,kl],[bce,kl]", "model=dense_vae", "loss.kl.weight=0.5,2"],
        ["+corruption.mine={_target_:a.B},{_target_:c.D}", "seed=3,4"],
    ],
)
def test_is_composed_as_hydra_composes(plan, monkeypatch, words):
    quick = plan(*words).jobs
    monkeypatch.setattr("aeexp.sweeps.config_loader._sets_a_value", lambda override: False)
    assert [job.config for job in quick] == [job.config for job in plan(*words).jobs]
    assert len({job.key for job in quick}) == len(quick)


def test_names_tell_axes_with_the_same_end_apart():
    assert name_of({"loss.bce.weight": "1", "loss.kl.weight": "2", "seed": "3"}) == "bce.weight=1 kl.weight=2 seed=3"


def test_key_is_blind_to_what_changes_no_result(plan):
    job, _ = plan("seed=1,2").jobs
    for word in ("trainer.threads=1", "tracking=memory", "launch=parallel", "name=other", "sweep.rerun=true"):
        other, _ = plan("seed=1,2", word).jobs
        assert other.key == job.key, word


def test_key_sees_what_changes_a_result(plan):
    words = ("trainer.batch_size=2", "trainer.epochs=3", "corruption=noise", "report=none", "dataset.limit=5")
    keys = {job.key for word in words for job in plan("seed=1,2", word).jobs}
    assert len(keys) == 2 * len(words)
    first, second = plan("corruption=[downscale,noise],[noise,downscale]").jobs
    assert first.key != second.key


def test_key_of_a_config_is_that_of_its_copy(plan):
    job, _ = plan("seed=1,2").jobs
    assert key_of(OmegaConf.create(OmegaConf.to_yaml(job.config))) == job.key


def test_sweep_is_the_same_when_only_swept_values_differ(plan):
    key = plan("corruption=noise", "model.latent_dim=2,8", "seed=0,1").key
    assert plan("seed=0,1,2", "model.latent_dim=2,32", "corruption=noise", "launch=parallel").key == key
    assert plan("corruption=noise", "model.latent_dim=2,8", "seed=0").key != key
    assert plan("corruption=none", "model.latent_dim=2,8", "seed=0,1").key != key


@pytest.fixture
def reads(monkeypatch):
    """Grows by one whenever Hydra composes a job from its files."""
    reads = []
    compose = ConfigLoaderImpl.load_sweep_config
    monkeypatch.setattr(
        ConfigLoaderImpl, "load_sweep_config", lambda *arguments: reads.append(1) or compose(*arguments)
    )
    return reads


def test_configs_are_read_once(plan, reads):
    assert len(plan("model.latent_dim=range(1,31)").jobs) == 30
    assert len(reads) == 1


def test_worker_reads_configs_once_and_composes_as_hydra_does(reads):
    register_schemas()
    loader = ConfigLoaderImpl(create_config_search_path(str(CONF)))
    master = loader.load_configuration("train", ["hydra.verbose=true"], RunMode.MULTIRUN)
    sent = pickle.dumps(CachingConfigLoader(loader.get_search_path()))
    jobs = [["corruption=noise", f"corruption.noise.std={std}", "~optimizer.beta_1"] for std in (0.1, 0.2, 0.3)]
    composed = [pickle.loads(sent).load_sweep_config(master, job) for job in jobs]
    assert len(reads) == 1
    assert composed == [loader.load_sweep_config(master, job) for job in jobs]
    assert composed[2].hydra.job.override_dirname.startswith("corruption.noise.std=0.3,")
