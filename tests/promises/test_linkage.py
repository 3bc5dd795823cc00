"""With all that lies on the disk after sealing, and the true order in hand, answers are matched to people by chance.

The thief knows more than thieves do: in which order 200 people answered, and the table of invitations as it was
before. They try the order of rows and of bytes, transactions, keys, lengths and times, and on PostgreSQL its log.

What does not hold: until a wave is sealed, both engines' logs show the order of commits and which invitation went
with which answer; on SQLite they are emptied with every tick. PostgreSQL removes what its log said before sealing only
if the bot's role may switch and checkpoint it, and if `wal_recycle` is off; copies of the log elsewhere stay.

To see it fail: write the keys in `surveys.sealing.seal` as they come, or take the log out of `Database.scrub_now`.
"""

import random
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import col, delete, select

from bot.storage.database import Database, let_log_go
from surveys.golives import Team
from surveys.instruments import Answer, Remark
from surveys.invitations import Disposition, Invitation, Turnout, invite, settle
from surveys.responses import GivenAnswer, GivenRemark, Response, submit
from surveys.roster import Participant
from surveys.sealing import SEALED_TABLES, seal
from surveys.secrecy import reveal
from surveys.waves import Wave, WaveState

PEOPLE = 200
SHUFFLES = 19_999
LIMIT = 0.01  #: of a p-value, corrected for how many were looked at
SEEN = 0.7  #: a rank correlation that nobody mistakes for chance
SCRUBBED = (*SEALED_TABLES, "invitation")
MARK = re.compile(rb"person-(\d{3})")

Order = Sequence[int]
Scores = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Loot:
    """What is known about who answered, and what was found that might tell whose an answer is."""

    known: Mapping[str, Order]  #: person by person, in an order the thief has in hand
    found: Mapping[str, Order]  #: person by person, as a channel lists their answers


def answered(database: Database, wave: Wave) -> dict[str, Order]:
    """Let 200 people answer in an order of their own, each in a transaction, each saying which number they are."""
    with database.begin() as session:
        team = session.exec(select(Team).where(Team.golive_id == wave.golive_id).order_by(col(Team.id))).first()
        session.exec(delete(Invitation))
        known = session.exec(select(Participant).where(col(Participant.name).startswith("Person "))).all()
        people = list(known) or [
            Participant(golive_id=wave.golive_id, team_id=team.id, name=f"Person {n}", timezone="UTC")
            for n in range(PEOPLE)
        ]
        session.add_all(people)
        session.flush()
        number = {person.id: int(person.name.removeprefix("Person ")) for person in people}
        invitations = {number[row.participant_id]: row.key for row in invite(session, wave.id, people)}
    came = random.sample(range(PEOPLE), PEOPLE)
    for n in came:
        with database.begin() as session:
            settle(session, invitations[n], Disposition.COMPLETE)
            answers = [Answer("n", "n", f"person-{n:03}"), *(Answer(f"item{i}", "n", "4") for i in range(6))]
            remark = Remark("remark", f"{n} " + "x" * (n % 190))
            submit(session, wave_id=wave.id, stratum_id=team.stratum_id, answers=answers, remarks=[remark])
    return {
        "the order of answering": came,
        "the roster": list(range(PEOPLE)),
        "the keys of the invitations": sorted(invitations, key=invitations.__getitem__),
    }


def people_in(raw: bytes) -> tuple[list[int], list[int]]:
    """In which order people's answers stand first in bytes, and in which last."""
    places = [(found.start(), int(found[1])) for found in MARK.finditer(raw)]
    first = list(dict.fromkeys(n for _, n in places))
    last = list(dict.fromkeys(n for _, n in reversed(places)))[::-1]
    return first, last


def values(database: Database, *, order: str) -> list[int]:
    """Person by person, as the database itself lists their answers."""
    statement = (
        "SELECT answer.value FROM answer JOIN response ON response.key = answer.response_key "
        f"WHERE answer.item = 'n' {order}"
    )
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(statement).scalars()
        return [int(value.removeprefix("person-")) for value in found]


def remarks(database: Database, *, order: str, by: Callable[[bytes], int] | None = None) -> list[int]:
    with database.session() as session:
        tokens = [bytes(t) for t in session.connection().exec_driver_sql(f"SELECT text FROM remark {order}").scalars()]
        return [int(reveal(session, token).split()[0]) for token in (sorted(tokens, key=by) if by else tokens)]


def time_of(token: bytes) -> int:
    """What a Fernet token says of when it was made."""
    return int.from_bytes(urlsafe_b64decode(token.rpartition(b":")[2])[1:9], "big")


def loot(database: Database, server: str | None) -> dict[str, Order]:
    """Every channel that the engine offers."""
    found = {
        "keys of responses": values(database, order="ORDER BY response.key"),
        "answers by their key": values(database, order="ORDER BY answer.response_key"),
        "keys of remarks": remarks(database, order="ORDER BY key"),
        "length of remarks": remarks(database, order="", by=len),
        "time in remarks": remarks(database, order="", by=time_of),
    }
    return found | (sqlite_loot(database) if server is None else postgres_loot(database, Path(server)))


def sqlite_loot(database: Database) -> dict[str, Order]:
    path = str(database.engine.url.database)
    first, last = people_in(Path(path).read_bytes())
    log = Path(f"{path}-wal")
    in_log, last_in_log = people_in(log.read_bytes() if log.exists() else b"")
    return {
        "rows as they come": values(database, order=""),
        "first place in the file": first,
        "last place in the file": last,
        "first place in the log": in_log,
        "last place in the log": last_in_log,
        "pages of the file": by_pages(database),
    }


def by_pages(database: Database) -> list[int]:
    """Page by page as the tree has them, whichever order they have in the file."""
    raw = Path(str(database.engine.url.database)).read_bytes()
    with database.engine.connect() as connection:
        try:
            rows = connection.exec_driver_sql(
                "SELECT pgno, pgsize FROM dbstat WHERE name = 'answer' ORDER BY path"
            ).all()
        except Exception:  # noqa: BLE001  # not compiled in everywhere
            return []
    return people_in(b"".join(raw[(page - 1) * size : page * size] for page, size in rows))[0]


def postgres_loot(database: Database, server: Path) -> dict[str, Order]:
    log = b"".join(path.read_bytes() for path in sorted((server / "pg_wal").glob("0*")))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")  # the files as they will be
        heap, index = connection.exec_driver_sql(
            "SELECT pg_relation_filepath('answer'), pg_relation_filepath('pk_answer')"
        ).one()
    first, last = people_in((server / heap).read_bytes())
    first_in_index, last_in_index = people_in((server / index).read_bytes())
    in_log, last_in_log = people_in(log)
    return {
        "places of answers": values(database, order="ORDER BY answer.ctid"),
        "places of responses": values(database, order="ORDER BY response.ctid"),
        "places of remarks": remarks(database, order="ORDER BY ctid"),
        "transactions of answers": values(database, order="ORDER BY answer.xmin::text::bigint, answer.xmax::text"),
        "transactions of responses": values(database, order="ORDER BY response.xmin::text::bigint"),
        "transactions of remarks": remarks(database, order="ORDER BY xmin::text::bigint"),
        "first place in the file": first,
        "last place in the file": last,
        "first place in the index": first_in_index,
        "last place in the index": last_in_index,
        "first place in the log": in_log,
        "last place in the log": last_in_log,
    }


def scores(known: Order, found: Order) -> tuple[float, float]:
    """How alike two orders of the same people are: rank correlation, and how many stand at most one place off."""
    place = {n: i for i, n in enumerate(known)}
    ranks, own = np.array([place[n] for n in found]), np.arange(len(found))
    return abs(float(np.corrcoef(ranks, own)[0, 1])), float(np.sum(np.abs(ranks - own) <= 1))


@cache
def by_chance() -> tuple[Scores, Scores]:
    """The scores of shuffles, the lowest first."""
    chance = np.random.default_rng(1)
    shuffled = [scores(range(PEOPLE), chance.permutation(PEOPLE).tolist()) for _ in range(SHUFFLES)]
    correlations, hits = (np.sort(np.array(column)) for column in zip(*shuffled, strict=True))
    return correlations, hits


def p_values(loot: Loot) -> dict[str, float]:
    """For every channel and everything known: how often chance does as well, corrected for how many were looked at."""
    correlations, hits = by_chance()
    whole = {name: found for name, found in loot.found.items() if len(found) == PEOPLE}
    tests = 2 * len(whole) * len(loot.known)
    p = {}
    for channel, found in whole.items():
        for name, known in loot.known.items():
            correlation, hit = scores(known, found)
            as_good = SHUFFLES - max(np.searchsorted(correlations, correlation), np.searchsorted(hits, hit))
            p[f"{channel} against {name}"] = min(1.0, (1 + int(as_good)) / (1 + SHUFFLES) * tests)
    return p


@pytest.fixture
def folder(engine_name: str, request: pytest.FixtureRequest, database: Database) -> Iterator[str | None]:
    """Where PostgreSQL keeps its files, set up as the operator's guide says; and fresh pages to begin with."""
    if engine_name == "sqlite":
        yield None
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"TRUNCATE {', '.join(SEALED_TABLES)} CASCADE")
        let_log_go(connection)  # what other tests wrote
        yield connection.exec_driver_sql("SHOW data_directory").scalar_one()
        for statement in ("ALTER SYSTEM RESET wal_recycle", "SELECT pg_reload_conf()"):
            connection.exec_driver_sql(statement)


def sealed(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        seal(session, wave.id)
    database.scrub_now(SCRUBBED)


def suspicious(database: Database, wave: Wave, folder: str | None) -> set[str]:
    """Channels by which the thief did better than chance."""
    known = answered(database, wave)
    sealed(database, wave)
    found = loot(database, folder)
    assert {name for name, order in found.items() if len(order) == PEOPLE} >= {"keys of responses", "time in remarks"}
    return {name for name, p in p_values(Loot(known, found)).items() if p <= LIMIT}


def open_again(database: Database, wave: Wave) -> None:
    with database.begin() as session:
        for table in (GivenAnswer, Response, GivenRemark, Turnout):
            session.exec(delete(table))
        session.get_one(Wave, wave.id).state = WaveState.OPEN
    database.rewrite_now(SCRUBBED)


def test_on_all_channels_the_thief_does_no_better_than_chance(
    database: Database, wave: Wave, folder: str | None
) -> None:
    """Once in a hundred times chance alone looks like a leak; a leak that is one looks like it twice."""
    once = suspicious(database, wave, folder)
    if once:
        open_again(database, wave)
        once &= suspicious(database, wave, folder)
    assert once == set()


def test_nothing_is_left_in_the_log_of_the_engine(database: Database, wave: Wave, folder: str | None) -> None:
    """Neither whole nor in part: there an answer stands beside the invitation that it settled."""
    answered(database, wave)
    sealed(database, wave)
    assert loot(database, folder)["first place in the log"] == []


def test_the_thief_finds_everybody_where_nothing_was_sealed(database: Database, wave: Wave, folder: str | None) -> None:
    """Else the tests above would prove nothing: the log tells the true order, and on PostgreSQL so do the rows."""
    known = answered(database, wave)
    found = loot(database, folder)
    came = known["the order of answering"]
    telling = {
        "sqlite": ["first place in the log"],
        "postgresql": [
            "first place in the log",
            "places of answers",
            "transactions of responses",
            "first place in the file",
        ],
    }
    seen = {
        name: scores([n for n in came if n in set(found[name])], found[name])[0]
        for name in telling[database.engine.dialect.name]
    }
    assert min(seen.values()) > SEEN, seen


def test_chance_is_judged_well() -> None:
    """Orders that really are by chance fall under the limit no more often than the limit says."""
    chance = random.Random(5)
    low = 0
    for _ in range(100):
        known, found = ({str(n): chance.sample(range(PEOPLE), PEOPLE) for n in range(3)} for _ in range(2))
        low += min(p_values(Loot(known, found)).values()) <= LIMIT
    assert low <= 4
