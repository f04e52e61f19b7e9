"""The description of a run says what it is, on which data, and how good."""

from dataclasses import replace

from aeexp.runs.description import description
from aeexp.tracking.tracker import DatasetSpec, RunSpec

DATA = {split: DatasetSpec("mnist", "0", {}, {"images": size}) for split, size in (("train", 60000), ("test", 10000))}
SPEC = RunSpec("a", {"model": "conv_ae", "corruption": "noise", "loss": "bce", "model.latent_dim": 8}, datasets=DATA)


def test_names_choices_data_and_quality():
    metrics = {"test/psnr": 19.25, "gain/psnr": 1.5, "baseline/median/psnr": 17.75}
    assert description(SPEC, metrics, "25 epochs", None) == (
        "model conv_ae, corruption noise, loss bce  \n"
        "mnist, 60,000 train images, 10,000 test images; 25 epochs\n\n"
        "PSNR of the test images: 19.25 dB, 1.50 dB above the best baseline (median)."
    )


def test_an_augmentation_is_named_where_there_is_one():
    for option, begin in {
        "none": "model conv_ae, corruption",
        "flip": "model conv_ae, augmentation flip, corr",
    }.items():
        spec = replace(SPEC, params={**SPEC.params, "augmentation": option})
        assert description(spec, {}, "", None).startswith(begin)


def test_shows_the_reconstructions_that_there_are():
    shown = description(SPEC, {}, "", "abc")
    assert shown.endswith("(get-artifact?path=figures%2Freconstructions.png&run_uuid=abc)")
    assert "figures" not in description(SPEC, {}, "", None)
