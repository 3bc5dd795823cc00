"""A card as one line of JSON and back, for whoever keeps cards."""

import json
from dataclasses import fields
from typing import Any

from adapters.chat import Action, Card, Choice, Field, Link


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
        }
    )


def _field_from(found: dict[str, Any]) -> Field:
    return Field(**found | {"choices": tuple(Choice(**choice) for choice in found.get("choices", ()))})


def _without_defaults(part: Card | Field | Action | Choice | Link) -> dict[str, Any]:
    return {spec.name: _plain(value) for spec in fields(part) if (value := getattr(part, spec.name)) != spec.default}


def _plain(value: str | bool | int | tuple[Field | Action | Choice | Link, ...]) -> Any:  # noqa: FBT001  # a value of a card, whatever its type
    return [_without_defaults(part) for part in value] if isinstance(value, tuple) else value
