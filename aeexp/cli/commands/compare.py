"""`aeexp compare`: compare trained runs by a metric, with intervals and paired tests."""

from omegaconf import DictConfig

from aeexp.api.comparing import compare_config
from aeexp.listing.comparison_table import comparison_lines
from aeexp.listing.table import terminal_width, write
from aeexp.tracking.opening import open_recorded


def run(config: DictConfig) -> None:
    """Compare, record, and print the table."""
    comparison = compare_config(config, open_recorded(config.tracking))
    lines, left_out = comparison_lines(comparison.columns, terminal_width())
    print(comparison.title)
    write("".join(f"{line}\n" for line in lines))
    if left_out:
        print(f"columns left out at this width: {', '.join(left_out)}; a wider terminal, or a pipe, shows all")
    print("\n".join(comparison.remarks))
    print(f"figure  {comparison.figure}")
