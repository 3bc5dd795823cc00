"""The bot as people meet it in Teams: what they press and write, once, twice, late, for others, and far too long."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlmodel import SQLModel, func, select

from adapters.chat import Address, Card
from bot import logs
from bot.insight.detection import raise_and_close
from bot.storage.database import Database
from surveys.golives import GoLive
from surveys.questions import Question
from surveys.responses import Response
from surveys.roster import Participant
from tests.integration.made_up_signals import signal
from tests.teams.clinic import TeamsClinic, write_golive
from tests.teams.people import TeamsPeople, teams_adapter
from tests.teams.service import TENANT, BotService, Json

STAFF = ("Ana Ruiz", "Ben Okafor", "Cleo Marsh", "Dina Vogt", "Emil Strand")
QUESTION = "Where do we note a second telephone number?"


@dataclass
class Ward:
    clinic: TeamsClinic
    people: TeamsPeople

    def who(self, name: str) -> Address:
        return self.people.address(name)

    def count(self, table: type[SQLModel]) -> int:
        with self.clinic.database.session() as session:
            return session.exec(select(func.count()).select_from(table)).one()

    def offering(self, name: str, action: str) -> tuple[str, Card]:
        """The newest message before somebody with this button, and its id."""
        cards = self.clinic.adapter._standing._screen(self.who(name)).cards
        return next(one for one in reversed(cards.items()) if action in {given.name for given in one[1].actions})

    def ref(self, name: str, action: str = "answer") -> str:
        return self.offering(name, action)[1].ref

    def picks(self, name: str) -> dict[str, tuple[str, ...]]:
        """The first choice of everything in somebody's pulse."""
        _, pulse = self.offering(name, "answer")
        return {field.name: (field.choices[0].value,) for field in pulse.fields if field.choices}

    def filled_in(self, name: str) -> Json:
        """The same as a client sends it, with the ref of the pulse."""
        _, pulse = self.offering(name, "answer")
        kinds = {field.name: "many" if field.several else "one" for field in pulse.fields}
        return {"ref": pulse.ref} | {f"card.{kinds[key]}.{key}": value for key, (value,) in self.picks(name).items()}

    async def answers(self, name: str, *, ref: str, more: str = "") -> str:
        """Answer a pulse; what stands before them then."""
        values = self.picks(name) | {"remark": (more,)}
        return json.dumps(await self.people.act(self.who(name), "answer", ref=ref, values=values))

    def press(self, name: str, message_id: str, data: Json, *, verb: str = "answer") -> Json:
        """A press as a client posts it, of whatever was ever shown."""
        action = {"verb": verb, "data": {"part": "card", "submits": True} | data}
        more: Json = {"name": "adaptiveCard/action", "replyToId": message_id, "value": {"action": action}}
        return self.people.service.activity("invoke", sender=name, **more)


@pytest.fixture
async def ward(clinic_database: Database, tmp_path: Path) -> AsyncIterator[Ward]:
    """The evening of the first day: Ana and four colleagues have a pulse, Dana leads."""
    people = [(name, f"teams:{name.split()[0].lower()}") for name in STAFF]
    golive = write_golive(tmp_path, lead="teams:dana", people=people)
    async with BotService().running() as service:
        clinic = TeamsClinic(clinic_database, golive, adapter=teams_adapter(service))
        ward = Ward(clinic, TeamsPeople(service, clinic.adapter))
        async with clinic.bot.running():
            for name in ("ana", "ben", "cleo", "dina", "emil", "dana"):
                await ward.people.post(service.activity("installationUpdate", sender=name, action="add"))
            await clinic.at("2027-03-01 17:05")
            yield ward


async def test_a_pulse_is_answered_once_however_often_it_is_sent(ward: Ward) -> None:
    (message_id, _), data = ward.offering("ana", "answer"), ward.filled_in("ana")
    once, later = ward.press("ana", message_id, data), ward.press("ana", message_id, data)
    told = [(await ward.people.post(activity)).json() for activity in (once, once, later)]
    assert (told[0] == told[1], "already" in json.dumps(told[2]), ward.count(Response)) == (True, True, 1)


async def test_presses_at_the_same_moment_are_one_response(ward: Ward) -> None:
    (message_id, _), data = ward.offering("ana", "answer"), ward.filled_in("ana")
    await asyncio.gather(*(ward.people.post(ward.press("ana", message_id, data)) for _ in range(4)))
    assert ward.count(Response) == 1


async def test_a_pulse_that_has_closed_says_so_and_takes_nothing(ward: Ward) -> None:
    message_id, pulse = ward.offering("ana", "answer")
    await ward.clinic.at("2027-03-02 13:00")
    told = await ward.people.post(ward.press("ana", message_id, {"ref": pulse.ref, "card.text.remark": "late"}))
    assert ("This pulse has closed" in told.text, ward.count(Response)) == (True, 0)


async def test_the_pulse_of_somebody_else_takes_nothing(ward: Ward) -> None:
    message_id, pulse = ward.offering("ana", "answer")
    told = await ward.people.post(ward.press("ben", message_id, {"ref": pulse.ref, "card.text.remark": "mine"}))
    assert ("made for somebody else" in told.text, ward.count(Response)) == (True, 0)


async def test_a_card_that_was_never_ours_takes_nothing(ward: Ward) -> None:
    told = await ward.people.post(ward.press("ana", "", {"ref": "x" * 5000}, verb="no-such-thing"))
    assert (told.status_code, "out of date" in told.text) == (200, True)


async def test_a_remark_that_is_far_too_long_is_sent_back_and_the_pulse_stands_as_it_was_filled_in(ward: Ward) -> None:
    seen = await ward.answers("ana", ref=ward.ref("ana"), more="x" * 9000)
    assert ("Please shorten it" in seen, "x" * 9000 in seen, ward.count(Response)) == (True, True, 0)


async def test_a_receipt_is_shown_once_and_stands_in_no_message(ward: Ward) -> None:
    ana = ward.who("ana")
    await ward.people.act(ana, "ask", ref=ward.ref("ana"))
    await ward.people.act(ana, "ask-preview", ref="", values={"question": (QUESTION,)})
    await ward.people.act(ana, "ask-confirm", ref="", values={"question": (QUESTION,)})
    [receipt] = re.findall(r"\w+ · \w+ · \w+ · \w+", "\n".join(await ward.people.see(ana)))
    kept = json.dumps(list(ward.people.service.chats.values()), ensure_ascii=False)
    assert (ward.count(Question), receipt in kept, QUESTION in kept) == (1, False, False)


async def test_the_pulse_stands_beside_what_is_asked_and_can_be_answered_after(ward: Ward) -> None:
    ana, ref = ward.who("ana"), ward.ref("ana")
    await ward.people.act(ana, "ask", ref=ref)
    await ward.people.act(ana, "ask-preview", ref="", values={"question": (QUESTION,)})
    await ward.answers("ana", ref=ref)
    assert ward.count(Response) == 1


async def test_a_stranger_is_told_whom_to_ask_and_leaves_no_row(ward: Ward) -> None:
    before = ward.count(Participant)
    stranger = ward.who("zoe")
    await ward.people.say(stranger, "hello")
    assert "I do not have you on the list" in (await ward.people.see(stranger))[0]
    assert ward.count(Participant) == before


async def test_an_alert_is_taken_on_and_what_was_done_is_noted_in_place(ward: Ward) -> None:
    with ward.clinic.database.begin() as session:
        raise_and_close(session, 1, [signal()], eased=lambda *_, **__: False, now=ward.clinic.clock.now())
    await ward.clinic.at("2027-03-02 08:05")
    dana = ward.who("dana")
    await ward.people.act(dana, "acknowledge", ref=ward.ref("dana", "acknowledge"))
    assert "You are on it." in "\n".join(await ward.people.see(dana))
    ref = ward.ref("dana", "note")
    await ward.people.act(dana, "note", ref=ref)
    await ward.people.act(dana, "note", ref=ref, values={"note": ("We sat down together.",), "when": ("2027-03-02",)})
    assert "We sat down together." in "\n".join(await ward.people.see(dana))


async def test_a_question_is_replied_to_in_place_and_its_asker_finds_the_reply(ward: Ward) -> None:
    ana, dana = ward.who("ana"), ward.who("dana")
    for verb in ("ask-preview", "ask-confirm"):
        await ward.people.act(ana, verb, ref="", values={"question": (QUESTION,)})
    [receipt, *_] = re.findall(r"\w+ · \w+ · \w+ · \w+", json.dumps(ward.people.last, ensure_ascii=False))
    await ward.clinic.at("2027-03-02 08:05")
    await ward.people.act(dana, "reply", ref=ward.ref("dana", "reply"), values={"reply": ("In the contact tab.",)})
    await ward.people.say(ana, "find")
    await ward.people.act(ana, "find-words", ref="", values={"words": (receipt,)})
    assert "The reply: In the contact tab." in "\n".join(await ward.people.see(ana))


TEAM = "19:nurses@thread.tacv2"
LINK = f"https://teams.microsoft.com/l/team/{quote(TEAM, safe='')}/conversations?groupId=1&tenantId={TENANT}"


async def test_a_go_live_is_set_up_in_the_chat_with_people_from_a_team(ward: Ward) -> None:
    dana = ward.who("dana")
    ward.people.service.teams[TEAM] = [
        {"id": f"29:{name}", "aadObjectId": name, "name": name.title(), "userRole": "user"}
        for name in ("gus", "hana", "ivo", "jia", "kofi", "dana")
    ] + [{"id": "29:guest", "aadObjectId": "guest", "name": "Guest", "userRole": "guest"}]
    await ward.people.say(dana, "new")
    for action, values in (
        ("new-teams", {"organisation": "Riverside", "system": "Beacon", "on": "2027-04-05", "plan": "practice"}),
        ("new-team", {"team": "Nursing", "group": LINK}),
        ("new-leads", {}),
        ("new-look", {"lead_name": "Dana Reyes", "lead": "dana"}),
    ):
        zone = {"timezone": "America/New_York"} if action == "new-teams" else {}
        given = {name: (value,) for name, value in (values | zone).items()}
        await ward.people.act(dana, action, ref="", values=given)
    assert "5 people" in "\n".join(await ward.people.see(dana))
    await ward.people.act(dana, "new-confirm", ref="")
    await ward.clinic.at("2027-03-02 08:05")
    with ward.clinic.database.session() as session:
        [golive] = session.exec(select(GoLive).where(GoLive.system == "Beacon"))
        names = set(session.exec(select(Participant.name).where(Participant.golive_id == golive.id)))
    assert names == {"Gus", "Hana", "Ivo", "Jia", "Kofi"}


async def test_no_log_line_names_anybody_or_says_what_was_written(ward: Ward) -> None:
    written = io.StringIO()
    logs.configure("debug", stream=written)
    await ward.answers("ana", ref=ward.ref("ana"), more="MISTER SECRET waits")
    await ward.people.say(ward.who("ben"), "MISTER SECRET asks")
    await ward.people.post({"nonsense": "MISTER SECRET"}, bearer="")
    assert "refused" in written.getvalue()
    assert [word for word in ("SECRET", "29:ana", '"ana"', "a:ana") if word in written.getvalue()] == []
