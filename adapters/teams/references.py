"""The way to somebody in Teams, as the one opaque line that the bot keeps."""

import json
from dataclasses import asdict, dataclass

ANYWHERE = "https://smba.trafficmanager.net/teams/"  # where Microsoft sends a bot that does not know the region yet


@dataclass(frozen=True, slots=True)
class Reference:
    conversation: str = ""
    service_url: str = ""  #: of the region; the newest one that an activity of this person named
    user: str = ""  #: as this bot knows them: 29:...

    def __str__(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value}, separators=(",", ":"))


def reference(line: str) -> Reference:
    """Read the line; what was not written here leads nowhere."""
    try:
        found = json.loads(line)
        return Reference(**{name: str(value) for name, value in found.items()})
    except (ValueError, TypeError, AttributeError):
        return Reference()
