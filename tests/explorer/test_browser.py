"""The explorer in a real browser: every control is used."""

import time
from pathlib import Path
from shutil import which

import pytest

import aeexp
from tests.support.processes import free_port
from tests.support.stores import TrainedStores
from tests.support.trainings import NOISY_AND_VARIATIONAL

webdriver = pytest.importorskip("selenium.webdriver")
from selenium.webdriver.common.action_chains import ActionChains  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import Select, WebDriverWait  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (which("chromium") and which("chromedriver")), reason="needs chromium and chromedriver"),
]
ARGUMENTS = ("--headless=new", "--no-sandbox", "--window-size=1500,1600", "--use-angle=swiftshader")


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    for argument in (*ARGUMENTS, "--enable-unsafe-swiftshader"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(which("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def home(trained_stores: TrainedStores) -> Path:
    return trained_stores.after(*NOISY_AND_VARIATIONAL)


def opened(browser, url: str) -> None:
    browser.get(url)
    WebDriverWait(browser, 60).until(lambda each: each.execute_script("return Boolean(explorer.isReady)"))


def content(browser, name: str) -> str:
    """The pixels of a canvas, as a text that changes with them."""
    WebDriverWait(browser, 20).until(lambda each: each.find_elements(By.CSS_SELECTOR, name))
    return browser.execute_script(f"return document.querySelector('{name}').toDataURL()")


def control(browser, name: str):
    """A control of the page by its id."""
    return browser.find_element(By.ID, name)


def changes(browser, name: str, act) -> bool:
    """Whether a canvas shows something else soon after an action."""
    before = content(browser, name)
    act()
    return WebDriverWait(browser, 20).until(lambda each: content(each, name) != before)


def click_on(browser, index: int, *, shift: bool = False) -> None:
    box = control(browser, "map")
    x, y = browser.execute_script(f"return pixelsOf(placeOf({index}))")
    actions = ActionChains(browser).move_to_element_with_offset(
        box, round(x - box.rect["width"] / 2), round(y - box.rect["height"] / 2)
    )
    actions = actions.key_down(Keys.SHIFT) if shift else actions
    (actions.pause(0.2).click().key_up(Keys.SHIFT) if shift else actions.pause(0.2).click()).perform()


def drag(browser, element, *moves: tuple[int, int]) -> None:
    actions = ActionChains(browser, duration=20).click_and_hold(element)
    for move in moves:
        actions = actions.move_by_offset(*move)
    actions.release().perform()


def wait_for_images_between(browser) -> None:
    between = (By.CSS_SELECTOR, "#between-images canvas")
    WebDriverWait(browser, 20).until(lambda each: len(each.find_elements(*between)) == 9)


def wait_until_chosen(browser, index: int) -> None:
    name = control(browser, "chosen-name")
    WebDriverWait(browser, 20).until(lambda _: name.text.startswith(f"{index} · "))


def outermost(browser) -> tuple[int, int]:
    """The images that lie farthest to the right and to the left, alone at their places."""
    order = browser.execute_script(
        "return Array.from({length: about.count}, (_, i) => i).sort((a, b) => placeOf(a)[0] - placeOf(b)[0])"
    )
    return order[-1], order[0]


def test_every_control_of_the_served_page(browser, home, tmp_path):
    from PIL import Image

    run = aeexp.load("latest", home=home)
    served = run.explore(beside=run, limit=30, port=free_port())
    try:
        opened(browser, served.url)
        assert changes(browser, "#decoded", lambda: drag(browser, control(browser, "handle"), *[(6, -4)] * 10))
        assert browser.execute_script("return explorer.latencies.length") > 3
        assert changes(browser, "#decoded", lambda: control(browser, "handle").send_keys(Keys.ARROW_LEFT))
        assert changes(browser, "#decoded", lambda: control(browser, "reset").click())
        slider = browser.find_element(By.CSS_SELECTOR, "#sliders input")
        assert changes(browser, "#decoded", lambda: drag(browser, slider, (60, 0)))
        first, second = outermost(browser)
        assert changes(browser, "#chosen-images canvas", lambda: click_on(browser, first))
        assert control(browser, "chosen-name").text.startswith(f"{first} · ")
        assert len(browser.find_elements(By.CSS_SELECTOR, "#chosen-images canvas")) == 3  # the image, and two outputs
        click_on(browser, second, shift=True)
        WebDriverWait(browser, 20).until(
            lambda each: len(each.find_elements(By.CSS_SELECTOR, "#between-images canvas")) == 9
        )
        for choice, index in (("0", first), ("1", second), ("none", first), ("class", second)):
            Select(control(browser, "color")).select_by_value(choice)
            time.sleep(0.5)
            click_on(browser, index)  # which lies where it is drawn, beside whatever legend
            wait_until_chosen(browser, index)
        Image.new("RGB", (60, 40), "white").save(tmp_path / "white.png")
        assert changes(browser, "#pad", lambda: control(browser, "upload").send_keys(str(tmp_path / "white.png")))
        assert changes(browser, "#pad", lambda: control(browser, "clear").click())
        assert changes(browser, "#restored-images canvas", lambda: drag(browser, control(browser, "pad"), (30, 30)))
        assert changes(browser, "#pad", lambda: control(browser, "take").click())
        assert control(browser, "message").text == ""
        assert not [each for each in browser.get_log("browser") if each["level"] == "SEVERE"]
    finally:
        served.close()


def test_strengths_change_the_input_of_a_denoiser(browser, home):
    (noisy,) = (run_id for run_id, name in aeexp.runs(home=home)["name"].items() if name == "noisy")
    served = aeexp.load(noisy, home=home).explore(limit=30, port=free_port())
    try:
        opened(browser, served.url)
        strength = browser.find_element(By.CSS_SELECTOR, "#strengths input")
        time.sleep(0.5)
        assert changes(browser, "#restored-images canvas", lambda: drag(browser, strength, (80, 0)))
    finally:
        served.close()


def test_the_static_page_needs_no_server(browser, home, tmp_path):
    from aeexp.api.exploring import write_page
    from aeexp.config.composition import composed

    run = aeexp.load("latest", home=home)
    with composed("explore", [f"run={run.id}", f"home={home}", "limit=30"]) as config:
        write_page(config, run.tracker, tmp_path / "page.html")
    opened(browser, (tmp_path / "page.html").as_uri())
    assert changes(browser, "#decoded", lambda: drag(browser, control(browser, "handle"), *[(20, -15)] * 8))
    slider = browser.find_element(By.CSS_SELECTOR, "#sliders input")
    assert changes(browser, "#decoded", lambda: drag(browser, slider, (60, 0)))
    first, second = outermost(browser)
    click_on(browser, first)
    click_on(browser, second, shift=True)
    WebDriverWait(browser, 20).until(
        lambda each: len(each.find_elements(By.CSS_SELECTOR, "#between-images canvas")) == 9
    )
    assert not control(browser, "draw").is_displayed()
    assert not [each for each in browser.get_log("browser") if each["level"] == "SEVERE"]
