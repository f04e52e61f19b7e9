r"""Milliseconds from a drag on the explorer's map to the decoder's picture, measured in headless Chromium.

    aeexp train experiment=denoising
    aeexp explore run=latest open=false
    python benchmarks/explorer.py http://127.0.0.1:8050

Needs the extra `docs`, and Chromium with its driver: `apt install chromium chromium-driver`.
"""

import sys
from pathlib import Path
from statistics import median, quantiles

sys.path.append(str(Path(__file__).parents[1] / "docs"))

from explorer_screenshots import drag_ring
from screenshots import browser
from selenium.webdriver.support.ui import WebDriverWait

DRAGS = 10


def main(server: str) -> None:
    """Drag the ring some times, and print the median and the 95th percentile of all pictures on the way."""
    with browser() as driver:
        driver.get(server)
        WebDriverWait(driver, 60).until(lambda each: each.execute_script("return Boolean(explorer.isReady)"))
        driver.execute_script("explorer.latencies.length = 0")
        for index in range(DRAGS):
            driver.execute_script(f"choose({index})")  # at other places each time, as pictures are asked for once
            drag_ring(driver)
        latencies = driver.execute_script("return explorer.latencies")
    print(f"{len(latencies)} pictures: median {median(latencies):.0f} ms, 95 % {quantiles(latencies, n=20)[-1]:.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1])
