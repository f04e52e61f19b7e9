r"""Screenshots of the documentation, taken in headless Chromium.

    aeexp train -m experiment=denoising model.latent_dim=8,32 corruption.noise.std=0.3,0.5 dataset.limit=6000 \
        trainer.batch_size=32 trainer.epochs=8 report.reconstructions.every=1
    aeexp ui
    python docs/screenshots.py http://127.0.0.1:5000 docs/sweep

The sweep takes about two minutes on two cores. The screenshots need the extra `docs`, and Chromium with its driver:
`apt install chromium chromium-driver`.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlflow import MlflowClient
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from aeexp.tracking.mlflow.ui_view import TRAINING_MODE, VIEW

SIZE = (1600, 1500)
LOW = (1600, 900)
"""For a page with a single figure or a short table."""

SECONDS_TO_DRAW = 30
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    """A Chromium with a temporary profile."""
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={SIZE[0]},{SIZE[1]}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options, Service("/usr/bin/chromedriver"))
        try:
            yield driver
        finally:
            driver.quit()


def pages(server: str) -> dict[str, tuple[str, tuple[int, int]]]:
    """The address of each screenshot, and the size of its window, by its name."""
    client = MlflowClient(server)
    experiment = client.get_experiment_by_name("aeexp")
    assert experiment, "record a sweep first"
    (parent,) = client.search_runs([experiment.experiment_id], "tags.`aeexp.kind` = 'sweep'", max_results=1)
    beneath = f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'"
    children = client.search_runs([experiment.experiment_id], beneath, max_results=4)
    home = f"{server}/#/experiments/{experiment.experiment_id}"
    chosen = ",".join(f"%22{run.info.run_id}%22" for run in children)
    report = f"{home}/runs/{parent.info.run_id}/artifacts/report"
    view = f"viewStateShareKey={VIEW}&{TRAINING_MODE}"
    compared = f"runs=[{chosen}]&experiments=[%22{experiment.experiment_id}%22]&{TRAINING_MODE}"
    return {
        "charts": (f"{home}/runs?compareRunsMode=CHART&{view}", SIZE),
        "table": (f"{home}/runs?{view}", LOW),
        "comparison": (f"{server}/#/compare-runs?{compared}", SIZE),
        "report": (f"{report}/index.html?{TRAINING_MODE}", SIZE),
        "best": (f"{report}/comparison.png?{TRAINING_MODE}", LOW),
    }


def main(server: str, folder: Path) -> None:
    """Save a screenshot of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    with browser() as driver:
        for name, (address, size) in pages(server).items():
            driver.get("about:blank")
            driver.set_window_size(*size)
            driver.get(address)
            time.sleep(SECONDS_TO_DRAW)
            tidy(driver)
            time.sleep(SECONDS_TO_DRAW)
            driver.save_screenshot(str(folder / f"{name}.png"))


def tidy(driver: webdriver.Chrome) -> None:
    """Close the assistant panel if it is open."""
    for button in driver.find_elements(By.XPATH, "//*[@data-assistant-ui]//button[@aria-label='Close']"):
        button.click()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
