"""Options of the command line: what asks for help or the version, and those that Hydra takes."""

HELP = ("help", "-h", "--help")
VERSION = ("version", "-V", "--version")
COMPLETION = ("completion", "--completion")
"""Options that stand in place of a command."""

FLAGS = ("--hydra-help", "--resolve", "--multirun", "-m")
WITH_VALUE = ("--cfg", "-c", "--package", "-p", "--config-path", "-cp", "--config-name", "-cn", "--config-dir", "-cd")
INFO = ("--info", "-i")
TOPICS = ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath")
"""Options of Hydra."""

MODES = ("--multirun", "-m", "--cfg", "-c", *INFO)
"""Those of which Hydra takes one."""
