"""The results of sweeps over one, two and three axes: numbers by hand, figures and the page."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from aeexp.sweeps.figures import ProbeArrays, comparison, latent_scatters, reconstruction_grid
from aeexp.sweeps.html import html_report
from aeexp.sweeps.leaderboard import leaderboard
from aeexp.sweeps.results import Results, ordered
from aeexp.sweeps.summary import headline, task_lines
from aeexp.tracking.artifacts import FigureArtifact

AXES = ("model.latent_dim", "corruption.noise.std", "corruption")


def results(
    count: int, mode: str = "max", seeds: int = 2, chosen: tuple[str, ...] = (), metric: str = "psnr"
) -> Results:
    """The first so many axes, or those chosen; the metric is known: 10 × latent size + std + seed."""
    axes = chosen or AXES[:count]
    grid = list(product(["8", "2", "32"], ["0.5", "0.1"], ["none", "noise"], map(str, range(seeds))))
    rows = [dict(zip((*AXES, "seed"), point, strict=True)) for point in grid]
    table = pd.DataFrame(rows).drop_duplicates([*axes, "seed"]).reset_index(drop=True)
    table[metric] = [10 * float(row[AXES[0]]) + float(row[AXES[1]]) + float(row["seed"]) for _, row in table.iterrows()]
    table["run"] = [f"run{number}" for number in range(len(table))]
    table["name"] = table["run"]
    for axis in (*axes, "seed"):
        table[axis] = ordered(table[axis])
    return Results(axes, table.sort_values([*axes, "seed"]).reset_index(drop=True), metric, mode)


def probe_arrays(results: Results) -> ProbeArrays:
    images = np.zeros((3, 8, 8, 1), np.uint8)
    arrays = {"inputs": images, "reconstructions": images, "targets": images, "plane": np.eye(5, 2, dtype=np.float32)}
    arrays |= {"labels": np.array([0, 1, 2, 0, 1]), "class_names": np.array(["bag", "coat", "shirt"])}
    return dict.fromkeys(results.runs["run"], arrays)


def test_seeds_are_averaged():
    best = results(1).ranked[0]
    assert best["model.latent_dim"] == 32
    assert best["mean"] == pytest.approx(321.0)  # of 320.5 and 321.5
    assert best["std"] == pytest.approx(np.sqrt(0.5))
    assert best["runs"] == 2


def test_the_test_images_stand_beside_the_validation_images():
    found = results(1, metric="val/psnr")
    found.runs["test/psnr"] = found.runs["val/psnr"] / 10
    assert found.ranked[0]["test"] == pytest.approx(32.1)
    assert "latent_dim=32 with 321 ± 0.71, test/psnr 32.1" in headline(found)
    assert list(leaderboard(found)["test/psnr"]) == pytest.approx([32.1, 8.1, 2.1])


def test_seeds_alone_are_one_mean_with_its_interval():
    alone = results(1, chosen=("seed",))
    alone = replace(alone, axes=("seed",), runs=alone.runs.drop_duplicates("seed"))
    mean, std = alone.runs["psnr"].mean(), alone.runs["psnr"].std()
    assert headline(alone).startswith(f"psnr over 2 runs: mean {mean:.4g} ± {std:.2g} (95 % interval of the mean")


def test_points_have_intervals_and_are_tested_within_their_task():
    table = leaderboard(results(2))
    best, second = table.iloc[0], table.iloc[1]
    half = 12.706 * np.sqrt(0.5 / 2)  # Student's t with one degree of freedom
    assert (best["95 % low"], best["95 % high"]) == pytest.approx((best["psnr"] - half, best["psnr"] + half), rel=1e-3)
    assert second["difference to the best"] == pytest.approx(-240)
    assert list(table["tied"]) == [""] * 6
    assert "95 % low" not in leaderboard(results(2, seeds=1))


def test_leaderboard_is_ordered_by_the_mode():
    assert list(results(1, "max").points["model.latent_dim"]) == [32, 8, 2]
    assert list(results(1, "min").points["model.latent_dim"]) == [2, 8, 32]
    table = leaderboard(results(2))
    assert list(table["difference to the best"].fillna(0)) == pytest.approx([0, -240, -300] * 2)  # for each noise
    assert list(leaderboard(results(2, seeds=1))["behind the best"]) == pytest.approx([0, 240, 300] * 2)
    assert list(table["std"]) == [0.1] * 3 + [0.5] * 3
    assert list(table["rank"]) == [1, 2, 3] * 2
    assert table.columns.is_unique


def test_headline_names_the_best_point_and_its_lead():
    assert headline(results(1)) == "Best psnr: latent_dim=32 with 321 ± 0.71, 240 ahead of latent_dim=8"
    assert headline(results(1, seeds=1)) == "Best psnr: latent_dim=32 with 320.5, 240 ahead of latent_dim=8"


def test_the_easiest_task_wins_nothing():
    each = results(2)
    assert headline(each) == "Best psnr within each task (std)"
    assert task_lines(each) == [
        "std=0.1: latent_dim=32 with 320.6 ± 0.71, 240 ahead of latent_dim=8",
        "std=0.5: latent_dim=32 with 321 ± 0.71, 240 ahead of latent_dim=8",
    ]
    text = html_report(each, {})
    assert all(line in text for line in (headline(each), *task_lines(each)))


def with_baselines(each: Results) -> Results:
    """The same with baselines, of which the blur is the best at little noise, and a gain of −1 dB or +2 dB."""
    noisy = each.runs["corruption.noise.std"].astype(float) > 0.2
    runs = each.runs.assign(
        **{"baseline/median/psnr": 21.0, "baseline/gaussian_blur/psnr": np.where(noisy, 18.5, 24.0)},
        **{"gain/psnr": np.where(noisy, 2.0, -1.0)},
    )
    return replace(each, runs=runs)


def test_points_have_their_gain_and_the_best_baseline():
    each = with_baselines(results(2))
    assert task_lines(each) == [
        "std=0.1: latent_dim=32 with 320.6 ± 0.71 (1.00 dB below gaussian blur 24.00), 240 ahead of latent_dim=8",
        "std=0.5: latent_dim=32 with 321 ± 0.71 (2.00 dB above median 21.00), 240 ahead of latent_dim=8",
    ]
    table = leaderboard(each)
    assert list(table["gain/psnr"]) == [-1.0] * 3 + [2.0] * 3
    assert list(table["best baseline"]) == ["gaussian blur 24.00"] * 3 + ["median 21.00"] * 3
    table = leaderboard(with_baselines(results(2, metric="gain/psnr")))
    assert table.columns.is_unique
    assert list(table["gain/psnr"]) == [2.0] * 3 + [-1.0] * 3


def test_the_winner_of_each_task_is_bold_and_runs_have_links():
    each = replace(results(2), remarks=("Not compared: <1> failed.",))
    text = html_report(each, {}, {"run0": "../../a&b/index.html"}, "aeexp train -m model.latent_dim=2,8 name='<x>'")
    rows = text.partition("<h2>Leaderboard")[2].partition("</table>")[0].split("<tr>")[1:]
    assert ["<b>" in row for row in rows] == [True, False, False] * 2
    assert text.count("<a href='../../a&amp;b/index.html'>run0</a>") == 1
    assert sum(text.count(f"run{number}") for number in range(1, 10)) >= 9
    assert "<pre>aeexp train -m model.latent_dim=2,8 name=&#x27;&lt;x&gt;&#x27;</pre>" in text
    assert "<p>Not compared: &lt;1&gt; failed.</p>" in text


def test_tasks_alone_are_listed_without_a_winner():
    each = results(1, seeds=1, chosen=("corruption.noise.std",))
    assert headline(each) == "psnr within each task (std)"
    assert [line.partition(":")[0] for line in task_lines(each)] == ["std=0.1", "std=0.5"]


def test_gains_over_the_baselines_are_compared_over_all_tasks():
    each = results(2, metric="gain/psnr")
    assert headline(each).startswith(
        "Best gain/psnr over all tasks: latent_dim=32 std=0.5 with 321 ± 0.71, 0.4 ahead of"
    )
    assert task_lines(each) == []
    assert list(leaderboard(each)["rank"]) == [1, 2, 3, 4, 5, 6]


def test_values_are_ordered_as_numbers_and_before_words():
    assert list(ordered(pd.Series(["None", "32", "8", "0.5"])).categories) == [0.5, 8, 32, "None"]


@pytest.mark.parametrize(("axes", "maps"), [(2, 1), (3, 2)])
def test_heat_maps_hold_the_means(axes, maps):
    drawn = [image for each in comparison(results(axes)).axes for image in each.images]
    assert len(drawn) == maps
    np.testing.assert_allclose(
        np.sort(drawn[0].get_array().compressed()), [20.6, 21.0, 80.6, 81.0, 320.6, 321.0], atol=1e-5
    )


def test_curve_holds_every_run():
    (axes,) = comparison(results(1)).axes
    assert len(axes.collections[0].get_offsets()) == 6


@pytest.mark.parametrize("axes", [1, 2, 3])
def test_page_needs_no_network_and_has_the_headline(axes):
    each = results(axes)
    arrays = probe_arrays(each)
    figures = {"grid": reconstruction_grid(each, arrays), "latents": latent_scatters(each, arrays)}
    text = html_report(each, {name: FigureArtifact(name, figure).render() for name, figure in figures.items()})
    assert headline(each).split(",")[0] in text
    assert "<script src" not in text
    assert text.count("src='data:image/png") == 2


def test_grid_has_a_row_for_each_run_below_its_input():
    each = results(1)
    labels = [axes.get_ylabel() for axes in reconstruction_grid(each, probe_arrays(each)).axes]
    assert labels == ["target", "input", *each.runs["name"]]
