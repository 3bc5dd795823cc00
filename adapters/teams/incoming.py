"""What Teams posts, read into what the bot understands; behind this file there is no activity."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from adapters.chat import Address, Incoming, Installed, Joined, Left, Pressed, Removed, Said, Submitted
from adapters.teams.inputs import Part, clean, filled_in
from adapters.teams.references import Reference

BODY_LIMIT = 256 * 1024  #: bytes; Teams sends far less
ACTION = "adaptiveCard/action"
PERSONAL = "personal"
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MENTION = re.compile(r"<at\b[^>]*>.*?</at>", re.DOTALL)
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")


class TooLarge(Exception):
    """The body is over BODY_LIMIT."""


class Unclear(Exception):
    """The body is no activity, or one that lacks what it cannot do without."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who came into a team or left it."""

    id: str
    account: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity, as much of it as the bot needs."""

    type: str
    id: str
    channel: str
    service_url: str
    tenant: str
    conversation: str
    conversation_type: str
    sender: Member
    bot: str = ""  #: as the one who sent it calls the bot
    name: str = ""  #: of an invoke
    text: str = ""
    timezone: str = ""
    reply_to: str = ""  #: the message whose button was pressed
    verb: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    action: str = ""  #: of an installation update
    team: str = ""
    came: tuple[Member, ...] = ()
    went: tuple[Member, ...] = ()

    @property
    def is_personal(self) -> bool:
        return self.conversation_type == PERSONAL

    @property
    def address(self) -> Address:
        way = Reference(self.conversation, self.service_url, self.sender.id)
        return Address("teams", self.sender.account, self.tenant, str(way) if self.is_personal else "")

    @property
    def part(self) -> Part:
        """Where the button stood that was pressed."""
        return "reply" if self.data.get("part") == "reply" else "card"


async def read_body(stream: AsyncIterator[bytes]) -> bytes:
    """Read a whole body.

    Raises
    ------
    TooLarge
    """
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge
    return bytes(body)


def parse(body: bytes) -> Activity:
    """Read an activity.

    Raises
    ------
    Unclear
        when it is no JSON object, or lacks its type, its sender, its conversation or, as a press, its action.
    """
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unclear from error
    if not isinstance(raw, dict):
        raise Unclear
    conversation, channel_data = part_of(raw, "conversation"), part_of(raw, "channelData")
    action = part_of(part_of(raw, "value"), "action")
    read = Activity(
        type=text_of(raw, "type"),
        id=text_of(raw, "id") or uuid4().hex,
        channel=text_of(raw, "channelId"),
        service_url=text_of(raw, "serviceUrl"),
        tenant=text_of(conversation, "tenantId") or text_of(part_of(channel_data, "tenant"), "id"),
        conversation=text_of(conversation, "id"),
        # Teams leaves it out where a conversation is between two.
        conversation_type=text_of(conversation, "conversationType") or PERSONAL,
        sender=member(part_of(raw, "from")),
        bot=text_of(part_of(raw, "recipient"), "id"),
        name=text_of(raw, "name"),
        text=_MENTION.sub("", clean(text_of(raw, "text"))).strip(),
        timezone=zone_in(raw),
        reply_to=text_of(raw, "replyToId"),
        verb=clean(text_of(action, "verb")),
        data=part_of(action, "data"),
        action=text_of(raw, "action"),
        team=text_of(part_of(channel_data, "team"), "id"),
        came=members(raw, "membersAdded"),
        went=members(raw, "membersRemoved"),
    )
    if not (read.type and read.sender.id and read.conversation):
        raise Unclear
    if read.name == ACTION and not read.verb:
        raise Unclear
    return read


def to_incoming(activity: Activity) -> list[Incoming]:
    """What an activity means to the bot; nothing where it means nothing, or was said where others listen."""
    sender, once, zone = activity.address, activity.id, activity.timezone
    match activity.type:
        case "message" if activity.is_personal:
            return [Said(sender, once, activity.text, timezone=zone)]
        case "invoke" if activity.name == ACTION and activity.is_personal:
            ref = clean(str(activity.data.get("ref", "")))
            if activity.data.get("submits") is True:
                values = filled_in(activity.data, part=activity.part)
                return [Submitted(sender, once, activity.verb, ref, values, timezone=zone)]
            return [Pressed(sender, once, activity.verb, ref, timezone=zone)]
        case "installationUpdate" if activity.is_personal:
            gone = activity.action.startswith("remove")
            return [Removed(sender, once, timezone=zone) if gone else Installed(sender, once, timezone=zone)]
        case "conversationUpdate" if activity.team:
            return comings_and_goings(activity)
        case _:
            return []


def comings_and_goings(activity: Activity) -> list[Incoming]:
    """Who came into a team and who left it; the bot itself is nobody's colleague."""
    came = [Joined(at(activity, one), f"{activity.id} {one.id}", source=activity.team) for one in people(activity.came)]
    went = [Left(at(activity, one), f"{activity.id} {one.id}", source=activity.team) for one in people(activity.went)]
    return [*came, *went]


def people(members: tuple[Member, ...]) -> list[Member]:
    return [one for one in members if one.id and not one.id.startswith("28:")]


def at(activity: Activity, one: Member) -> Address:
    return Address("teams", one.account, activity.tenant, str(Reference(user=one.id)))


def member(raw: Mapping[str, Any]) -> Member:
    """An account goes by its number in the directory, which is the same for every bot, and in lists of people."""
    known = text_of(raw, "aadObjectId") or text_of(raw, "objectId")
    identifier = text_of(raw, "id")
    return Member(identifier, known.lower() if _GUID.fullmatch(known) else known or identifier)


def members(raw: Mapping[str, Any], key: str) -> tuple[Member, ...]:
    listed = raw.get(key)
    return tuple(member(one) for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()


def zone_in(raw: Mapping[str, Any]) -> str:
    """The sender's time zone, where the activity tells it: at the top, or with what it says of the client."""
    entities = raw.get("entities")
    about = [one for one in entities if isinstance(one, dict)] if isinstance(entities, list) else []
    told = [text_of(raw, "localTimezone"), *(text_of(one, "timezone") for one in about)]
    return next((zone for zone in told if _ZONE.fullmatch(zone)), "")


def part_of(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def text_of(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) else ""
