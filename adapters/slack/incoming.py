"""What Slack posts, read into what the bot understands; behind this file there is no payload.

Shapes: https://docs.slack.dev/reference/interaction-payloads and https://docs.slack.dev/reference/events. What is not
in such a shape, or is nothing to us, is no news: it is acknowledged and passed over.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.chat import Address, Incoming, Joined, Left, Opened, Pressed, Removed, Said, Submitted
from adapters.slack.blocks import PRESS, ROW, SUBMIT
from adapters.slack.inputs import filled_in
from adapters.slack.views import HOME, Kept

PLATFORM = "slack"
ASK: Mapping[str, str] = {"/ask": "ask"}  #: commands that are a button; all others take words
HELP = "help"  #: what a command without words asks for

_LINK = re.compile(r"<((?:https?://|mailto:)[^|>]+)(?:\|([^>]*))?>")

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody acted, so that the answer can stand there."""

    kind: Literal["message", "form", "modal", "home", "command", "line", "nowhere"]
    channel: str = ""
    ts: str = ""  #: of the message that was acted on
    view: str = ""  #: the modal's id
    origin: str = ""  #: the message that a modal was opened from, as "channel/ts"; or HOME
    url: str = ""  #: takes the place of the message that was acted on, for half an hour
    fleeting: bool = False  #: the message is seen by one person and kept nowhere


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that came in, and what it takes to answer it."""

    incoming: Incoming
    place: Place = Place("nowhere")
    trigger: str = ""  #: opens a modal, once, for three seconds

    @property
    def sender(self) -> Address:
        return self.incoming.sender

    @property
    def ref(self) -> str:
        """Of the card that was acted on."""
        return self.incoming.ref if isinstance(self.incoming, Submitted | Pressed) else ""


def read(body: Payload) -> list[Heard]:
    """What a payload says; nothing for what is nothing to us."""
    workspace = workspace_of(body)
    if not workspace:
        return []
    if isinstance(body.get("command"), str):
        return _command(body, workspace)
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, workspace)
    reader = {"block_actions": _action, "view_submission": _submission, "shortcut": _shortcut}.get(str(kind))
    sender = Address(PLATFORM, _text(_part(body, "user"), "id"), workspace)
    return reader(body, sender) if reader and sender.account else []


def workspace_of(body: Payload) -> str:
    """The workspace's id, or the organisation's where the app was put into all of its workspaces at once."""
    authorizations = body.get("authorizations")
    if isinstance(authorizations, list) and authorizations and isinstance(authorizations[0], Mapping):
        body = {**authorizations[0], "team_id": authorizations[0].get("team_id") or body.get("team_id")}
    enterprise = _text(body, "enterprise_id") or _text(_part(body, "enterprise"), "id")
    if enterprise and body.get("is_enterprise_install") in {True, "true"}:
        return enterprise
    team = _text(body, "team_id") or _text(_part(body, "team"), "id")
    return team or _text(_part(body, "user"), "team_id") or _text(_part(body, "view"), "team_id")


def _command(body: Payload, workspace: str) -> list[Heard]:
    """Words behind a command go to the bot, which says why they are better typed into its form, and nowhere else."""
    sender, once = Address(PLATFORM, _text(body, "user_id"), workspace), _text(body, "trigger_id")
    if not sender.account or not once:
        return []
    words = _typed(_text(body, "text"))
    button = ASK.get(_text(body, "command"))
    incoming: Incoming = Said(sender, once, words or HELP) if words or not button else Pressed(sender, once, button)
    return [Heard(incoming, Place("command", channel=_text(body, "channel_id")), trigger=once)]


def _shortcut(body: Payload, sender: Address) -> list[Heard]:
    once = _text(body, "trigger_id")
    return [Heard(Pressed(sender, once, _text(body, "callback_id")), Place("command"), trigger=once)]


def _action(body: Payload, sender: Address) -> list[Heard]:
    actions = body.get("actions")
    pressed = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], Mapping) else {}
    action_id, once = _text(pressed, "action_id"), _text(body, "trigger_id") or _text(pressed, "action_ts")
    if not action_id.startswith((SUBMIT, PRESS)) or not once:
        return []
    view, ref = _part(body, "view"), _text(pressed, "block_id").removeprefix(ROW)
    if action_id.startswith(PRESS):
        incoming: Incoming = Pressed(sender, once, action_id.removeprefix(PRESS), ref)
    else:
        state = _part(view, "state") or _part(body, "state")
        incoming = Submitted(sender, once, action_id.removeprefix(SUBMIT), ref, filled_in(state))
    return [Heard(incoming, _where(body, view), trigger=_text(body, "trigger_id"))]


def _where(body: Payload, view: Payload) -> Place:
    if _text(view, "type") == "home":
        return Place("home", origin=HOME)
    if view:
        kept = Kept.from_metadata(view.get("private_metadata"))
        return Place("modal", view=_text(view, "id"), origin=kept.origin)
    container = _part(body, "container")
    channel = _text(container, "channel_id") or _text(_part(body, "channel"), "id")
    ts = _text(container, "message_ts")
    fleeting = container.get("is_ephemeral") is True
    origin = "" if fleeting else f"{channel}/{ts}"
    url = _text(body, "response_url")
    return Place("message", channel=channel, ts=ts, origin=origin, url=url, fleeting=fleeting)


def _submission(body: Payload, sender: Address) -> list[Heard]:
    view = _part(body, "view")
    kept = Kept.from_metadata(view.get("private_metadata"))
    # A modal that comes back unchanged has the same hash: that makes a repeated delivery known where no trigger does.
    once = _text(body, "trigger_id") or f"{_text(view, 'id')}.{_text(view, 'hash')}"
    incoming = Submitted(sender, once, kept.action, kept.ref, filled_in(_part(view, "state")))
    return [Heard(incoming, Place("form", view=_text(view, "id"), origin=kept.origin), trigger="")]


def _event(body: Payload, workspace: str) -> list[Heard]:
    event, once = _part(body, "event"), _text(body, "event_id")
    reader = EVENTS.get(_text(event, "type"))
    return reader(event, workspace, once) if reader and once else []


def _message(event: Payload, workspace: str, once: str) -> list[Heard]:
    """A line in the direct message with the bot; what the bot itself says there, and what is changed later, is none."""
    account = _text(event, "user")
    if event.get("channel_type") != "im" or "subtype" in event or "bot_id" in event or not account:
        return []
    said = Said(Address(PLATFORM, account, workspace), once, _typed(_text(event, "text")))
    return [Heard(said, Place("line", channel=_text(event, "channel")))]


def _opened(event: Payload, workspace: str, once: str) -> list[Heard]:
    """The Home tab. Slack tells of the other tab each time as well, and a greeting each time would be too many."""
    if event.get("tab") != "home" or not _text(event, "user"):
        return []
    return [Heard(Opened(Address(PLATFORM, _text(event, "user"), workspace), once, "home"), Place("home", origin=HOME))]


def _listed(event: Payload, workspace: str, once: str) -> list[Heard]:
    user = _part(event, "user")
    sender = Address(PLATFORM, _text(user, "id"), workspace)
    zone = known_zone(user.get("tz"))
    gone = user.get("deleted") is True
    incoming = Left(sender, once, timezone=zone) if gone else Joined(sender, once, timezone=zone)
    return [Heard(incoming)] if sender.account else []


def _came(event: Payload, workspace: str, once: str) -> list[Heard]:
    sender = Address(PLATFORM, _text(event, "user"), workspace)
    return [Heard(Joined(sender, once, _text(event, "channel")))] if sender.account else []


def _went(event: Payload, workspace: str, once: str) -> list[Heard]:
    sender = Address(PLATFORM, _text(event, "user"), workspace)
    return [Heard(Left(sender, once, _text(event, "channel")))] if sender.account else []


def _group_changed(event: Payload, workspace: str, once: str) -> list[Heard]:
    group = _text(event, "subteam_id")
    found: list[Heard] = []
    for kind, name in ((Joined, "added_users"), (Left, "removed_users")):
        accounts = event.get(name)
        for account in accounts if isinstance(accounts, list) else []:
            sender = Address(PLATFORM, str(account), workspace)
            found.append(Heard(kind(sender, f"{once}.{name}.{account}", group)))
    return found


def _removed(_: Payload, workspace: str, once: str) -> list[Heard]:
    return [Heard(Removed(Address(PLATFORM, "", workspace), once))]


def _revoked(event: Payload, workspace: str, once: str) -> list[Heard]:
    """Only the app's own token matters: we hold nobody else's."""
    return _removed(event, workspace, once) if _part(event, "tokens").get("bot") else []


#: What Slack tells of, and who reads it.
EVENTS: Mapping[str, Callable[[Payload, str, str], list[Heard]]] = {
    "message": _message,
    "app_home_opened": _opened,
    "team_join": _listed,
    "user_change": _listed,
    "member_joined_channel": _came,
    "member_left_channel": _went,
    "subteam_members_changed": _group_changed,
    "app_uninstalled": _removed,
    "tokens_revoked": _revoked,
}


def _typed(text: str) -> str:
    """A line as it was typed: Slack escapes three characters in it and wraps what it takes for a link."""
    return unescape(_LINK.sub(lambda link: link[2] or link[1].removeprefix("mailto:"), text.replace("\0", ""))).strip()


def known_zone(name: object) -> str:
    """A zone that this machine knows too, or none."""
    try:
        return ZoneInfo(name).key if isinstance(name, str) and name else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""


def _part(body: Payload, name: str) -> Payload:
    found = body.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(body: Payload, name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""
