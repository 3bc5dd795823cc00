"""Everybody who plays in a rehearsal, and when they get round to answering."""

import heapq
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from adapters.chat import Address, Card, Incoming, Reply, Submitted
from bot.rehearsal.dice import dice, roll
from bot.rehearsal.lead import Lead
from bot.rehearsal.staff import QUESTIONS, Staff

Act = Callable[[Incoming], Awaitable[Reply | None]]
ASKS = 0.012  # chance that somebody who answers a pulse also asks something
NEXT_MORNING = 0.12  # of those who answer do so only the next morning


@dataclass(slots=True)
class Company:
    staff: Mapping[Address, Staff]
    lead: Lead
    seed: int
    resting: set[Address] = field(default_factory=set)  #: seats that are left to whoever takes part
    asked: int = 0
    _prompts: list[tuple[datetime, int, Address, Card, int]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def receive(self, to: Address, card: Card, *, now: datetime, day: int) -> None:
        """See a message come in; a prompt is answered sooner or later, or not at all."""
        if to == self.lead.address and not any(action.name == "answer" for action in card.actions):
            self.lead.receive(card, day=day)
        person = self.staff.get(to)
        if person is None or to in self.resting or not any(action.name == "answer" for action in card.actions):
            return
        if person.answers(day=day, eased=self.lead.acted_on):
            chance = dice(self.seed, "when", person.account, day)
            wait = timedelta(hours=15) if chance.random() < NEXT_MORNING else timedelta(minutes=chance.randrange(90))
            heapq.heappush(self._prompts, (now + wait, next(self._numbers), to, card, day))

    async def play(self, act: Act, *, now: datetime, day: int) -> None:
        """Let everybody do what they have got round to by now."""
        while self._prompts and self._prompts[0][0] <= now:
            _, number, address, card, asked_on = heapq.heappop(self._prompts)
            if address in self.resting:
                continue
            person = self.staff[address]
            values = person.fill_in(card, day=asked_on, eased=self.lead.acted_on)
            await act(Submitted(address, f"staff {number} {card.ref}", "answer", card.ref, values))
            if roll(self.seed, "asks", person.account, asked_on) < ASKS and self.asked < len(QUESTIONS):
                await self._ask(act, address, number)
        await self.lead.act(act, day=day)

    async def _ask(self, act: Act, address: Address, number: int) -> None:
        question = {"question": (QUESTIONS[self.asked],)}
        self.asked += 1
        await act(Submitted(address, f"asks {number}", "ask-preview", "", question))
        await act(Submitted(address, f"confirms {number}", "ask-confirm", "", question))
