"""The simulated lead: replies in the morning, takes on what is quiet, and tells everybody what was done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from adapters.chat import Address, Card, Incoming, Pressed, Reply, Submitted

REPLIES = (
    "Good question. It is the second tab, and we have put a card with the steps at every desk.",
    "Write it into the task list; whoever has the next shift sees it there.",
    "Not yet, but it is on the list for Thursday. Until then please ask the person on call.",
)
DONE = "We went through the look-up together at the desk, and the short guide now shows the first step."

Act = Callable[[Incoming], Awaitable[Reply | None]]


@dataclass(slots=True)
class Lead:
    address: Address
    confused_team: str  #: what is done there helps; elsewhere there is nothing to help with
    replied: int = 0
    acted_on: dict[str, int] = field(default_factory=dict)  #: kind of trouble -> day on which something was done
    _waiting: list[tuple[int, Card]] = field(default_factory=list)

    def receive(self, card: Card, *, day: int) -> None:
        """Keep a card that asks for something until the next morning."""
        if card.ref.startswith(("question:", "alert:")):
            self._waiting.append((day, card))

    async def act(self, act: Act, *, day: int) -> None:
        """Work through what came in before today. The way round the system is left for the newcomer to decide on."""
        ready = [card for since, card in self._waiting if since < day]
        self._waiting = [(since, card) for since, card in self._waiting if since >= day]
        for card in ready:
            if card.ref.startswith("question:"):
                reply = REPLIES[self.replied % len(REPLIES)]
                self.replied += 1
                await act(Submitted(self.address, f"lead {card.ref}", "reply", card.ref, {"reply": (reply,)}))
            elif not any(action.name == "sanction" for action in card.actions):
                await act(Pressed(self.address, f"lead takes {card.ref}", "acknowledge", card.ref))
                await act(Submitted(self.address, f"lead notes {card.ref}", "note", card.ref, {"note": (DONE,)}))
                if self.confused_team in card.text:
                    self.acted_on.setdefault("silent_confusion", day)
