r"""Screenshots of the documentation, taken in headless Chromium.

    aeexp train -m experiment=denoising trainer.epochs=10 model.latent_dim=2,8,32 corruption.noise.std=0.1,0.3,0.5 \
        report.reconstructions.every=3 launch=parallel
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
from urllib.parse import quote

from mlflow import MlflowClient
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

SIZE = (1600, 1000)
SECONDS_TO_DRAW = 15
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)

UNFOLD = "//button[contains(@data-component-id, 'runnamecellrenderer')]"
SEARCHED = {"charts": "/loss$", "progress": "^reconstructions$"}
"""Search expressions for the charts of a page."""

COLUMNS = ("model.latent_dim", "corruption.noise.std", "test/psnr", "Dataset", "Source")
"""Columns of the table to toggle."""


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
    trainings = "searchFilter=" + quote(beneath.replace("`", '"'))
    chosen = ",".join(f"%22{run.info.run_id}%22" for run in children)
    report = f"{home}/runs/{parent.info.run_id}/artifacts/report"
    return {
        "table": f"{home}/runs?workflowType=machine_learning&compareRunsMode=TABLE&{trainings}",
        "charts": f"{home}/runs?workflowType=machine_learning&compareRunsMode=CHART&{trainings}",
        "progress": f"{home}/runs?workflowType=machine_learning&compareRunsMode=CHART&{trainings}",
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
            if name == "table":
                click(driver, UNFOLD)  # the setting also applies to the charts
                choose_columns(driver)
            if name in SEARCHED:
                driver.find_element(By.XPATH, "//input[@placeholder='Search metric charts']").send_keys(SEARCHED[name])
            if name == "progress":
                time.sleep(SECONDS_TO_DRAW / 3)
                show_last_images(driver)
            time.sleep(SECONDS_TO_DRAW / 3)
            driver.save_screenshot(str(folder / f"{name}.png"))


def tidy(driver: webdriver.Chrome) -> None:
    """Close the assistant panel if it is open."""
    for button in driver.find_elements(By.XPATH, "//*[@data-assistant-ui]//button[@aria-label='Close']"):
        button.click()


def choose_columns(driver: webdriver.Chrome) -> None:
    """Toggle the columns in the column menu, using its search box."""
    click(driver, "//button[contains(., 'Columns')]")
    for column in COLUMNS:
        search = driver.find_element(By.XPATH, "//input[@placeholder='Search columns']")
        search.send_keys(Keys.CONTROL, "a")
        search.send_keys(column)
        click(driver, f"//*[contains(@class, 'tree-title')][.='{column}']")
    driver.find_element(By.TAG_NAME, "body").send_keys(Keys.ESCAPE)


def show_last_images(driver: webdriver.Chrome) -> None:
    """Enlarge the image grid, move to the last step, and scroll to the last run."""
    driver.set_window_size(800, 640)  # the images do not grow with the window
    click(driver, "//button[@data-component-id='fullscreen_button_chartcard']")
    step = driver.find_element(By.XPATH, "//div[@role='dialog']//input[@type='number']")
    step.send_keys(Keys.CONTROL, "a")
    step.send_keys("9", Keys.TAB)
    time.sleep(SECONDS_TO_DRAW / 3)
    image = driver.find_elements(By.XPATH, "//div[@role='dialog']//img")[-1]
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", image)


def click(driver: webdriver.Chrome, xpath: str) -> None:
    """Click the first element that matches an XPath, as soon as it exists."""
    element = WebDriverWait(driver, SECONDS_TO_DRAW).until(lambda each: each.find_elements(By.XPATH, xpath))[0]
    driver.execute_script("arguments[0].scrollIntoView(); arguments[0].click()", element)
    time.sleep(1)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
