"""What is wrong with a setting, in one sentence that names it, the problem and an example."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import SecretBytes, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from bot.errors import Unusable
from bot.settings import PREFIX, Settings

PASSWORD = re.compile(r"//[^/@]*@")
#: pydantic's kind of error -> what it says here.
PROBLEMS = {
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_parsing": "is not a number",
    "bool_parsing": "is neither true nor false",
    "greater_than_equal": "is less than {ge}, the least that works",
    "less_than_equal": "is more than {le}, the most that works",
    "literal_error": "is not one of {expected}",
    "extra_forbidden": "is no setting",
}


def sentences(wrong: ValidationError) -> Iterator[str]:
    """One sentence for every setting that cannot be used. What is secret is not repeated."""
    for error in wrong.errors():
        name = str(error["loc"][0]) if error["loc"] else ""
        field = Settings.model_fields.get(name)
        given = "" if field is None or is_secret(field) else f" = {PASSWORD.sub('//***@', repr(error['input']))}"
        why = problem(error["type"], error["msg"], error.get("ctx", {}))
        if field is not None and "for example" not in why and (known := example(field)):
            why = f"{why}, for example {known}"
        yield f"{PREFIX}{name.upper()}{given} {why}."


def problem(kind: str, message: str, facts: Mapping[str, Any]) -> str:
    if kind in PROBLEMS:
        return PROBLEMS[kind].format(**facts)
    return message.removeprefix("Value error, ")


def example(field: FieldInfo) -> str:
    """The field's own example, else its default."""
    return str(field.examples[0]) if field.examples else str(field.default or "")


def is_secret(field: FieldInfo) -> bool:
    return any(secret.__name__ in str(field.annotation) for secret in (SecretStr, SecretBytes))


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """A misspelt variable would be passed over in silence. Raises Unusable."""
    known = {name.upper() for name in Settings.model_fields}
    given = {name: name.upper().removeprefix(PREFIX) for name in environment if name.upper().startswith(PREFIX)}
    unknown = sorted(name for name, rest in given.items() if rest not in known)
    if unknown:
        near = get_close_matches(given[unknown[0]], known, n=1)
        meant = f"Did you mean {PREFIX}{near[0]}?" if near else "docs/settings.md lists those there are."
        message = f"{unknown[0]} is no setting. {meant}"
        raise Unusable(message)
