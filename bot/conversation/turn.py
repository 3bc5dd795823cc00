"""One thing that somebody did, with all that a verb of the conversation needs to answer it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from adapters.chat import Card, Incoming, Pressed, Reply, Submitted
from bot.clock import local_date
from bot.conversation.limits import DailyLimits
from bot.delivery.contacts import Sender
from bot.leading import Leader
from bot.storage.database import Database
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Turn:
    incoming: Incoming
    sender: Sender
    texts: Texts
    database: Database
    limits: DailyLimits
    now: datetime
    base_url: str = ""  #: where the bot's web pages are reached; nothing where it serves none

    @property
    def golive_id(self) -> int:
        assert self.sender.golive.id is not None
        return self.sender.golive.id

    @property
    def today(self) -> date:
        """The sender's own date."""
        person = self.sender.participant
        return local_date(self.now, person.timezone if person else self.sender.golive.timezone)

    @property
    def leader(self) -> Leader:
        """The sender as a lead; who may be one is decided before a verb is called."""
        reader = self.sender.reader
        role = reader.role if reader else "lead"
        return Leader(self.golive_id, reader.id if reader else None, now=self.now, today=self.today, role=role)

    @property
    def ref(self) -> str:
        return self.incoming.ref if isinstance(self.incoming, Submitted | Pressed) else ""

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        return dict(self.incoming.values) if isinstance(self.incoming, Submitted) else {}

    def written(self, name: str) -> str:
        """What was written into a field, or nothing."""
        return " ".join(self.values.get(name, ())).strip()

    def say(self, key: str, **facts: str | float) -> Reply:
        """A reply that is a sentence and nothing else."""
        return Reply(Card(self.texts(key, **facts)))


Verb = Callable[[Turn], Awaitable[Reply]]
