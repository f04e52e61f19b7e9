"""Splits for tests of what a data set publishes."""

from aeexp.datasets.validation import ValidationSplit

AS_PUBLISHED = ValidationSplit("test")
"""All training images, in their order."""
