"""Every number that a rehearsal sends, held against what an attacker could make of all of them together.

A go-live is played; the digests, alerts and thank-yous that leave are read as somebody reads them who holds the roster.
To see that it sees: the last test but one adds the one line to each digest that would give the small teams away.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import Session, select

from adapters.chat import Address, Card, Incoming, Reply
from analytics.disclosure_audit import Cell, Finding, Group, Publication, Said, audit
from analytics.publication import most_from
from analytics.routes import NO_ROUTE, PLAIN
from analytics.sentences import DID
from bot.insight.cells import Cell as Counted
from bot.insight.published import ANSWERED, EVERYBODY, figures
from bot.rehearsal.play import PRACTICE, Play, Rehearsal, as_web, in_the_web_chat
from bot.settings import Settings
from bot.setup import open_database
from surveys.bank import load_bank
from surveys.golive_file import read_golive
from surveys.golives import strata_of
from surveys.invitations import Turnout
from surveys.waves import Wave

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rehearsal")]

GOLIVE = date(2027, 3, 1)
LAST_DAY = 11
SEED = 3  # raises alerts of two kinds early, and some of them twice
K = 5
ITEMS = 4  # in one response, at the most

Place = tuple[str, str]  # a wave and a team

RATE = re.compile(r"(Most|At least \d+|\d+) of (\d+) answered the pulse of \w+ (\d+ \w+)\.")
TOO_FEW = re.compile(r"Too few answered the pulse of \w+ (\d+ \w+)")
BECAUSE = re.compile(r"Since (\d+ \w+), ([^.]*? would be usual[^.]*)\.")
CLAUSE = re.compile(
    r"(most|\d+) of (\d+) (.+?),? where (?:fewer than 1|about \d+) would be usual"
    r"(?: \(other teams: (most|\d+) of (\d+)\))?"
)
NUMBERS = re.compile(r"(?:\d+|[Mm]ost) of (\d+)")
STREAM_OF = {words: (stream, "") for stream, words in DID.items()} | {
    f"answers named {words} as a new way round": ("first_report", route) for route, words in PLAIN.items()
}


class Recorded(Play):
    """A play that keeps whatever is sent or said in reply."""

    sent: list[tuple[date, Address, Card]]

    def _see(self, to: Address, card: Card) -> None:
        self.__dict__.setdefault("sent", []).append((self.today, to, card))
        super()._see(to, card)

    async def act(self, incoming: Incoming) -> Reply | None:
        reply = await super().act(incoming)
        if reply is not None:
            self.sent.append((self.today, incoming.sender, reply.card))
        return reply


@dataclass(frozen=True)
class Truth:
    """What was counted, from the database."""

    teams: tuple[str, ...]
    waves: tuple[str, ...]  #: dates, the oldest first
    asked: dict[Place, int]
    answered: dict[Place, int]
    cells: dict[tuple[str, str, str, str], tuple[int, int]]  #: wave, team, stream, route: x of n
    shown: dict[Place, tuple[int, int]]  #: between which numbers a page says that so many answered

    @classmethod
    def of(cls, session: Session, golive_id: int) -> "Truth":
        teams = {key: row.name for key, row in strata_of(session, golive_id).items()}
        on = {wave.id: wave.on.isoformat() for wave in session.exec(select(Wave))}
        turnouts = {(on[row.wave_id], teams[row.stratum_id]): row for row in session.exec(select(Turnout))}
        counted = {
            (on[c.wave_id], teams[c.stratum_id], c.stream, c.route): (c.x, c.n) for c in session.exec(select(Counted))
        }
        routes = {route for *_, route in counted} - {""}
        everybody = {key: n for key, (_, n) in counted.items() if key[3] == NO_ROUTE}  # counted once, for every route
        return cls(
            teams=tuple(teams.values()),
            waves=tuple(sorted({wave for wave, _ in turnouts})),
            asked={place: row.reachable for place, row in turnouts.items()},
            answered={place: row.answered for place, row in turnouts.items()},
            shown={
                (figure.on.isoformat(), teams.get(figure.stratum_id or 0, EVERYBODY)): (figure.low, figure.high)
                for figure in figures(session, golive_id, measures=[ANSWERED])
                if figure.low is not None and figure.high is not None
            },
            cells={(*place, route): (0, n) for (*place, _), n in everybody.items() for route in routes} | counted,
        )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Recorded, Truth]]:
    folder: Path = tmp_path_factory.mktemp("published")
    settings = Settings(database_url=f"sqlite:///{folder / 'pulse.db'}", keys=folder / "pulse.keys")
    file = in_the_web_chat(read_golive(PRACTICE, today=GOLIVE))
    assert file.group_minimum == K
    database = open_database(settings)
    play = Recorded(Rehearsal(until=LAST_DAY, seed=SEED), file, database=database, bank=load_bank())

    async def run() -> None:
        async with play.application.running():
            for moment in play.moments(until=GOLIVE + timedelta(days=LAST_DAY)):
                await play.step(moment)

    asyncio.run(run())
    with database.session() as session:
        truth = Truth.of(session, play.golive_id)
    yield play, truth
    database.close()


def to_leads(play: Recorded) -> list[tuple[date, str]]:
    leads = {as_web(lead.address) for lead in play.file.leads}
    return list(dict.fromkeys((day, card.text) for day, to, card in play.sent if to in leads))


def dated(said: str) -> str:
    """The date that a sentence means; the rehearsal lies within a year."""
    return datetime.strptime(f"{said} {GOLIVE.year}", "%d %B %Y").date().isoformat()  # noqa: DTZ007  # a date only


def rates(text: str, truth: Truth) -> Iterator[Said]:
    """How many answered, as a digest says it."""
    for said in TOO_FEW.finditer(text):
        yield Said(said.group(), answers_of(truth, dated(said[1])), 0, K - 1)
    for said in RATE.finditer(text):
        wave = dated(said[3])
        everybody = answers_of(truth, wave)
        asked = int(said[2])
        assert asked == sum(truth.asked[wave, team] for *_, team in everybody), said.group()
        # Whoever knows the method knows from where "most" is said.
        low, high = {
            "Most": (most_from(asked, K), asked),
            "At least": (K, asked),
        }.get(said[1].rpartition(" ")[0] or said[1], (0, 0))
        low, high = (low, high) if high else (int(said[1]), int(said[1]))
        yield Said(said.group(), everybody, low, high)


def shown(truth: Truth) -> Iterator[Said]:
    """How many answered in each team, as the pages, the files and the API show it."""
    for (wave, team), (low, high) in truth.shown.items():
        cells = answers_of(truth, wave) if team == EVERYBODY else {("answered", wave, team): 1.0}
        yield Said(f"{team}, {wave}: {low} to {high}", cells, low, high)


def answers_of(truth: Truth, wave: str) -> dict[Cell, float]:
    return {("answered", wave, team): 1.0 for team in truth.teams if (wave, team) in truth.asked}


def evidence(text: str, truth: Truth, *, sent: date) -> Iterator[Said]:
    """Sums over the waves since a day, of one team and of the others."""
    for because in BECAUSE.finditer(text):
        bold = text[: because.start()].split("**")[-2]
        team = next(name for name in truth.teams if name in bold)
        others = [name for name in truth.teams if name != team]
        for clause in CLAUSE.finditer(because[2].replace(" and most of", " ; most of")):
            x, n, words, others_x, others_n = clause.groups()
            stream = STREAM_OF[words.removesuffix(",")]
            waves = span_of(truth, team, stream, since=dated(because[1]), sent=sent, x=x, n=int(n))
            yield from sums(truth, waves, [team], stream, x=x, n=int(n))
            if others_n is not None:
                yield from sums(truth, waves, others, stream, x=others_x, n=int(others_n))


def span_of(
    truth: Truth, team: str, stream: tuple[str, str], *, since: str, sent: date, x: str, n: int
) -> tuple[str, ...]:
    """Up to which wave the evidence goes: where its numbers are those that were counted."""
    known = [wave for wave in truth.waves if since <= wave < sent.isoformat()]
    for last in range(len(known), 0, -1):
        found = [truth.cells.get((wave, team, *stream), (0, 0)) for wave in known[:last]]
        if sum(n for _, n in found) == n and x in {"most", str(sum(x for x, _ in found))}:
            return tuple(known[:last])
    raise AssertionError(f"nothing that was counted is {x} of {n} for {team}, {stream}, since {since}")


def sums(
    truth: Truth, waves: Sequence[str], teams: Sequence[str], stream: tuple[str, str], *, x: str, n: int
) -> Iterator[Said]:
    places = [(wave, team, *stream) for wave in waves for team in teams if (wave, team, *stream) in truth.cells]
    low, high = (n, n) if x == "most" else (int(x), int(x))  # "most of" is said of all alone
    if stream[0] == "nonresponse":
        answered: dict[Cell, float] = {("answered", wave, team): 1.0 for wave, team, *_ in places}
        yield Said(f"{n - high} of {n} answered", answered, n - high, n - low)
        return
    yield Said(f"{x} of {n}", {("x", *place): 1.0 for place in places}, low, high)
    yield Said(f"of {n}", {("n", *place): 1.0 for place in places}, n, n)


def as_published(play: Recorded, truth: Truth) -> Publication:
    said = [
        statement
        for day, text in to_leads(play)
        for statement in (*rates(text, truth), *evidence(text, truth, sent=day))
    ]
    said += shown(truth)
    room: dict[Cell, int] = {("answered", *place): asked for place, asked in truth.asked.items()}
    groups = [
        Group(f"{team}, {wave}", (("answered", wave, team),), asked, hidden=(wave, team) not in truth.shown)
        for (wave, team), asked in truth.asked.items()
    ]
    for wave in truth.waves:
        everybody = tuple(answers_of(truth, wave))
        groups.append(Group(f"everybody, {wave}", everybody, sum(room[cell] for cell in everybody), hidden=False))
    for kind, wave, team, *stream in {cell for statement in said for cell in statement.weights if cell[0] == "n"}:
        each = ITEMS if stream[0] in {"low", "not_sure"} else 1
        n, x = (kind, wave, team, *stream), ("x", wave, team, *stream)
        room |= {n: each * truth.asked[wave, team], x: each * truth.asked[wave, team]}
        said.append(Said("of those asked", {x: 1.0, n: -1.0}, -np.inf, 0.0))
        said.append(Said("of those who answered", {n: 1.0, ("answered", wave, team): -float(each)}, -np.inf, 0.0))
        few = truth.cells[wave, team, stream[0], stream[1]][1] < K
        groups.append(Group(f"{team}, {wave}, {stream[0]}", (n,), room[n], hidden=few, complement=False))
    return Publication(room, tuple(said), tuple(groups))


def findings(played: tuple[Recorded, Truth]) -> list[Finding]:
    return audit([as_published(*played)], minimum=K)


def test_the_play_said_enough_to_look_at(played: tuple[Recorded, Truth]) -> None:
    published = as_published(*played)
    assert sum(" answered the pulse of" in statement.sentence for statement in published.said) > 10
    assert len(list(shown(played[1]))) > 30
    assert sum(statement.sentence.startswith("of ") for statement in published.said) > 10
    assert any(group.hidden for group in published.groups)


def test_no_number_stands_on_fewer_than_the_minimum(played: tuple[Recorded, Truth]) -> None:
    told = [int(n) for _, text in to_leads(played[0]) for n in NUMBERS.findall(text)]
    assert min(told) >= K


def test_staff_are_told_no_number_of_people(played: tuple[Recorded, Truth]) -> None:
    play, _ = played
    leads = {as_web(lead.address) for lead in play.file.leads}
    thanks = [card.text for _, to, card in play.sent if to not in leads and card.text.startswith("Thank you")]
    assert thanks
    assert not any(NUMBERS.search(text) for text in thanks)


def test_no_hidden_team_can_be_worked_out(played: tuple[Recorded, Truth]) -> None:
    assert [f for f in findings(played) if f.group.hidden and "all but" not in f.sentence] == []


def test_one_line_more_in_each_digest_would_give_small_teams_away(played: tuple[Recorded, Truth]) -> None:
    """The numbers of the teams that are large enough, each of them harmless alone."""
    play, truth = played
    told = as_published(play, truth)
    large = tuple(
        Said(f"{team}, {wave}: {n}", {("answered", wave, team): 1.0}, n, n)
        for (wave, team), n in truth.answered.items()
        if n >= K
    )
    careless = Publication(told.room, (*told.said, *large), told.groups)
    assert any(f.group.hidden for f in audit([careless], minimum=K))


def test_few_who_did_not_answer_are_not_told_either(played: tuple[Recorded, Truth]) -> None:
    assert [f for f in findings(played) if "all but" in f.sentence] == []
