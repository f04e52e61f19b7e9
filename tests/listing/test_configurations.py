"""Configurations of a comparison: how they are named, and which of them were tested on the same images."""

from typing import Any

from aeexp.listing.configurations import configurations, task_keys
from aeexp.listing.row import Row
from tests.support.run_infos import run_info

PARAMS = {"model": "conv_ae", "dataset": "mnist", "corruption": "none", "optimizer": "adam", "seed": "0"}
DATA = {"dataset.limit": "null", "dataset.split.validation": "0.1", "optimizer.learning_rate": "0.001"}


def row(digest: str = "same", **changed: str) -> Row:
    params = {**PARAMS, **DATA, **{key.replace("__", "."): value for key, value in changed.items()}}
    digests = {"test": digest} if digest else {}
    return Row.from_run(run_info("run", params=params, metrics={"test/psnr": 20.0}, digests=digests))


def found(*rows: Row) -> Any:
    return configurations(None, rows, "test/psnr")  # type: ignore[arg-type]


def one_task(*rows: Row) -> list[str]:
    """The keys in which the first two rows were tested on other images."""
    one, other = (next(iter(each.trainings.values())) for each in found(*rows)[:2])
    return one.differing(other)


def test_runs_that_differ_in_the_images_held_out_are_tested_on_the_same():
    rows = [row(), row(dataset__split__validation="100"), row(optimizer__learning_rate="0.01")]
    assert [each.name for each in found(*rows)] == [
        "validation=0.1 learning_rate=0.001",
        "validation=100 learning_rate=0.001",
        "validation=0.1 learning_rate=0.01",
    ]
    assert one_task(*rows) == task_keys(rows) == []


def test_what_the_test_images_differ_in_is_named():
    noisy = {"corruption": "noise", "corruption__noise__std": "0.3"}
    assert one_task(row(**noisy), row(**{**noisy, "corruption__noise__std": "0.5"})) == ["corruption.noise.std"]
    assert one_task(row(), row("other", dataset__limit="9")) == ["test images"]
    assert task_keys([row(), row("other", dataset__limit="9")]) == ["test images", "dataset.limit"]
    assert one_task(row(), row(dataset__binarization="dynamic")) == ["dataset.binarization"]
    assert one_task(row(), row(dataset__binarization="none")) == []


def test_without_a_digest_all_settings_of_the_data_count():
    assert one_task(row(""), row("", dataset__limit="9")) == ["dataset.limit"]
    assert one_task(row(""), row("", optimizer__learning_rate="0.1")) == []


def test_names_leave_out_the_defaults_of_other_options():
    dense = row(model="dense_ae", **{"model__architecture__layers": "null"})
    assert [each.name for each in found(row(), dense)] == ["model=conv_ae", "model=dense_ae"]
