"""`python -m aeexp` does what `aeexp` does."""

from aeexp.cli import main

main()
