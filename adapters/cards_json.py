"""A card as one line of JSON and back, for whoever keeps cards."""

import json
from base64 import b64decode, b64encode
from dataclasses import fields, is_dataclass
from typing import Any

from adapters.chat import Action, Card, Choice, Field, Link, Picture, Series


def card_to_json(card: Card) -> str:
    """One line of plain ASCII that holds the card; what stands at its default is left out."""
    return json.dumps(_without_defaults(card), separators=(",", ":"))


def card_from_json(line: str) -> Card:
    """Read the card that `card_to_json` wrote, exactly.

    Raises
    ------
    ValueError
        when the line is no JSON; KeyError or TypeError when it holds no card.
    """
    found: dict[str, Any] = json.loads(line)
    return Card(
        **found
        | {
            "fields": tuple(_field_from(field) for field in found.get("fields", ())),
            "actions": tuple(Action(**action) for action in found.get("actions", ())),
            "links": tuple(Link(**link) for link in found.get("links", ())),
            "pictures": tuple(_picture_from(picture) for picture in found.get("pictures", ())),
        }
    )


def _field_from(found: dict[str, Any]) -> Field:
    return Field(**found | {"choices": tuple(Choice(**choice) for choice in found.get("choices", ()))})


def _picture_from(found: dict[str, Any]) -> Picture:
    series = tuple(Series(one["name"], tuple(one["values"])) for one in found["series"])
    png = b64decode(found.get("png", ""))
    return Picture(**found | {"labels": tuple(found["labels"]), "series": series, "png": png})


Part = Card | Field | Action | Choice | Link | Picture | Series


def _without_defaults(part: Part) -> dict[str, Any]:
    return {spec.name: _plain(value) for spec in fields(part) if (value := getattr(part, spec.name)) != spec.default}


def _plain(value: Any) -> Any:
    """A value of a card, whatever its type."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, tuple):
        return [_without_defaults(part) if is_dataclass(part) else part for part in value]  # type: ignore[arg-type]  # parts of cards are all that stands there
    return value
