"""Metrics of a run as a table and in a sentence."""

from aeexp.runs.metric_table import MetricTable, headline, latent_summary

METRICS = {
    "train/loss": 80.0,
    "val/loss": 78.0,
    "val/loss_bce": 78.0,
    "val/psnr": 20.0,
    "test/psnr": 20.0,
    "baseline/median/psnr": 18.0,
    "baseline/total_variation/psnr": 18.5,
    "gain/psnr": 1.5,
    "latent/active_units": 2.0,
}


def test_same_images_are_one_column_and_the_best_baseline_stands_beside():
    table = MetricTable.from_metrics(METRICS)
    assert table.columns == ["training", "validation = test", "baseline: total variation"]
    assert table.rows == {"loss": ["80", "78", ""], "psnr": ["", "20", "18.5"]}


def test_other_test_images_have_a_column_of_their_own():
    table = MetricTable.from_metrics({**METRICS, "test/psnr": 19.0})
    assert table.columns[:3] == ["training", "validation", "test"]
    assert table.rows["psnr"] == ["", "20", "19", "18.5"]


def test_an_interval_over_the_images_stands_beside():
    ends = {"test/psnr_ci_low": 18.5, "test/psnr_ci_high": 19.5, "gain/psnr_ci_low": 1.25, "gain/psnr_ci_high": 1.75}
    table = MetricTable.from_metrics({**METRICS, "test/psnr": 19.0, **ends})
    assert table.columns[2:4] == ["test", "95 % interval"]
    assert table.rows == {"loss": ["80", "78", "", "", ""], "psnr": ["", "20", "19", "18.5 to 19.5", "18.5"]}
    assert headline({**METRICS, **ends}).endswith("95 % interval over the images: 1.25 to 1.75.")


def test_an_evaluation_has_no_validation():
    assert MetricTable.from_metrics({"test/mse": 0.5}).columns == ["test"]


def test_the_sentence_names_the_gain_over_the_best_baseline():
    assert headline(METRICS).endswith("20.00 dB, 1.50 dB above the best baseline (total variation).")
    assert "2.00 dB below" in headline({**METRICS, "gain/psnr": -2.0})
    assert headline({"test/psnr": 20.0}).endswith("20.00 dB.")
    assert headline({"test/mse": 0.5}) == ""


def test_latent_codes_are_summed_up_where_they_were_measured():
    assert latent_summary(METRICS) == "Latent codes: active units 2."
    assert latent_summary({"test/psnr": 20.0}) == ""
