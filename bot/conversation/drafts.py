"""Go-lives that somebody is putting together in a chat: in memory for an hour, and stored nowhere."""

from collections import OrderedDict
from datetime import datetime, timedelta

from adapters.chat import Address
from surveys.golive_draft import Draft

KEPT_FOR = timedelta(hours=1)  # since the last step
MOST = 200  # of all senders together: memory is not for strangers to fill


class Drafts:
    def __init__(self) -> None:
        self._kept: OrderedDict[Address, tuple[datetime, Draft]] = OrderedDict()  # the oldest first

    def of(self, sender: Address, *, now: datetime) -> Draft | None:
        self.forget(now)
        found = self._kept.get(sender)
        return found[1] if found else None

    def keep(self, sender: Address, draft: Draft, *, now: datetime) -> None:
        self._kept.pop(sender, None)
        self._kept[sender] = (now, draft)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)

    def drop(self, sender: Address) -> None:
        self._kept.pop(sender, None)

    def forget(self, now: datetime) -> None:
        """Drop what nobody went on with."""
        while self._kept and now - next(iter(self._kept.values()))[0] >= KEPT_FOR:
            self._kept.popitem(last=False)
