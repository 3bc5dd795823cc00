"""Whatever happens in whatever order: answers, questions, wishes, rosters, dates, hours and restarts break no promise.

To see it fail: take the line on `Disposition.PENDING` out of `surveys.invitations.settle`, or `opted_out` out of
`surveys.roster.to_be_asked`. `THOROUGH=1` plays far longer.
"""

import asyncio
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import col, func, select

from adapters.chat import Address, Card, Reply
from adapters.memory import MemoryAdapter
from bot.application import Application
from bot.clock import SetClock
from bot.delivery.contacts import parse_address
from bot.delivery.outbox import Delivery
from bot.loading import load
from bot.storage.database import Database
from bot.storage.keys import Keys
from surveys.bank import Bank, load_bank
from surveys.errors import Locked
from surveys.golive_file import GoLiveFile
from surveys.invitations import Invitation
from surveys.questions import Question
from surveys.responses import Response
from surveys.waves import Wave, WaveState

T = TypeVar("T")

THOROUGH = bool(os.environ.get("THOROUGH"))
TYPED = "zebrafinch"  #: stands in everything that anybody types
BEGIN = datetime.fromisoformat("2027-02-28T12:00-05:00")
LEAD = Address("memory", "lead")
PEOPLE = st.integers(0, 41)
FIGURE = re.compile(r"(\d+) of (\d+)")


class Screens(MemoryAdapter):
    """Remembers every message that left, with its key."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[tuple[Address, str, Card]] = []

    async def send(self, to: Address, card: Card, *, key: str) -> str:
        self.left.append((to, key, card))
        return await super().send(to, card, key=key)


class AnyOrder(RuleBasedStateMachine):
    template: ClassVar[str]
    keys: ClassVar[Keys]
    file: ClassVar[GoLiveFile]
    bank: ClassVar[Bank]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="any"))
        self.path = shutil.copy(self.template, self.folder / "pulse.db")
        self.golive = self.file
        self.people = [parse_address(line.address) for line in self.file.roster if line.role != "lead"]
        self.loop = asyncio.Runner()
        self.chat, self.clock = Screens(), SetClock(BEGIN)
        self.accepted: Counter[int] = Counter()  #: answers that were thanked for, by wave
        self.thanked: set[str] = set()  #: refs
        self.refs: list[tuple[Address, Card]] = []  #: prompts that somebody had before them
        self.unasked: set[Address] = set()  #: who said stop, or asked to be forgotten
        self.paused: dict[Address, datetime] = {}  #: surely until then
        self.words: list[str] = []
        self.seen = 0  #: messages whose sending was judged
        self.open()

    def open(self) -> None:
        self.database = Database(f"sqlite:///{self.path}", keys=self.keys)
        self.bot = Application(self.database, adapters=[self.chat], clock=self.clock, bank=self.bank)

        async def listen() -> None:
            self.listening = asyncio.create_task(self.chat.run(self.bot.conversation.hear))
            await asyncio.sleep(0)

        self.run(listen())

    def close(self) -> None:
        async def hang_up() -> None:
            self.listening.cancel()
            await asyncio.gather(self.listening, return_exceptions=True)

        self.run(hang_up())
        self.database.close()

    def teardown(self) -> None:
        self.close()
        self.loop.close()
        shutil.rmtree(self.folder)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(coroutine)

    # What people do.

    @rule(hours=st.sampled_from([0.02, 0.5, 1, 3, 8, 24, 72]))
    def tick(self, hours: float) -> None:
        self.clock.advance(timedelta(hours=hours))
        self.run(self.bot.tick())

    @rule()
    def evening_comes(self) -> None:
        """Every prompt of the day is out."""
        self.clock.set(self.clock.now().replace(hour=19, minute=45))
        self.run(self.bot.tick())

    @rule(people=st.lists(PEOPLE, min_size=1, max_size=12), pick=st.integers(0, 3), remarks=st.booleans())
    def answer(self, people: list[int], pick: int, remarks: bool) -> None:  # noqa: FBT001  # hypothesis gives it by name
        for n in people:
            person = self.people[n]
            card = next(
                (c for c in reversed(self.chat.cards(person)) if any(a.name == "answer" for a in c.actions)), None
            )
            if card is not None:
                self.refs.append((person, card))
                self.press(person, card, pick=pick, remark=f"The {TYPED} is slow." if remarks else "")

    @precondition(lambda self: self.refs)
    @rule(data=st.data(), pick=st.integers(0, 3))
    def answer_again(self, data: st.DataObject, pick: int) -> None:
        """Also long after, and also with the prompt of somebody else."""
        person, card = data.draw(st.sampled_from(self.refs[-20:]))
        self.press(data.draw(st.sampled_from([person, self.people[0]])), card, pick=pick)

    def press(self, person: Address, card: Card, *, pick: int, remark: str = "") -> None:
        with self.database.session() as session:
            wave = session.exec(select(Wave).join(Invitation).where(Invitation.key == card.ref)).one_or_none()
        values = {f.name: (f.choices[pick % len(f.choices)].value,) for f in card.fields if f.choices}
        typed = {f.name: (remark,) for f in card.fields if not f.choices and remark}
        reply = self.run(self.chat.submit(person, "answer", ref=card.ref, values=values | typed))
        if reply is not None and reply.replaces:
            assert wave is not None
            assert wave.state == WaveState.OPEN
            assert wave.closes > self.clock.now()
            assert card.ref not in self.thanked
            self.thanked.add(card.ref)
            self.accepted[wave.id or 0] += 1

    @rule(n=PEOPLE, sent=st.booleans())
    def ask(self, n: int, sent: bool) -> None:  # noqa: FBT001  # as above
        values = {"question": (f"Where is the {TYPED} kept?",)}
        reply = self.run(self.chat.submit(self.people[n], "ask-preview", values=values))
        if sent:
            reply = self.run(self.chat.submit(self.people[n], "ask-confirm", values=values))
            if reply is not None and "**" in reply.card.text:
                self.words.append(reply.card.text.split("**")[1])

    @precondition(lambda self: self.words)
    @rule(data=st.data(), n=PEOPLE)
    def find(self, data: st.DataObject, n: int) -> None:
        words = data.draw(st.sampled_from(self.words))
        self.run(self.chat.submit(self.people[n], "find-words", values={"words": (words,)}))

    @rule()
    def reply(self) -> None:
        """The lead answers whatever question stands before them last."""
        card = next((c for c in reversed(self.chat.cards(LEAD)) if c.ref.startswith("question:")), None)
        if card is not None:
            self.run(self.chat.submit(LEAD, "reply", ref=card.ref, values={"reply": (f"Beside the {TYPED}.",)}))

    @rule(n=PEOPLE, wish=st.sampled_from(["stop", "start", "pause", "resume", "delete-confirm"]))
    def wish(self, n: int, wish: str) -> None:
        person = self.people[n]
        reply = self.wished(person, wish)
        assert reply is not None
        if wish in {"stop", "delete-confirm"}:
            self.unasked.add(person)
        if wish == "start":
            self.unasked.discard(person)
        if wish == "pause":
            self.paused[person] = self.clock.now() + timedelta(days=5)  # of seven, whatever the zone
        if wish in {"resume", "delete-confirm"}:
            self.paused.pop(person, None)

    def wished(self, person: Address, wish: str) -> Reply | None:
        if wish == "pause":
            return self.run(self.chat.submit(person, "pause", values={"pause": ("week",)}))
        return self.run(self.chat.press(person, wish))

    # What the practice does.

    @rule(gone=st.sets(PEOPLE, max_size=8), moved=PEOPLE)
    def other_roster(self, gone: set[int], moved: int) -> None:
        """Some leave, whoever had left is back, and somebody changes teams."""
        teams = sorted({line.team for line in self.file.roster if line.role != "lead"})
        people = {address: n for n, address in enumerate(self.people)}
        kept = []
        for line in self.file.roster:
            n = people.get(parse_address(line.address), -1)
            if n == moved:
                kept.append(replace(line, team=teams[n % len(teams)]))
            elif n not in gone:
                kept.append(line)
        self.reload(replace(self.golive, roster=tuple(kept)))

    @rule(days=st.integers(-3, 10))
    def other_date(self, days: int) -> None:
        self.reload(replace(self.golive, date=self.file.date + timedelta(days=days)))

    @rule(minimum=st.integers(3, 9))
    def other_minimum(self, minimum: int) -> None:
        with self.database.session() as session:
            out = session.exec(select(func.count()).select_from(Wave)).one() > 0
        wished = replace(self.golive, group_minimum=minimum, comment_minimum=max(10, minimum))
        if out and minimum != self.golive.group_minimum:
            with pytest.raises(Locked):
                self.reload(wished)
        else:
            self.reload(wished)

    def reload(self, file: GoLiveFile) -> None:
        with self.database.begin() as session:
            load(session, file, now=self.clock.now(), platforms={"memory"})
        self.golive = file

    @rule()
    def restart(self) -> None:
        self.close()
        self.open()

    # What must hold after each of these.

    @invariant()
    def every_answer_was_kept_once(self) -> None:
        with self.database.session() as session:
            kept = dict(session.exec(select(Response.wave_id, func.count()).group_by(col(Response.wave_id))).all())
        assert kept == dict(self.accepted)

    @invariant()
    def who_answered_is_forgotten_with_the_wave(self) -> None:
        with self.database.session() as session:
            left = select(func.count()).select_from(Invitation).join(Wave).where(Wave.state != WaveState.OPEN)
            assert session.exec(left).one() == 0
            waves = session.exec(select(Wave.id).where(Wave.state != WaveState.OPEN)).all()
            keys = session.exec(select(Delivery.key)).all()
        assert not [key for key in keys if any(key.startswith(f"wave:{wave}:") for wave in waves)]

    @invariant()
    def nobody_is_written_to_twice_or_against_their_wish(self) -> None:
        listed = {parse_address(line.address) for line in self.golive.roster}
        for to, _, card in self.chat.left[self.seen :]:
            if any(action.name == "answer" for action in card.actions):
                assert to not in self.unasked
                assert to in listed
                assert self.paused.get(to, self.clock.now()) <= self.clock.now()
        self.seen = len(self.chat.left)
        sent = Counter((to, key) for to, key, _ in self.chat.left)
        assert [one for one, times in sent.items() if times > 1] == []

    @invariant()
    def no_number_is_under_the_minimum(self) -> None:
        for card in self.chat.cards(LEAD):
            for shown, _ in FIGURE.findall(card.text):
                assert int(shown) >= self.golive.group_minimum, card.text

    @invariant()
    def nothing_that_was_typed_is_in_the_file(self) -> None:
        for path in self.folder.glob("pulse.db*"):
            assert TYPED.encode() not in path.read_bytes()

    @invariant()
    def a_question_has_no_more_than_a_day(self) -> None:
        with self.database.session() as session:
            days = session.exec(select(Question.day)).all()
        assert not [day for day in days if isinstance(day, datetime)]


def test_no_order_of_things_breaks_a_promise(sqlite_templates: dict[str, str], keys: Keys, example: GoLiveFile) -> None:
    AnyOrder.template, AnyOrder.keys, AnyOrder.file, AnyOrder.bank = (
        sqlite_templates["loaded"], keys, example, load_bank(),
    )  # fmt: skip
    examples, steps = (200, 80) if THOROUGH else (5, 25)
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=not THOROUGH,
            phases=tuple(Phase) if THOROUGH else (Phase.generate,),  # to shrink a finding takes minutes
        ),
    )
