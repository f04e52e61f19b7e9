"""Source of a figure: the run, and the test images that it shows, for the line below its title."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Run and data of an evaluation.

    Args:
        run: its name.
        data: the data set and its corruption, such as `mnist with noise(mean=0, std=0.5)`.
        images: number of test images.
    """

    run: str
    data: str
    images: int

    @property
    def whole(self) -> str:
        """For a figure of all test images."""
        return f"{self.images:,} test images of {self.without_images}"

    @property
    def without_images(self) -> str:
        """For a figure of what was learned from the data, which shows none of the images."""
        return f"{self.data} · run {self.run}"

    def some(self, shown: str) -> str:
        """For a figure of some test images, such as `8 probe images`."""
        return f"{shown} of the {self.whole}"

    def probes(self, count: int) -> str:
        """For a figure of the probe images."""
        return self.some(f"{count} probe image{'s' * (count > 1)}")

    def first(self, count: int) -> str:
        """For a figure of the first test images."""
        return self.whole if count >= self.images else self.some(f"the first {count:,}")
