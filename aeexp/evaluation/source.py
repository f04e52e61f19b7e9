"""Source of a figure: the run, and the images that it shows, for the line below its title."""

from dataclasses import dataclass

from aeexp.config.overrides import CUT


@dataclass(frozen=True)
class Source:
    """Run and data of an evaluation.

    Args:
        run: its name.
        dataset: its name.
        corruption: with its settings, such as `noise(mean=0, std=0.5)`, or `none`.
        images: number of images.
        split: that they are of.
    """

    run: str
    dataset: str
    corruption: str
    images: int
    split: str = "test"

    @property
    def whole(self) -> str:
        """For a figure of all images."""
        return f"{self.images:,} {self.split} images of {self.without_images}"

    @property
    def without_images(self) -> str:
        """For a figure of what was learned from the data, which shows none of the images.

        A name that leaves out settings ends without the ellipsis, which would look as if the line were cut.
        """
        corrupted = "" if self.corruption == "none" else f" with {self.corruption}"
        return f"{self.dataset}{corrupted} · run {self.run.removesuffix(CUT).rstrip()}"

    @property
    def description(self) -> str:
        """For a line of text, such as `mnist (10,000 test images), corruption noise(mean=0, std=0.5)`."""
        return f"{self.dataset} ({self.images:,} {self.split} images), corruption {self.corruption}"

    def some(self, shown: str) -> str:
        """For a figure of some of the images, such as `8 probe images`."""
        return f"{shown} of the {self.whole}"

    def probes(self, count: int) -> str:
        """For a figure of the probe images."""
        return self.some(f"{count} probe image{'s' * (count > 1)}")

    def first(self, count: int) -> str:
        """For a figure of the first images."""
        return self.whole if count >= self.images else self.some(f"the first {count:,}")
