"""Every card that the bot can show, as Teams gets it: of types that Microsoft publishes, small enough, and readable."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from adapters.chat import Card
from adapters.teams.cards import LARGEST, size, to_adaptive, with_reply
from surveys.bank import Bank
from tests.integration.conftest import Clinic
from tests.integration.every_card import every_card
from tests.teams.gallery import GALLERY
from tests.teams.people import words
from tests.teams.service import Json

MESSAGE = 28 * 1024  #: bytes that Teams takes
IMPORT = "import type { IAdaptiveCard } from '@microsoft/teams.cards';\n"
#: Names whose values the published types count out; other texts are all alike to a compiler.
COUNTED = {"type", "version", "style", "spacing", "weight", "size", "associatedInputs", "fallback", "color"}
WRONG = (
    {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "RichTextBlok", "inlines": []}]},
    {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "x", "wrapp": True}]},
    {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Chart.Line", "data": [{"legend": 7}]}]},
)

_PLAYED: dict[str, Card] = {}


@pytest.fixture
async def cards(clinic: Clinic, bank: Bank) -> Mapping[str, Card]:
    """Played once: it takes longer than looking at what came of it."""
    if not _PLAYED:
        shapes = {f"shape: {name}": card for name, card in GALLERY.items()}
        _PLAYED.update(await every_card(clinic, bank) | shapes)
    assert len(_PLAYED) > 100
    return _PLAYED


def shown(cards: Mapping[str, Card]) -> dict[str, Json]:
    """Every card alone, and a pulse with every card as the reply under it."""
    alone = {name: to_adaptive(card) for name, card in cards.items()}
    under = {f"under a pulse: {name}": with_reply(GALLERY["a pulse"], card, values={}) for name, card in cards.items()}
    return alone | under


def shape(part: Any, name: str = "") -> Any:
    """The same with all words alike, so that the compiler reads every shape once."""
    if isinstance(part, dict):
        return {key: shape(one, key) for key, one in part.items()}
    if isinstance(part, list):
        several = [shape(one, name) for one in part]
        return [one for at, one in enumerate(several) if one not in several[:at]]
    return "words" if isinstance(part, str) and name not in COUNTED else part


async def test_every_card_is_small_enough_for_a_message(cards: Mapping[str, Card]) -> None:
    sizes = {name: size(card) for name, card in shown(cards).items()}
    assert {name: bytes_ for name, bytes_ in sizes.items() if bytes_ > LARGEST} == {}
    assert LARGEST + 1024 < MESSAGE  # the message around it is smaller than that


async def test_every_card_is_of_the_types_that_microsoft_publishes(
    cards: Mapping[str, Card], node_modules: Path, tmp_path: Path
) -> None:
    shapes = sorted({json.dumps(shape(card)) for card in shown(cards).values()})
    right = "".join(f"export const x{at}: IAdaptiveCard = {one};\n" for at, one in enumerate(shapes))
    wrong = "".join(f"export const y{at}: IAdaptiveCard = {json.dumps(one)};\n" for at, one in enumerate(WRONG))
    said = compiled(tmp_path, node_modules, {"cards.ts": IMPORT + right, "wrong.ts": IMPORT + wrong})
    assert [line for line in said if line.startswith("cards.ts")] == []
    assert sum(line.startswith("wrong.ts") for line in said) == len(WRONG), said  # else the compiler notices nothing


def compiled(folder: Path, node_modules: Path, sources: Mapping[str, str]) -> list[str]:
    """What `tsc --strict` has to say."""
    for name, source in sources.items():
        (folder / name).write_text(source)
    (folder / "node_modules").symlink_to(node_modules)
    tsc = [str(shutil.which("node")), str(node_modules / "typescript" / "bin" / "tsc")]
    options = ["--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--pretty", "false"]
    options += ["--typeRoots", "none"]  # else the types of Node would be read as well
    ran = subprocess.run([*tsc, *options, *sources], cwd=folder, capture_output=True, text=True, check=False)
    return ran.stdout.splitlines()


RENDER = """cards => Object.fromEntries(Object.entries(cards).map(([name, json]) => {
  const context = new AdaptiveCards.SerializationContext(), card = new AdaptiveCards.AdaptiveCard();
  card.parse(json, context);
  const drawn = card.render();
  document.body.replaceChildren(drawn);
  const boxes = [...drawn.querySelectorAll("input, textarea")].map(box => box.placeholder || "");
  const said = drawn.innerText + [...drawn.querySelectorAll("img")].map(image => image.alt).join("\\n");
  const events = [...Array(context.eventCount).keys()].map(at => context.getEventAt(at).message);
  return [name, { said, boxes, events }];
}))"""


@pytest.mark.browser
async def test_every_card_is_drawn_and_says_all_of_its_words(
    cards: Mapping[str, Card], node_modules: Path, page: Page
) -> None:
    """By the open renderer, which knows no charts: there the image stands, or at least the words."""
    await page.add_script_tag(path=node_modules / "adaptivecards" / "dist" / "adaptivecards.min.js")
    every = dict({json.dumps(shape(card)): (name, card) for name, card in shown(cards).items()}.values())
    drawn = await page.evaluate(RENDER, every)
    missing = {name: lost for name, card in every.items() if (lost := unsaid(card, drawn[name]))}
    unread = {event for found in drawn.values() for event in found["events"]}
    assert (missing, {event for event in unread if 'element type "Chart.' not in event}) == ({}, set())


def unsaid(card: Json, drawn: Json) -> list[str]:
    """The lines of a card that nobody would read."""
    seen = " ".join("\n".join([drawn["said"], *drawn["boxes"]]).split())
    lines = [line for text in words(card) for line in text.splitlines()]
    return [line for line in lines if " ".join(line.split()) not in seen]
