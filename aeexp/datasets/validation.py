"""Validation images: which of the training images are held out, to choose by them and not by the test images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aeexp.config.suggestions import did_you_mean
from aeexp.errors import ConfigError

TEST = "test"
DEFAULT_FRACTION = 0.1


@dataclass(frozen=True)
class ValidationSplit:
    """Choice of the validation images: at random, in the same proportions of classes, and the same in every run.

    Args:
        validation: a number of training images to hold out or a fraction of them; `test` for the test images; None
            for the validation images that the data set brings, or else a tenth of the training images.
        folds: parts of equal size that the training images are divided into; one of them is held out.
        fold: which one, from 0.
        seed: of the choice.
    """

    validation: int | float | str | None = None
    folds: int | None = None
    fold: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        self._check_validation()
        if self.seed < 0:
            raise ConfigError(f"`split.seed` must be at least 0. Received seed={self.seed}.")
        if self.folds is None:
            if self.fold:
                raise ConfigError(f"`split.fold` needs split.folds, such as folds=5. Received fold={self.fold} alone.")
        elif self.validation is not None:
            raise ConfigError(
                "`split.folds` says which images are held out, and so does split.validation. "
                f"Received folds={self.folds} and validation={self.validation}; leave one of them out."
            )
        elif not 0 <= self.fold < self.folds or self.folds < 2:
            raise ConfigError(
                "`split.folds` must be at least 2, and fold from 0 to folds - 1. "
                f"Received folds={self.folds} and fold={self.fold}."
            )

    def _check_validation(self) -> None:
        match self.validation:
            case None | "test":
                return
            case str(word):
                raise ConfigError(
                    "`split.validation` must be a number of images, a fraction below 1, test or null. "
                    f"Received validation={word}.{did_you_mean(word, [TEST])}"
                )
            case number if isinstance(number, bool) or not (0 < number < 1 or (number >= 1 and number == int(number))):
                raise ConfigError(
                    "`split.validation` must be a whole number of images from 1, or a fraction between 0 and 1. "
                    f"Received validation={number}; use, for example, validation=0.1."
                )

    @property
    def is_test(self) -> bool:
        """Whether the test images are the validation images as well."""
        return self.validation == TEST

    @property
    def is_default(self) -> bool:
        """Whether validation images that the data set brings are taken."""
        return self.validation is None and self.folds is None

    def hold_out(
        self, count: int, labels: np.ndarray | None, class_names: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The indices of the training images that remain and of those that are held out, int64, each in order.

        Args:
            count: of all training images.
            labels: int [count], whose proportions both parts keep; None draws from all alike.
            class_names: of the labels, for messages.

        Raises:
            ConfigError: for fewer images, or fewer images of a class, than can be divided.
        """
        if count < 2:
            raise ConfigError(
                f"dataset.split: {count} training image cannot be divided; add some, or set split.validation=test."
            )
        kinds = np.zeros(count) if labels is None else labels
        members = [np.flatnonzero(kinds == each) for each in np.unique(kinds)]
        for each in members:
            if labels is not None and len(each) == 1:
                raise ConfigError(
                    f"dataset.split: class {class_names[labels[each[0]]]} has a single training image, which cannot "
                    "be both trained on and held out; add images, leave the class out by dataset.classes=[…], or use "
                    "dataset.split.validation=test."
                )
        rng = np.random.default_rng(self.seed)
        shuffled = [rng.permutation(each) for each in members]
        held = np.sort(np.concatenate(list(self._fold(shuffled) if self.folds else self._drawn(shuffled, count))))
        return np.setdiff1d(np.arange(count), held, assume_unique=True), held

    def _drawn(self, members: Sequence[np.ndarray], count: int) -> Iterator[np.ndarray]:
        """The first images of each class: its share by largest remainders."""
        chosen = DEFAULT_FRACTION if self.validation is None else float(self.validation)
        number = max(1, round(count * chosen)) if chosen < 1 else int(chosen)
        if number > count - number:
            raise ConfigError(
                f"dataset.split: there are {count} training images. Received validation={self.validation}, more than "
                "would remain to train on; hold out half of them at most."
            )
        exact = np.array([len(each) * number / count for each in members])
        shares = exact.astype(int)
        largest = np.argsort(shares - exact, kind="stable")[: number - shares.sum()]
        shares[largest] += 1
        return (each[:share] for each, share in zip(members, shares, strict=True))

    def _fold(self, members: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
        """Every so manieth image of all classes in a row, so that all folds have the same size."""
        folds = self.folds or 1
        if folds > (count := sum(map(len, members))):
            raise ConfigError(
                f"dataset.split: {count} training images cannot be divided into {folds} folds; use fewer."
            )
        start = 0
        for each in members:
            yield each[(self.fold - start) % folds :: folds]
            start += len(each)
