"""Every card that the bot can show, as Slack gets it: of types that Slack publishes, and within every limit."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from adapters.chat import Card, Picture, Series
from adapters.slack.blocks import message
from adapters.slack.views import home, modal, moment
from adapters.slack.words import ENGLISH
from surveys.bank import Bank
from tests.integration.conftest import Clinic
from tests.integration.every_card import every_card
from tests.slack.taken import over
from tests.teams.gallery import GALLERY

#: What Slack's published types do not know yet: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
CHART = """
interface DataPoint { label: string; value: number }
interface DataSeries { name: string; data: DataPoint[] }
interface DataVisualization {
  type: 'data_visualization'; title: string; block_id?: string;
  chart: { type: 'line' | 'bar' | 'area'; series: DataSeries[]; axis_config: { categories: string[] } };
}
"""
TYPES = f"""import type {{ HomeView, KnownBlock, ModalView }} from '@slack/types';
{CHART}
type Emitted = KnownBlock | DataVisualization;
interface Message {{ text: string; blocks: Emitted[] }}
type Modal = Omit<ModalView, 'blocks'> & {{ blocks: KnownBlock[] }};
type Home = Omit<HomeView, 'blocks'> & {{ blocks: KnownBlock[] }};
"""


def typescript(kind: str, name: str, emitted: Any) -> str:
    return f"export const {name}: {kind} = {json.dumps(emitted, ensure_ascii=False)};\n"


def emitted(card: Card) -> dict[str, Any]:
    rendered = message(card)
    return {
        "Message": {"text": rendered.text, "blocks": rendered.blocks},
        "Modal": modal(card, words=ENGLISH, origin="D1/1.2"),
        "Home": home(card, words=ENGLISH),
    }


@pytest.fixture
async def cards(clinic: Clinic, bank: Bank) -> dict[str, Card]:
    return {**await every_card(clinic, bank), **{f"shape: {name}": card for name, card in GALLERY.items()}}


def shape(part: Any, name: str = "") -> Any:
    """The same with all words alike: a type does not care what they say, and the compiler is done ten times as fast."""
    if isinstance(part, dict):
        return {key: shape(one, key) for key, one in part.items()}
    if isinstance(part, list):
        return [shape(one, name) for one in part]
    return "words" if isinstance(part, str) and name not in {"type", "style", "include"} else part


def checked(folder: Path, node_modules: Path, sources: dict[str, str]) -> list[str]:
    """What `tsc --strict` has to say."""
    for name, source in sources.items():
        (folder / name).write_text(TYPES + source)
    (folder / "node_modules").symlink_to(node_modules)
    tsc = [str(shutil.which("node")), str(node_modules / "typescript" / "bin" / "tsc")]
    ran = subprocess.run(
        [*tsc, "--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--pretty", "false", *sources],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout.splitlines()


async def test_every_card_is_of_the_types_that_slack_publishes_and_within_its_limits(
    cards: dict[str, Card], node_modules: Path, tmp_path: Path
) -> None:
    """One test and one run of the compiler, because playing everything takes longer than looking at it."""
    assert len(cards) > 100
    every = {name: emitted(card) for name, card in cards.items()}
    assert {name: wrong for name, one in every.items() if (wrong := over(list(one.values())))} == {}
    sources = {typescript(kind, "X", shape(one)) for kinds in every.values() for kind, one in kinds.items()}
    sources.add(typescript("Modal", "X", shape(moment(words=ENGLISH))))
    numbered = "".join(source.replace(" X:", f" x{at}:", 1) for at, source in enumerate(sorted(sources)))
    said = checked(tmp_path, node_modules, {"cards.ts": numbered, "wrong.ts": wrong_source()})
    assert [line for line in said if line.startswith("cards.ts")] == []
    assert sum(line.startswith("wrong.ts") for line in said) == 2, said  # else the compiler notices nothing


def wrong_source() -> str:
    """A text and a chart that Slack would refuse."""
    picture = Picture("t", "a", ("Mon",), (Series("x", (1,)),))
    card = Card("Hello.", pictures=(picture,))
    text, drawing = emitted(card)["Message"], emitted(card)["Message"]
    text["blocks"][0]["elements"][0]["type"] = "rich_text_sektion"
    drawing["blocks"][1]["chart"]["type"] = "pie chart"
    return typescript("Message", "text", text) + typescript("Message", "drawing", drawing)
