"""A real workspace, for whoever has one to try: skipped without tokens. docs/slack.md says how to run it."""

import os
from collections.abc import AsyncIterator
from secrets import token_hex

import pytest

from adapters.chat import Address, Card, Choice, Field, Picture, Series
from adapters.slack.adapter import SlackAdapter
from adapters.slack.one_workspace import OneWorkspace

TOKEN, USER = (os.environ.get(f"PULSE_LIVE_SLACK_{name}", "") for name in ("BOT_TOKEN", "USER"))
CHANNEL = os.environ.get("PULSE_LIVE_SLACK_CHANNEL", "")
SECRET = b"s" * 32

pytestmark = pytest.mark.skipif(not (TOKEN and USER), reason="needs PULSE_LIVE_SLACK_BOT_TOKEN and _USER")


@pytest.fixture
async def adapter() -> AsyncIterator[SlackAdapter]:
    adapter = SlackAdapter(installations=OneWorkspace(TOKEN), secret=SECRET, signing_secret="unused")
    yield adapter
    await adapter._calls.close()


async def test_a_message_arrives_is_found_again_and_replaced(adapter: SlackAdapter) -> None:
    to, key = Address("slack", USER), token_hex(8)
    card = Card(
        "A **test** of golive-pulse:\n\n- nothing to do",
        fields=(Field("ease", "How was it?", tuple(Choice(str(n), str(n)) for n in range(1, 6))),),
        pictures=(Picture("Ease", "Ease rose from 2 to 4.", ("Mon", "Tue"), (Series("All", (2, 4)),)),),
    )
    sent = await adapter.send(to, card, key=key)
    again = SlackAdapter(installations=OneWorkspace(TOKEN), secret=SECRET, signing_secret="unused")
    assert await again.find(to, key=key) == sent
    await again._calls.close()
    await adapter.replace(to, sent, Card("The test is over. Thank you."))


@pytest.mark.skipif(not CHANNEL, reason="needs PULSE_LIVE_SLACK_CHANNEL")
async def test_a_channel_lists_its_people(adapter: SlackAdapter) -> None:
    found = [person async for person in adapter.people("", CHANNEL)]
    assert found
    assert all(person.name for person in found if person.active)
