"""Source of a figure: the run, and the test images that it shows, for the line below its title."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Run and data of an evaluation.

    Args:
        run: its name.
        dataset: its name.
        corruption: with its settings, such as `noise(mean=0, std=0.5)`, or `none`.
        images: number of test images.
    """

    run: str
    dataset: str
    corruption: str
    images: int

    @property
    def whole(self) -> str:
        """For a figure of all test images."""
        return f"{self.images:,} test images of {self.without_images}"

    @property
    def without_images(self) -> str:
        """For a figure of what was learned from the data, which shows none of the images."""
        corrupted = "" if self.corruption == "none" else f" with {self.corruption}"
        return f"{self.dataset}{corrupted} · run {self.run}"

    @property
    def description(self) -> str:
        """For a line of text, such as `mnist (10,000 test images), corruption noise(mean=0, std=0.5)`."""
        return f"{self.dataset} ({self.images:,} test images), corruption {self.corruption}"

    def some(self, shown: str) -> str:
        """For a figure of some test images, such as `8 probe images`."""
        return f"{shown} of the {self.whole}"

    def probes(self, count: int) -> str:
        """For a figure of the probe images."""
        return self.some(f"{count} probe image{'s' * (count > 1)}")

    def first(self, count: int) -> str:
        """For a figure of the first test images."""
        return self.whole if count >= self.images else self.some(f"the first {count:,}")
