"""Credentials (passwords, tokens), kept out of all that is recorded, logged or printed."""

import logging
import os
import re
import sys
import traceback
import warnings
from collections.abc import Mapping
from types import TracebackType
from typing import Any

HIDDEN = "***"

_SECRET = (
    r"password|passwd|passphrase|pwd|secret|(?:access_|auth_)?token|(?:api_?|access_|secret_|private_)key|credentials?"
)
_IN_URL = re.compile(r"(?<!/)//(?:[^/\s:@'\"]*:(?!\d+/)[^\s'\"]*|[^/\s'\"]*)@")
"""A user, and perhaps a password, which may hold a slash; but no port, which is followed by a path."""

_ASSIGNED = re.compile(rf"(?i)(?<![a-z])((?:\w*_)?(?:{_SECRET}|odbc_connect)=['\"]?)(?!null\b)([^&\s'\",;]+)")
_NAME = re.compile(rf"(?i)(?:.*_)?(?:{_SECRET})$")
_PLAIN_WORD = re.compile(r"(?i)true|false|null|none|yes|no|[\d.]*")
_STANDARD_FORMAT = warnings.formatwarning
_SHORTEST = 4
"""Letters of a value of the environment that is hidden; shorter ones stand in too many words."""


def without_credentials(text: str) -> str:
    """A text that may be shown: with `http://***@host` in place of a user name and password, and `token=***`.

    The values of environment variables such as `MLFLOW_TRACKING_PASSWORD` are hidden wherever they stand.
    """
    text = _ASSIGNED.sub(_hidden, _IN_URL.sub(f"//{HIDDEN}@", text))
    for value in _secrets_of_environment():
        if value in text:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, text)
    return text


def redacted(node: Any, name: str = "") -> Any:
    """Plain values, such as a config, without credentials: in texts, and under keys such as `password`."""
    if isinstance(node, Mapping):
        return {key: redacted(value, str(key)) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [redacted(value, name) for value in node]
    if _NAME.match(name.rpartition(".")[2]) and not _is_plain(name, str(node)):
        return HIDDEN
    return without_credentials(node) if isinstance(node, str) else node


class Formatter(logging.Formatter):
    """Formatter of log records, their tracebacks included, without credentials."""

    def format(self, record: logging.LogRecord) -> str:
        return without_credentials(super().format(record))


def hide_credentials() -> None:
    """Have this process print warnings and its last traceback without credentials."""
    sys.excepthook = _print_traceback
    warnings.formatwarning = _format_warning


def _hidden(assigned: re.Match[str]) -> str:
    begin, value = assigned.groups()
    return assigned[0] if _is_plain(begin.rstrip("='\""), value) else f"{begin}{HIDDEN}"


def _is_plain(name: str, value: str) -> bool:
    """Whether the value of such a key is no secret; networks have numbers of tokens."""
    return not value or value.lower() in ("none", "null") or (name.lower().endswith("token") and value.isdigit())


def _secrets_of_environment() -> list[str]:
    found = [value for name, value in os.environ.items() if _NAME.match(name) and name != "PWD"]
    return [value for value in found if len(value) >= _SHORTEST and not _PLAIN_WORD.fullmatch(value)]


def _print_traceback(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    print(without_credentials("".join(traceback.format_exception(kind, error, trace))), end="", file=sys.stderr)


def _format_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
) -> str:
    return without_credentials(_STANDARD_FORMAT(message, category, filename, lineno, line))
