"""`python -m aeexp` does what `aeexp` does."""

from aeexp.cli.main import main

if __name__ == "__main__":  # a stored config could name this module as well, to have it imported
    main()
