"""What a platform repeats: the same reply for a moment, silence for an hour, and nothing is done twice."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.chat import Address, Incoming, Reply

REPLY_FOR = timedelta(minutes=2)  # a receipt may stand in it: longer than platforms repeat at once, and no longer
KNOWN_FOR = timedelta(hours=1)  # a platform that comes back later still changes nothing


@dataclass(slots=True)
class Heard:
    """One thing that came in."""

    at: datetime
    reply: "asyncio.Future[Reply | None] | None"  #: None once it is forgotten


class Repeats:
    """Remembers ids, and for a moment the replies, in memory only."""

    def __init__(self) -> None:
        self._heard: OrderedDict[tuple[Address, str], Heard] = OrderedDict()  # the oldest first

    async def once(
        self, incoming: Incoming, answer: Callable[[Incoming], Awaitable[Reply | None]], *, now: datetime
    ) -> Reply | None:
        """Answer something new; wait with whoever repeats it meanwhile; None for what was answered long ago.

        What ends in an error may be tried again.
        """
        self.forget(now)
        key = (incoming.sender, incoming.id)
        if key in self._heard:
            known = self._heard[key].reply
            return None if known is None else await asyncio.shield(known)
        reply: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()
        self._heard[key] = Heard(at=now, reply=reply)
        try:
            reply.set_result(await answer(incoming))
        except BaseException as error:
            del self._heard[key]
            reply.set_exception(error)
            reply.exception()  # looked at: whoever waits gets it, and nobody may wait
            raise
        return reply.result()

    def forget(self, now: datetime) -> None:
        """Drop replies and ids whose time is over."""
        while self._heard and now - next(iter(self._heard.values())).at >= KNOWN_FOR:
            self._heard.popitem(last=False)
        for heard in self._heard.values():
            if heard.reply is not None and heard.reply.done() and now - heard.at >= REPLY_FOR:
                heard.reply = None
