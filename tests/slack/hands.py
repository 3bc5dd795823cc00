"""What the rehearsal's people do, as Slack posts it; and a pace that writes down when each call was let through."""

from collections.abc import Mapping
from itertools import count
from time import time
from typing import Any

from adapters.chat import Incoming, Pressed, Submitted
from adapters.slack.pacing import Pace
from adapters.slack.views import Kept
from tests.slack.desk import Desk, who
from tests.slack.slow_clock import SlowClock


class SlackHands:
    """Presses on messages, and forms in modals, without looking first: the rehearsal knows what stands there."""

    def __init__(self, at: Desk) -> None:
        self._at = at
        self._numbers = count(1)

    async def __call__(self, incoming: Incoming, message_id: str | None) -> None:
        account = incoming.sender.account
        if isinstance(incoming, Pressed | Submitted) and message_id is not None:
            await self._at.post_payload(self._press(incoming, account, *message_id.split("/")))
        elif isinstance(incoming, Submitted):
            await self._at.post_payload(self._form(incoming, account))
        await self._at.settled()

    def _press(self, incoming: Pressed | Submitted, account: str, channel: str, ts: str) -> dict[str, Any]:
        sends = isinstance(incoming, Submitted)
        button = {
            "type": "button",
            "action_id": f"{'submit' if sends else 'press'}.{incoming.action}",
            "block_id": f"a.{incoming.ref}",
            "action_ts": f"{time():.6f}",
        }
        return {
            **who(account, f"t{next(self._numbers)}"),
            "type": "block_actions",
            "actions": [button],
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
            "channel": {"id": channel, "name": "directmessage"},
            "state": {"values": state(incoming.values) if isinstance(incoming, Submitted) else {}},
            "response_url": self._at.slack.respond_url(channel, ts),
        }

    def _form(self, incoming: Submitted, account: str) -> dict[str, Any]:
        view = {
            "id": "V1",
            "hash": f"{time():.6f}",
            "type": "modal",
            "callback_id": "card",
            "private_metadata": Kept(incoming.ref, incoming.action).to_metadata(),
            "blocks": [],
            "state": {"values": state(incoming.values)},
        }
        return {**who(account, f"t{next(self._numbers)}"), "type": "view_submission", "view": view}


def state(values: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Slack tells of a pick by its option, of several by their options."""
    options = {name: [{"value": one} for one in given] for name, given in values.items()}
    return {
        f"f.{name}": {"value": {"type": "checkboxes", "selected_options": given}} for name, given in options.items()
    }


class WatchedPace(Pace):
    """Slack's pace on a clock that only waiting moves."""

    def __init__(self) -> None:
        self.clock = SlowClock()
        self.let_through: list[tuple[float, str, str]] = []  #: seconds, method, channel
        super().__init__(now=self.clock.now, sleep=self.clock.sleep)

    async def turn(self, workspace: str, method: str, *, channel: str = "") -> None:
        await super().turn(workspace, method, channel=channel)
        self.let_through.append((self.clock.now(), method, channel))
