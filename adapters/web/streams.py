"""Open pages that are told at once what is new: server-sent events, from what stands against what was shown."""

import asyncio
import hmac
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from hashlib import sha256

from adapters.cards_json import card_to_json
from adapters.chat import Card

Messages = Sequence[tuple[str, Card]]
Render = Callable[[Messages], str]

_NEW_LINE = re.compile("\r\n|\r|\n")  # what ends a line of an event stream; str.splitlines knows more


def revision(secret: bytes, card: Card) -> str:
    """Name one wording of a message. Keyed, so that nothing can be guessed from it where addresses are logged."""
    return hmac.digest(secret, card_to_json(card).encode(), sha256).hex()[:16]


def state(secret: bytes, messages: Messages) -> str:
    """Name all that stands in a chat."""
    lines = "\n".join(f"{message_id} {revision(secret, card)}" for message_id, card in messages)
    return hmac.digest(secret, lines.encode(), sha256).hex()[:16]


class Streams:
    """The open pages. They compare rather than queue: whatever was missed, the next look finds it."""

    def __init__(self, secret: bytes, *, heart_beat: float) -> None:
        self._secret = secret
        self._heart_beat = heart_beat  #: seconds
        self._open: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.are_hung_up = False

    def wake(self, account: str) -> None:
        """Something changed for this account: its open pages look again."""
        for bell in self._open.get(account, ()):
            bell.set()

    def welcome(self) -> None:
        """Let pages open streams again."""
        self.are_hung_up = False

    def hang_up(self) -> None:
        """End all streams, so that a server that waits for its connections can stop."""
        self.are_hung_up = True
        for bells in self._open.values():
            for bell in bells:
                bell.set()

    async def follow(
        self, account: str, shown: str, *, look: Callable[[], Awaitable[Messages]], render: Render
    ) -> AsyncIterator[str]:
        """Events for one page that shows the state `shown`, until the page leaves or the streams hang up."""
        bell = asyncio.Event()
        self._open[account].add(bell)
        known: dict[str, str] | None = None
        try:
            yield "retry: 1000\n\n"
            while True:
                bell.clear()  # before the look, so that a ring during it is not lost
                if self.are_hung_up:
                    break
                messages = await look()
                found = {message_id: revision(self._secret, card) for message_id, card in messages}
                now = state(self._secret, messages)
                if now != shown:
                    whole = known is None or not known.keys() <= found.keys()
                    changed = [m for m in messages if whole or (known or {}).get(m[0]) != found[m[0]]]
                    yield _event("whole" if whole else "part", now, render(changed))
                known, shown = found, now
                yield ": still here\n\n"
                await self._wait(bell)
        finally:
            self._open[account].discard(bell)
            if not self._open[account]:
                del self._open[account]

    async def _wait(self, bell: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(bell.wait(), self._heart_beat)
        except TimeoutError:
            return  # time for a heart-beat and another look: another process may have written


def _event(name: str, number: str, html: str) -> str:
    data = "".join(f"data: {line}\n" for line in _NEW_LINE.split(html))
    return f"event: {name}\nid: {number}\n{data}\n"
