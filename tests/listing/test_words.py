"""Short texts about a run: its name, and what tells its settings."""

from aeexp.listing.columns import Columns
from aeexp.listing.row import Row
from aeexp.listing.words import changes, names
from tests.support.run_infos import NOW, run_info

PARAMS = {"model": "conv_ae", "dataset": "folder", "corruption": "none", "seed": "0"}


def row(name: str, kind: str = "training", **params: str) -> Row:
    return Row.from_run(run_info(name, kind, params={**PARAMS, **{k.replace("__", "."): v for k, v in params.items()}}))


def test_spaces_of_a_path_stay_and_those_of_a_list_go():
    rows = [row("a", dataset__path="/a=b, c d"), row("b", dataset__image_shape="[8, 8, 1]")]
    told = changes(rows, {"dataset.path": "path", "dataset.image_shape": "image_shape"})
    assert [told(each) for each in rows] == ["path=/a=b, c d", "image_shape=[8,8,1]"]


def test_options_stand_among_the_settings_where_they_differ_from_the_default():
    rows = [row("a", model="dense_ae"), row("b"), row("c", corruption="noise")]
    told = changes(rows, {}, ["model", "dataset", "corruption"])
    assert [told(each) for each in rows] == ["model=dense_ae", "", "corruption=noise"]


def test_a_name_that_the_settings_make_is_not_said_twice():
    rows = [row("mine"), row("seed=1 …", seed="1"), row("defaults"), row("sweep model.latent_dim × seed", "sweep")]
    shown = names(rows, {"model.latent_dim": "latent_dim"}, beside_settings=True)
    assert [shown(each) for each in rows] == ["mine", "", "", "sweep latent_dim × seed"]
    assert "name" in Columns(rows, rows, NOW).default(None, grouped=False)
    assert "name" not in Columns(rows[1:3], rows, NOW).default(None, grouped=False)
