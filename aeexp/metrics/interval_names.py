"""Names of the ends of confidence intervals among the metrics of a run: `test/psnr_ci_low`, `test/psnr_ci_high`."""

LOW, HIGH = "_ci_low", "_ci_high"


def is_interval_end(name: str) -> bool:
    """Whether a metric is the end of an interval."""
    return name.endswith((LOW, HIGH))
