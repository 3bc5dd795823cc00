"""What follows when something came in: the bot is asked, and its reply goes where it belongs.

To a press: on the screen of whoever pressed, in answer to the press itself, so that no chat keeps it. To a typed line
there is no such answer, so it is a message. What replaces a message for good is written over it as well.
"""

from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from botbuilder.core import InvokeResponse
from botbuilder.schema import ActivityTypes

from adapters.chat import (
    Address,
    Card,
    DeliveryError,
    Incoming,
    Listener,
    Pressed,
    Removed,
    Reply,
    Submitted,
)
from adapters.teams.cards import to_adaptive, with_reply
from adapters.teams.connector import Connector, Place
from adapters.teams.incoming import Activity, to_incoming
from adapters.teams.inputs import filled_in
from adapters.teams.outgoing import as_card, in_place, invitation, message, noted
from adapters.teams.registrations import Registration
from adapters.teams.standing import Standing
from adapters.teams.words import Words

log = structlog.get_logger()

MOST_SEEN = 10_000  # activities that Teams may send once more

Beside = Callable[[Coroutine[Any, Any, None]], None]
"""Lets something be done beside the turn, which answers meanwhile."""


class Turns:
    def __init__(
        self, listener: Listener, *, connector: Connector, standing: Standing, words: Words, beside: Beside
    ) -> None:
        self._listener = listener
        self._connector = connector
        self._standing = standing
        self._words = words
        self._beside = beside
        self._seen: OrderedDict[tuple[Address, str], None] = OrderedDict()

    async def take(self, activity: Activity, registration: Registration) -> InvokeResponse | None:
        """Take one activity; the answer to a press, None for everything else and for an invoke that nobody knows."""
        place = Place(registration, activity.service_url, activity.conversation)
        if activity.type == ActivityTypes.message and not activity.is_personal:
            await self._once(activity, lambda: self._show_the_way(place))
            return None
        incoming = to_incoming(activity)
        if activity.type == ActivityTypes.invoke:
            return await self._pressed(incoming[0], activity, place) if incoming else None
        await self._once(activity, lambda: self._heard(incoming, place))
        return None

    async def _once(self, activity: Activity, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """What Teams sends again is not said again; what ended in an error may be."""
        key = (activity.address, activity.id)
        if key in self._seen:
            return
        self._seen[key] = None
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        try:
            await act()
        except BaseException:
            self._seen.pop(key, None)
            raise

    async def _heard(self, incoming: list[Incoming], place: Place) -> None:
        for one in incoming:
            if isinstance(one, Removed):
                self._standing.forget(one.sender)
            reply = await self._listener(one)
            if reply is not None and not isinstance(one, Removed):
                await self._say(one, reply, place)

    async def _say(self, incoming: Incoming, reply: Reply, place: Place) -> None:
        """Answer a typed line, or greet somebody new, with a message."""
        said = message(reply.card, registration=place.registration, part="reply", group_hint=self._words.group_hint)
        try:
            await self._connector.reply(place, said)
        except DeliveryError as error:
            log.warning("not answered", platform="teams", kind=type(incoming).__name__, reason=error.reason)

    async def _show_the_way(self, place: Place) -> None:
        """One sentence to whoever asks where others listen; what they typed goes no further than here."""
        said = invitation(self._words, registration=place.registration)
        try:
            await self._connector.reply(place, said)
        except DeliveryError as error:
            log.warning("not answered", platform="teams", kind="elsewhere", reason=error.reason)

    async def _pressed(self, incoming: Incoming, activity: Activity, place: Place) -> InvokeResponse:
        reply = await self._listener(incoming)
        if reply is None:
            return noted(self._words.noted)
        sender, hint = incoming.sender, self._words.group_hint
        standing = self._standing.card(sender, activity.reply_to)
        if reply.replaces:
            self._replace_for_good(incoming, reply.card, activity, place)
            part = "card" if standing is not None else activity.part
            return in_place(to_adaptive(reply.card, part=part, group_hint=hint))
        if standing is None:
            return in_place(to_adaptive(reply.card, part="reply", group_hint=hint))
        values = filled_in(activity.data, part="card")
        return in_place(with_reply(standing, reply.card, values=values, group_hint=hint))

    def _replace_for_good(self, incoming: Incoming, card: Card, activity: Activity, place: Place) -> None:
        """Write over the message that was acted on, and over the one that a mere reply spoke of."""
        assert isinstance(incoming, Submitted | Pressed)
        targets = {activity.reply_to, self._standing.with_ref(incoming.sender, incoming.ref) or ""} - {""}
        for message_id in targets:
            self._standing.replace(incoming.sender, message_id, card)
            self._beside(self._put(place, message_id, card))

    async def _put(self, place: Place, message_id: str, card: Card) -> None:
        adaptive = to_adaptive(card, group_hint=self._words.group_hint)
        try:
            await self._connector.put(place, message_id, as_card(adaptive, card, registration=place.registration))
        except DeliveryError as error:  # the one who pressed sees the new card all the same, until the chat is reopened
            log.warning("not replaced", platform="teams", reason=error.reason)
