"""How fast the bot may send, per conversation and per tenant: it waits before Teams says no."""

import asyncio
from bisect import insort
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from adapters.chat import DeliveryError

# Microsoft, "Optimize your bot with rate limiting in Teams": sends of one bot into one conversation.
CONVERSATION = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
# The same page: 50 requests a second for an app in a tenant; we stay below, as replies and look-ups count too.
TENANT = ((30, 1.0),)
LONGEST_WAIT = 5.0  #: seconds; what would take longer goes back to the outbox
MOST_KNOWN = 20_000  #: conversations whose last sends are remembered


class Windows:
    """The last sends of one kind, and when the next one may follow."""

    def __init__(self, limits: tuple[tuple[int, float], ...]) -> None:
        self._limits = limits
        self._most = max(count for count, _ in limits)
        self._sent: list[float] = []  #: the newest last; some may still wait for their moment
        self.held_until = 0.0

    def earliest(self, now: float) -> float:
        """When one more send keeps every limit."""
        at = max(now, self.held_until)
        for count, within in self._limits:
            if len(self._sent) >= count:
                at = max(at, self._sent[-count] + within)
        return at

    def reserve(self, at: float) -> None:
        insort(self._sent, at)
        del self._sent[: -self._most]


class Pace:
    def __init__(
        self, *, clock: Callable[[], float], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._conversations: OrderedDict[str, Windows] = OrderedDict()
        self._tenants: OrderedDict[str, Windows] = OrderedDict()

    async def wait(self, *, tenant: str, conversation: str) -> None:
        """Wait until one more may leave.

        Raises
        ------
        DeliveryError
            temporary, where the wait would hold up others.
        """
        now = self._clock()
        both = (known(self._conversations, conversation, CONVERSATION), known(self._tenants, tenant, TENANT))
        at = max(windows.earliest(now) for windows in both)
        if at - now > LONGEST_WAIT:
            raise DeliveryError("paced", retry_after=at - now)
        for windows in both:
            windows.reserve(at)
        if at > now:
            await self._sleep(at - now)

    def hold(self, *, conversation: str, seconds: float) -> None:
        """Send nothing into a conversation for a while: Teams said so."""
        windows = known(self._conversations, conversation, CONVERSATION)
        windows.held_until = max(windows.held_until, self._clock() + seconds)


def known(all_: OrderedDict[str, Windows], key: str, limits: tuple[tuple[int, float], ...]) -> Windows:
    if key not in all_:
        all_[key] = Windows(limits)
    all_.move_to_end(key)
    while len(all_) > MOST_KNOWN:
        all_.popitem(last=False)
    return all_[key]
