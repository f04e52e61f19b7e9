r"""Screenshots of the documentation, taken in headless Chromium.

    aeexp train -m experiment=denoising model.latent_dim=8,32 corruption.noise.std=0.1,0.5 dataset.limit=3000 \
        trainer.epochs=5 report.reconstructions.every=1
    aeexp ui
    python docs/screenshots.py http://127.0.0.1:5000 docs/sweep

Needs the extra `docs`, and Chromium with its driver: `apt install chromium chromium-driver`.
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

from aeexp.tracking.mlflow.ui_view import VIEW

SIZE = (1600, 1500)
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


def pages(server: str) -> dict[str, str]:
    """The address of each screenshot by its name."""
    client = MlflowClient(server)
    experiment = client.get_experiment_by_name("aeexp")
    assert experiment, "record a sweep first"
    (parent,) = client.search_runs([experiment.experiment_id], "tags.`aeexp.kind` = 'sweep'", max_results=1)
    beneath = f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'"
    children = client.search_runs([experiment.experiment_id], beneath, max_results=4)
    home = f"{server}/#/experiments/{experiment.experiment_id}"
    chosen = ",".join(f"%22{run.info.run_id}%22" for run in children)
    report = f"{home}/runs/{parent.info.run_id}/artifacts/report"
    return {
        "charts": f"{home}/runs?compareRunsMode=CHART&viewStateShareKey={VIEW}",
        "table": f"{home}/runs?viewStateShareKey={VIEW}",
        "comparison": f"{server}/#/compare-runs?runs=[{chosen}]&experiments=[%22{experiment.experiment_id}%22]",
        "report": f"{report}/index.html?workflowType=machine_learning",
        "best": f"{report}/comparison.png?workflowType=machine_learning",
    }


def main(server: str, folder: Path) -> None:
    """Save a screenshot of each page."""
    folder.mkdir(parents=True, exist_ok=True)
    with browser() as driver:
        for name, address in pages(server).items():
            driver.get("about:blank")
            driver.set_window_size(*SIZE)
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
