"""Two weeks of a go-live with every logger at DEBUG: nobody's words, nobody's account, name or address in the log.

To see it fail: let `bot.logs.keep_allowed` return the event as it came.
"""

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
import structlog

from adapters.chat import Incoming, Reply, Submitted
from bot import logs
from bot.loading import load
from bot.rehearsal.lead import DONE, REPLIES
from bot.rehearsal.play import PRACTICE, Play, Rehearsal, in_the_web_chat
from bot.rehearsal.staff import QUESTIONS, REMARKS
from bot.settings import Settings
from bot.setup import open_database
from surveys.bank import load_bank
from surveys.golive_file import GoLiveFile, read_golive

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("log of a rehearsal")]

GOLIVE = date(2027, 3, 1)
BEGIN = datetime.combine(GOLIVE - timedelta(days=4), time(11), tzinfo=UTC)
LAST_DAY = 4
PLATFORMS = ("slack_bolt.App", "botbuilder.core")  #: what the libraries of the platforms write at DEBUG
LIBRARIES = (*logs.QUIET, *PLATFORMS, "uvicorn", "uvicorn.error", "sqlalchemy.orm", "alembic", "apscheduler.scheduler")


@dataclass(frozen=True, slots=True)
class Kept:
    """What an operator has, and what would be there if everything were printed."""

    log: str
    everything: str
    file: GoLiveFile

    @property
    def accounts(self) -> set[str]:
        listed = [*(line.address for line in self.file.roster), *(lead.address for lead in self.file.leads)]
        return {address.partition(":")[2] for address in listed}

    @property
    def names(self) -> set[str]:
        return {line.person for line in self.file.roster} | {lead.name for lead in self.file.leads}


def named(text: str, sought: set[str]) -> list[str]:
    """Which of these stand in a text as words of their own."""
    words = set(re.findall(r"[\w-]+", text))
    return [one for one in sought if one in words or (" " in one and re.search(rf"{re.escape(one)}\b", text))]


async def play_days(play: Play) -> None:
    conversation = play.application.conversation
    hear = conversation.hear

    async def talkative(incoming: Incoming) -> Reply | None:
        """As the platforms' libraries do it: one puts the payload into the text, the other into an argument."""
        logging.getLogger(PLATFORMS[0]).debug(f"Received a payload: {incoming}")  # noqa: G004  # that is the point
        logging.getLogger(PLATFORMS[1]).debug("Turn begins: %s", incoming)
        structlog.get_logger("bot").debug("heard", account=incoming.sender.account, text=str(incoming))
        try:
            raise ValueError(str(incoming))  # noqa: TRY301  # a mistake that quotes what came in
        except ValueError:
            logging.getLogger(PLATFORMS[0]).exception("failed")
            structlog.get_logger("bot").exception("failed", incoming=incoming, reason=said(incoming))
        return await hear(incoming)

    async with play.application.running():
        for moment in play.moments(until=GOLIVE + timedelta(days=LAST_DAY)):
            play.clock.set(moment)
            await play.application.tick()
            await play.company.play(lambda incoming: play.stage.act(incoming, talkative), now=moment, day=play.day)


def said(incoming: Incoming) -> str:
    """A field that is allowed, put to a use that is not."""
    return (
        " ".join(word for given in incoming.values.values() for word in given)
        if isinstance(incoming, Submitted)
        else ""
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("log")
    file = in_the_web_chat(read_golive(PRACTICE, today=GOLIVE))
    names = [*logging.root.manager.loggerDict, *LIBRARIES]
    before = {name: logging.getLogger(name).level for name in names}
    root, level, handlers = logging.getLogger(), logging.getLogger().level, list(logging.getLogger().handlers)
    log, everything = StringIO(), StringIO()
    logs.configure("debug", stream=log)
    root.addHandler(logging.StreamHandler(everything))
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.DEBUG)
    database = open_database(Settings(database_url=f"sqlite:///{folder / 'pulse.db'}", keys=folder / "pulse.keys"))
    with database.begin() as session:
        load(session, file, now=BEGIN, platforms={"web"})
    asyncio.run(play_days(Play(Rehearsal(until=60), file, database=database, bank=load_bank())))
    database.close()
    yield Kept(log.getvalue(), everything.getvalue(), file)
    for name, was in before.items():
        logging.getLogger(name).setLevel(was)
    root.level, root.handlers = level, handlers
    structlog.reset_defaults()


def test_nothing_that_anybody_wrote_is_in_the_log(kept: Kept) -> None:
    assert [text for text in (*REMARKS, *QUESTIONS, *REPLIES, DONE) if text in kept.log] == []


def test_nobodys_account_is_in_the_log(kept: Kept) -> None:
    assert named(kept.log, kept.accounts) == []


def test_nobodys_name_is_in_the_log(kept: Kept) -> None:
    assert named(kept.log, kept.names) == []


def test_no_address_is_in_the_log(kept: Kept) -> None:
    assert "web:" not in kept.log


def test_no_answer_is_in_the_log(kept: Kept) -> None:
    """Neither with an account nor without: no line speaks of an item of the bank."""
    assert named(kept.log, set(load_bank().by_name)) == []


def test_the_log_tells_an_operator_what_happened(kept: Kept) -> None:
    seen = [name for name in ("delivered", "running", "failed", *PLATFORMS, "sqlalchemy.engine") if name in kept.log]
    assert seen == ["delivered", "running", "failed", *PLATFORMS, "sqlalchemy.engine"]


def test_all_of_it_would_be_there_if_everything_were_printed(kept: Kept) -> None:
    """Else the tests above would prove nothing: what people wrote, their accounts, and both in one line."""
    written = {text for text in (*REMARKS, *QUESTIONS, *REPLIES) if text in kept.everything}
    telling = "\n".join(line for line in kept.everything.splitlines() if any(text in line for text in written))
    assert len(written) > 8
    assert len(named(kept.everything, kept.accounts)) > 30
    assert len(named(telling, kept.accounts)) > 8
