"""Values of the wrong type, in plain words in place of those of OmegaConf."""

import re

from aeexp.config.options import defaults_of

KINDS = {"Integer": "a whole number", "Float": "a number", "Boolean": "true or false", "bool": "true or false"}
EXAMPLES = {
    "run": "run=latest",
    "runs": "'runs=[3f2a,91c0]'",
    "images": "images='photos/*.png'",
    "from": "from=one.png",
    "to": "to=seven.png",
    "datasets": "'datasets=[mnist,fashion_mnist]'",
    "name": "name=denoiser",
    "dataset.path": "dataset.path=photos",
    "tracking.uri": "tracking.uri=http://10.0.0.1:5000",
}
"""Of keys that must be given."""

REQUIRED = "???"
"""Stands in a config for a value that must be given."""

NULL = ("none", "nil", "nan", "~")
"""What is typed in place of null."""

PATTERNS = (
    r"could not be converted to (?P<kind>\w+)",
    r"is not a valid (?P<kind>bool)",
    r"(?P<list>is not a ListConfig, list or tuple)",
    r"(?P<mapping>Cannot assign \w+ to \w+|is not a subclass of)",
    r"(?P<null>is not Optional|Incompatible value 'None')",
    r"(?P<text>Cannot convert '\w+' to string)",
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
    words, name = found.groupdict(), key.rpartition(".")[2]
    if "list" in words:
        return f"{key}: must be a list, as in '{key}={as_list(key, value)}'. Received {name}={value}."
    if "null" in words:
        return f"{key}: must be given, and not null. Received {name}={value}{_example(key)}."
    if "text" in words:
        return f"{key}: takes one value, without brackets. Received {name}={value}{_example(key)}."
    expected = KINDS.get(words.get("kind", ""), "of another type")
    or_null = ", or null" if None in defaults_of(key) else ""
    return f"{key}: must be {expected}{or_null}. Received {name}={value}{_example(key, written(key, value))}."


def written(key: str, value: object) -> str:
    """What was typed for a key in the form that it takes: `null` for None, `[64,64,1]` for 64 or for `64,64,1`.

    Args:
        key: dotted.
        value: as it was typed.
    """
    text = str(value).strip("'\" ")
    if text.lower() in NULL and None in defaults_of(key):
        return "null"
    defaults = [each for each in defaults_of(key) if each is not None]
    return as_list(key, text) if defaults and all(isinstance(each, list) for each in defaults) else text


def as_list(key: str, value: object) -> str:
    """What was typed for a key as a list, filled up for the shape of an image."""
    text = re.sub(r"['\" ]", "", str(value)).strip("[](){}")
    items = list(filter(None, re.split(r"[,;]|(?<=\d)[x×](?=\d)", text))) or ["1"]
    if key.endswith("image_shape"):
        items = [*(items * 2 if len(items) == 1 else items), "1"][:3]
    return f"[{','.join(items)}]"


def _example(key: str, meant: str = "") -> str:
    default = next((str(each) for each in defaults_of(key) if each not in (None, REQUIRED)), "")
    written_out = [f"{key}={each}" for each in ("null" if meant == "null" else "", default) if each]
    examples = written_out or ([EXAMPLES[key]] if key in EXAMPLES else [])
    return f"; write, for example, {' or '.join(examples)}" if examples else ""
