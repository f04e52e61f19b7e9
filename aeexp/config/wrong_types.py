"""Values of the wrong type, in plain words in place of those of OmegaConf."""

import re

KINDS = {"Integer": "a whole number", "Float": "a number", "Boolean": "true or false", "bool": "true or false"}
PATTERNS = (
    r"could not be converted to (?P<kind>\w+)",
    r"is not a valid (?P<kind>bool)",
    r"(?P<list>is not a ListConfig, list or tuple)",
    r"(?P<mapping>Cannot assign \w+ to \w+|is not a subclass of)",
    r"(?P<null>is not Optional|Incompatible value 'None')",
)


def wrong_type(key: str, value: object, error: BaseException | None) -> str | None:
    """What is wrong with the value of a key, None for an error that is not about its type.

    Args:
        key: dotted.
        value: as it was typed.
        error: that OmegaConf raised.
    """
    found = next((match for pattern in PATTERNS if (match := re.search(pattern, str(error)))), None)
    if error is None or found is None:
        return None
    words = found.groupdict()
    if "list" in words:
        expected = f"a list, as in {key}=[{_first(value)}]"
    elif "null" in words:
        expected = "given, and not null"
    else:
        expected = KINDS.get(words.get("kind", ""), "of another type")
    return f"{key}: must be {expected}. Received {key.rpartition('.')[2]}={value}."


def _first(value: object) -> str:
    return str(value).strip("[]{} ") or "1"
