"""Every word and every press, by everybody, on the objects of another go-live: the reply each gets, and no row changed.

To see it fail: let `surveys.questions.seen` leave out the comparison of the go-live, let `bot.leading` leave
it out in `move_on`, or let `bot.conversation.listen.verb_for` leave out `sender.is_lead`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from adapters.chat import Address
from bot.conversation.listen import ACTIONS, COMMANDS, LEAD_ACTIONS, LEAD_COMMANDS, READER_COMMANDS
from bot.conversation.setting_up import STEPS
from bot.insight.alerts import Alert
from bot.loading import load
from bot.storage.database import Database
from bot.texts import texts
from surveys import actions, questions
from surveys.golives import GoLive, Stratum
from surveys.invitations import Invitation
from surveys.questions import Question
from surveys.receipts import Receipt, derive
from surveys.waves import Wave
from tests.integration.conftest import Files
from tests.promises.conftest import Practice

#: An administrator has the shell and no seat in the chat: there they are whoever else they are, or nobody.
ROLES = {
    "lead": Address("memory", "lead"),
    "manager": Address("memory", "nursing-manager"),
    "participant": Address("memory", "desk-1"),
    "nobody": Address("memory", "stranger"),
}
OBJECTS = ("question", "alert", "action", "date", "invitation", "receipt")
SOME_WEEKS_BEFORE = datetime(2027, 1, 12, 9, tzinfo=UTC)
WORDS = ("maple", "drift", "seven", "lantern")
GIVEN = {
    "reply": "Mine now.",
    "note": "Mine now.",
    "to": "1",
    "when": "2027-03-09",
    "reason": "insult",
    "question": "Where is it?",
    "words": "one two three",
    "remark": "Hello.",
    "pause": "week",
    "from": "13:00",
    "until": "14:00",
    "language": "en",
    "date": "2027-03-08",
    "first": "2027-03-08",
    "last": "2027-03-09",
}

STRANGER, NOT_YOURS = "welcome-stranger", "not-for-you"
GONE, TAKEN, OUT, KEPT = "question-gone", "alert-taken", "error-no-such-question", "promise-gone"
#: What a verb says to lead, manager and participant, of whom the first is not asked. None: a card of their own.
WISHES = {"pause": "paused", "resume": "resumed", "leave": "leave-taken", "stop": "stopped", "start": "started"}
SAYS: dict[str, tuple[str | None, str | None, str | None]] = {
    **dict.fromkeys(("help", "privacy", "ask", "find", "answers", "ask-preview", "ask-confirm"), (None, None, None)),
    "home": (None, None, None),
    "language": (None, None, None),
    "quiet": ("error-not-asked", "quiet-set", "quiet-set"),
    "quiet-end": ("error-not-asked", "quiet-ended", "quiet-ended"),
    **{wish: ("error-not-asked", told, told) for wish, told in WISHES.items()},
    "delete": ("error-not-asked", None, None),
    "delete-confirm": ("error-not-asked", "deleted", "deleted"),
    **dict.fromkeys(LEAD_COMMANDS, (None, NOT_YOURS, NOT_YOURS)),
    **dict.fromkeys(READER_COMMANDS, (None, None, NOT_YOURS)),
    "answer": ("error-not-invited", None, None),
    "find-words": (OUT, OUT, OUT),
    # Whoever holds the words of a receipt holds the question, in whichever go-live: `BEARER` below tries them.
    **dict.fromkeys(("tell-me", "solved", "not-solved", "question-delete"), (None, None, None)),
    **dict.fromkeys(
        ("reply", "reply-alone", "reply-change", "reply-withdraw", "set-aside"), (GONE, NOT_YOURS, NOT_YOURS)
    ),
    **dict.fromkeys(("acknowledge", "assign", "sanction", "dismiss", "note"), (TAKEN, NOT_YOURS, NOT_YOURS)),
    "reschedule-confirm": ("reschedule-refused", NOT_YOURS, NOT_YOURS),
    **dict.fromkeys(("promise-kept", "promise-later"), (KEPT, NOT_YOURS, NOT_YOURS)),
    "done": (TAKEN, TAKEN, TAKEN),  # whoever an alert was given to
}
#: Where there is a go-live, only those who lead one set up another, and never in the place of one that exists.
SAYS |= dict.fromkeys(STEPS, (None, "setup-not-allowed", "setup-not-allowed"))
BEARER = {"tell-me", "solved", "not-solved", "question-delete"}
VERBS = sorted({*COMMANDS, *LEAD_COMMANDS, *READER_COMMANDS, *ACTIONS, *LEAD_ACTIONS, *STEPS})

Rows = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Two:
    """The practice of everybody in ROLES, and another go-live with one of everything that a card can speak of."""

    own: Practice
    refs: dict[str, str]
    rows: Callable[[], Rows]  #: of the other go-live

    async def tries(self, role: str, verb: str, ref: str) -> str:
        """Send a filled-in card with this ref, as nobody's page would offer it."""
        values = {name: (value,) for name, value in GIVEN.items()}
        reply = await self.own.chat.submit(ROLES[role], verb, ref=ref, values=values)
        assert reply is not None
        return reply.card.text


@pytest.fixture
async def two(practice: Practice, database: Database, tmp_path: Path, evening: datetime) -> Two:
    other = Files(tmp_path / "other", system="Beta", leads=("beta",), teams={"Desk": ("Zoe Lang", "Yan Petit")})
    with database.begin() as session:
        load(session, other.read(now=SOME_WEEKS_BEFORE), now=evening, platforms={"memory"})
    practice.clock.advance(timedelta(minutes=1))
    await practice.bot.tick()
    with database.begin() as session:
        golive = session.exec(select(GoLive).where(GoLive.system == "Beta")).one()
        assert golive.id is not None
        number = golive.id
        mailbox, key = derive(WORDS, pepper=database.keys.receipts, work=database.keys.guess)
        receipt = Receipt(WORDS, mailbox, bytes(key.public_key))
        questions.ask(session, golive_id=golive.id, text="Where?", receipt=receipt, today=evening.date())
        (question,) = questions.release(session, golive.id, before=date.max)
        stratum = session.exec(select(Stratum).where(Stratum.golive_id == golive.id)).one()
        assert stratum.id is not None
        alert = Alert(
            golive_id=golive.id, kind="workaround", stratum_id=stratum.id, route="paper", raised_on=evening.date(),
            since=evening.date(), score=9.0, threshold=3.0, because="Since Monday, 7 of 11 name paper lists.",
        )  # fmt: skip
        session.add(alert)
        session.flush()
        waves = select(Wave.id).where(Wave.golive_id == golive.id)
        action = actions.act(session, number, text="A printer.", today=evening.date(), due=date.max)
        invitation = session.exec(select(Invitation).where(col(Invitation.wave_id).in_(waves))).first()
        assert invitation is not None
        refs = {
            "question": f"question:{question.key}",
            "alert": f"alert:{alert.id}",
            "action": f"action:{action.id}",
            "date": f"moves.{number}:2027-03-09",
            "invitation": invitation.key,
            "receipt": mailbox,
        }
    return Two(practice, refs, lambda: rows_of(database, number))


def rows_of(database: Database, golive_id: int) -> Rows:
    """Everything that belongs to one go-live."""
    people = f"SELECT id FROM participant WHERE golive_id = {golive_id}"
    waves = f"SELECT id FROM wave WHERE golive_id = {golive_id}"
    whose = {
        **dict.fromkeys(
            ("question", "alert", "action", "participant", "reader", "contact"), f"golive_id = {golive_id}"
        ),
        **dict.fromkeys(("response", "remark", "invitation"), f"wave_id IN ({waves})"),
        "leave": f"participant_id IN ({people})",
        "golive": f"id = {golive_id}",
    }
    with database.engine.connect() as connection:
        return {
            table: sorted(
                (tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} WHERE {of}"))), key=repr
            )
            for table, of in whose.items()
        }


def expected(verb: str, role: str) -> str | None:
    if role == "nobody":
        return "setup-not-allowed" if verb in STEPS else STRANGER
    return SAYS[verb][("lead", "manager", "participant").index(role)]


def begins(key: str) -> str:
    """The first words of a sentence, before its first fact."""
    facts = {"until": "\0", "first": "\0", "last": "\0", "from": "\0"}
    return texts("en")(key, **facts).split("\0")[0]


def test_every_verb_has_its_row() -> None:
    assert set(VERBS) == set(SAYS)


def test_no_word_and_no_press_is_in_two_tables() -> None:
    assert len(VERBS) == sum(map(len, (COMMANDS, LEAD_COMMANDS, READER_COMMANDS, ACTIONS, LEAD_ACTIONS, STEPS)))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("thing", OBJECTS)
async def test_whoever_tries_what_is_of_another_golive_is_told_so_and_changes_nothing(
    two: Two, role: str, thing: str
) -> None:
    """One test a role and object rather than a verb, because putting up two go-lives takes longer than trying."""
    before = two.rows()
    surprises = []
    for verb in VERBS:
        if verb in BEARER and thing == "receipt" and role != "nobody":
            continue
        told = await two.tries(role, verb, two.refs[thing])
        key = expected(verb, role)
        if key is not None and not told.startswith(begins(key)):
            surprises.append(f"{verb}: {told}")
    assert surprises == []
    assert two.rows() == before


@pytest.mark.parametrize("role", ["lead", "manager", "participant"])
async def test_an_answer_to_a_pulse_of_another_golive_is_not_taken(two: Two, role: str) -> None:
    told = await two.tries(role, "answer", two.refs["invitation"])
    assert told == texts("en")("error-not-invited")


@pytest.mark.parametrize("role", [role for role in ROLES if role != "nobody"])
@pytest.mark.parametrize("verb", sorted(BEARER))
async def test_a_receipt_is_the_question_whoever_holds_it(two: Two, role: str, verb: str) -> None:
    """A receipt names nobody, so nobody can be told apart; and without it the mailbox is 256 bits away."""
    assert await two.tries(role, verb, two.refs["receipt"]) != texts("en")(OUT)


@pytest.mark.parametrize("verb", sorted(BEARER))
async def test_the_name_under_which_a_lead_replies_opens_no_mailbox(two: Two, verb: str) -> None:
    before = two.rows()
    for ref in (two.refs["question"], two.refs["question"].removeprefix("question:")):
        await two.tries("lead", verb, ref)
    assert two.rows() == before


@pytest.mark.parametrize("role", ["manager", "participant"])
@pytest.mark.parametrize("verb", [*LEAD_COMMANDS, *LEAD_ACTIONS])
async def test_what_is_for_leads_is_for_no_one_else_in_their_own_golive_either(
    practice: Practice, database: Database, role: str, verb: str
) -> None:
    await practice.ask(practice.staff[1], "Where is it?")
    with database.begin() as session:
        golive_id = session.exec(select(GoLive.id)).one()
        assert golive_id is not None
        (question,) = questions.release(session, golive_id, before=date.max)
        ref = f"question:{question.key}"
    values = {name: (value,) for name, value in GIVEN.items()}
    for reply in (
        await practice.chat.submit(ROLES[role], verb, ref=ref, values=values),
        await practice.chat.press(ROLES[role], verb, ref=ref),
    ):
        assert reply is not None
        assert reply.card.text == texts("en")(NOT_YOURS)
    with database.session() as session:
        assert session.exec(select(Question.state)).one() == "released"


@pytest.mark.parametrize("role", ["manager", "participant", "nobody"])
@pytest.mark.parametrize("word", sorted(LEAD_COMMANDS))
async def test_typing_a_word_for_leads_tells_nobody_else_anything(practice: Practice, role: str, word: str) -> None:
    reply = await practice.chat.say(ROLES[role], word)
    assert reply is not None
    assert reply.card.text == texts("en")("welcome-stranger" if role == "nobody" else "not-understood")


@pytest.mark.parametrize("role", ["lead", "manager", "participant", "nobody"])
async def test_nobody_is_shown_the_questions_of_another_golive(two: Two, role: str) -> None:
    for word in sorted({*COMMANDS, *LEAD_COMMANDS, *READER_COMMANDS}):
        reply = await two.own.chat.say(ROLES[role], word)
        assert reply is not None
        assert "Where?" not in reply.card.text
        assert "paper lists" not in reply.card.text


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "question:",
        "alert:",
        "alert:0",
        "alert:99999999999999",
        "alert:1.x",
        "action:0",
        "action:",
        "question:\u0661",
        "x" * 5000,
    ],
)
@pytest.mark.parametrize("role", ["lead", "participant"])
async def test_a_ref_that_is_none_gets_a_sentence(two: Two, role: str, ref: str) -> None:
    before = two.rows()
    for verb in VERBS:
        assert (await two.tries(role, verb, ref)).strip()
    assert two.rows() == before
