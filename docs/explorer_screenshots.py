r"""Screenshots of the explorer in the documentation, taken in headless Chromium.

    aeexp train experiment=denoising
    aeexp explore run=latest open=false
    python docs/explorer_screenshots.py http://127.0.0.1:8050 docs/explorer

Needs the extra `docs`, and Chromium with its driver: `apt install chromium chromium-driver`.
"""

import sys
import time
from pathlib import Path

from screenshots import browser
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

SIZE = (1500, 1330)
SECONDS_TO_DRAW = 2
FIRST, SECOND = 3, 2
"""A zero and a one among the test images of MNIST."""


def main(server: str, folder: Path) -> None:
    """Save a picture of the map in use, and one colored by the error with the images between two."""
    folder.mkdir(parents=True, exist_ok=True)
    with browser() as driver:
        driver.set_window_size(*SIZE)
        driver.get(server)
        WebDriverWait(driver, 60).until(lambda each: each.execute_script("return Boolean(explorer.isReady)"))
        drag_ring(driver)
        save(driver, folder / "drag.png")
        Select(driver.find_element(By.ID, "color")).select_by_value("0")
        time.sleep(SECONDS_TO_DRAW)
        click(driver, FIRST)
        click(driver, SECOND, shift=True)
        draw_seven(driver)
        save(driver, folder / "between.png")


def drag_ring(driver: Chrome) -> None:
    """Move the code of the chosen image to the right."""
    actions = ActionChains(driver, duration=20).click_and_hold(driver.find_element(By.ID, "handle"))
    for _ in range(40):
        actions = actions.move_by_offset(3, -1)
    actions.release().perform()


def click(driver: Chrome, index: int, *, shift: bool = False) -> None:
    """Choose an image on the map."""
    frame = driver.find_element(By.ID, "map")
    x, y = driver.execute_script(f"return pixelsOf(placeOf({index}))")
    offset = round(x - frame.rect["width"] / 2), round(y - frame.rect["height"] / 2)
    actions = ActionChains(driver).move_to_element_with_offset(frame, *offset).pause(1)
    (actions.key_down(Keys.SHIFT).click().key_up(Keys.SHIFT) if shift else actions.click()).perform()
    ActionChains(driver).move_by_offset(300, 0).perform()  # off the point, whose images would be shown
    time.sleep(SECONDS_TO_DRAW)


def draw_seven(driver: Chrome) -> None:
    """Draw a seven on the pad."""
    driver.find_element(By.ID, "clear").click()
    pad = driver.find_element(By.ID, "pad")
    actions = ActionChains(driver, duration=10).move_to_element_with_offset(pad, -40, -45).click_and_hold()
    for move in ((80, 0), (-20, 45), (-20, 45)):
        actions = actions.move_by_offset(*move)
    actions.release().perform()


def save(driver: Chrome, path: Path) -> None:
    """Save what the page shows."""
    driver.execute_script("window.scrollTo(0, 0)")
    time.sleep(SECONDS_TO_DRAW)
    driver.save_screenshot(str(path))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
