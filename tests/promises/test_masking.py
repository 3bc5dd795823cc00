"""Wherever people type, planted identifiers are taken out before anything is kept, posted or logged, and shown first.

To see it fail: let `bot.conversation.leading.note` act on `turn.written(NOTE)`, or let any verb keep what it was given
without `bot.conversation.masking.masked`.
"""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import structlog
from sqlmodel import Session, select

from adapters.chat import Address, Card, Reply
from bot import logs
from bot.conversation.listen import ACTIONS, COMMANDS, LEAD_ACTIONS, LEAD_COMMANDS
from bot.delivery.contacts import Contact
from bot.insight.alerts import Alert
from bot.storage.database import Database
from bot.storage.migrate import metadata
from surveys import actions, questions
from surveys.golives import Stratum
from surveys.roster import Participant
from surveys.secrecy import reveal
from tests.promises.conftest import LEAD, Practice

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "unit" / "surveys" / "corpus" / "planted_identifiers.toml"
CONCEALED = re.compile(rb"(?:[\w.-]+:)?gAAAA[\w=-]+")  # what `surveys.secrecy` makes of a text
ANA = Address("memory", "desk-1")
ROSTER = ("Maria Lopez", "Will Carter", "José Núñez", "Amy Wong", "Grace Okafor", "Priya Raghunathan")  #: of the corpus


@dataclass(frozen=True, slots=True)
class Typed:
    """A text field, and how what is typed there is kept."""

    action: str
    field: str
    by: Address
    again: bool = False  #: sent a second time to agree to the preview; elsewhere the preview has a form of its own
    sealed: bool = False  #: kept so that only the four words open it


TEAM_FIELDS, LEAD_FIELDS = ("team", "group", "people"), ("lead_name", "lead")
SETTING_UP = {
    "new-teams": ("organisation", "system", "on", "timezone"),
    **dict.fromkeys(("new-team", "new-leads"), TEAM_FIELDS),
    **dict.fromkeys(("new-lead", "new-look"), LEAD_FIELDS),
}
#: (the action that sends it, the field) -> how to send it; None for what is never stored.
FIELDS: Mapping[tuple[str, str], Typed | None] = {
    ("answer", "remark"): Typed("answer", "remark", ANA, again=True),
    ("ask-preview", "question"): Typed("ask-preview", "question", ANA),
    ("ask-confirm", "question"): Typed("ask-confirm", "question", ANA),
    ("reply", "reply"): Typed("reply", "reply", LEAD, again=True),
    ("reply-alone", "reply"): Typed("reply-alone", "reply", LEAD, again=True, sealed=True),
    ("note", "note"): Typed("note", "note", LEAD, again=True),
    ("done", "note"): Typed("done", "note", LEAD, again=True),
    ("find-words", "words"): None,
    ("leave", "first"): None,  # a date, or nothing is kept
    ("leave", "last"): None,
    ("note", "when"): None,
    ("quiet", "from"): None,  # a time, or nothing is kept
    ("quiet", "until"): None,
    ("reschedule", "date"): None,
    # What a go-live is made of stands in its roster, where names belong, and nowhere before it is confirmed.
    **{(step, name): None for step, names in SETTING_UP.items() for name in names},
    ("promise-later", "when"): None,
}
STORED = [typed for typed in FIELDS.values() if typed]
OPENED = [typed for typed in STORED if not typed.sealed]  #: what the bot can read again
PLANTED = [
    (kind, re.sub("[«»]", "", line), re.findall("«(.*?)»", line))
    for kind, block in tomllib.loads(CORPUS.read_text("utf-8")).items()
    for line in block.strip().splitlines()
]
#: One sentence of every kind that is found for certain (`tests/unit/surveys/test_identifiers.py` measures all of them).
SAMPLE = {kind: (sentence, found) for kind, sentence, found in reversed(PLANTED)}


@pytest.fixture
def log() -> Iterator[StringIO]:
    written = StringIO()
    logs.configure("debug", stream=written)
    yield written
    structlog.reset_defaults()


@pytest.fixture
async def desk(practice: Practice, database: Database) -> Practice:
    """The practice with the people of the corpus on its roster, a question that waits, and an alert."""
    await practice.ask(practice.staff[5], "Where is it?")
    with database.begin() as session:
        people = session.exec(select(Participant).order_by(Participant.id)).all()
        for person, name in zip(people[10:], ROSTER, strict=False):
            person.name = name
        golive_id = people[0].golive_id
        questions.release(session, golive_id, before=date.max)
        stratum = session.exec(select(Stratum)).first()
        assert stratum is not None
        assert stratum.id is not None
        session.add(
            Alert(
                golive_id=golive_id, kind="workaround", stratum_id=stratum.id, route="paper",
                raised_on=date(2027, 3, 1), since=date(2027, 3, 1), score=9.0, threshold=3.0, because="7 of 11.",
                assigned_to=session.exec(select(Contact.reader_id).where(Contact.account == LEAD.account)).one(),
            )
        )  # fmt: skip
        actions.act(session, golive_id, text="A printer.", today=date(2027, 3, 1), due=date(2027, 4, 1))
    return practice


def text_fields(card: Card) -> set[tuple[str, str]]:
    names = [field.name for field in card.fields if not field.choices]
    return {(action.name, name) for action in card.actions if action.submits for name in names}


async def cards(practice: Practice) -> list[Card]:
    """Every card that anything can be answered with, to staff and to a lead, and what stands in their chats."""
    found = [*practice.chat.cards(ANA), *practice.chat.cards(LEAD)]
    verbs = {*COMMANDS, *LEAD_COMMANDS, *ACTIONS, *LEAD_ACTIONS} - {"delete-confirm"}
    for person in (ANA, LEAD):
        for verb in sorted(verbs):
            replies = [await practice.chat.press(person, verb), await practice.chat.submit(person, verb)]
            replies.append(await practice.chat.submit(person, verb, values={"question": ("Where?",)}))
            found += [reply.card for reply in replies if reply is not None]
    head = {"organisation": "Beta", "system": "Beta", "on": "2027-03-08", "timezone": "America/New_York"}
    for verb, values in (("new", {}), ("new-teams", head), ("new-leads", {"team": "Desk", "people": "Ann, ann"})):
        reply = await practice.chat.submit(LEAD, verb, values={name: (value,) for name, value in values.items()})
        assert reply is not None
        found.append(reply.card)
    for verb, ref in (("note", "alert:1"), ("done", "alert:1"), ("promise-later", "action:1")):  # forms about something
        reply = await practice.chat.press(LEAD, verb, ref=ref)
        assert reply is not None
        found.append(reply.card)
    return found


async def test_every_text_field_that_the_product_shows_is_in_the_table(desk: Practice) -> None:
    shown: set[tuple[str, str]] = set()
    for card in await cards(desk):
        shown |= text_fields(card)
    assert shown == set(FIELDS)


def test_no_other_place_in_the_code_makes_a_text_field() -> None:
    """Where a card gets a field, its text is one of the table; a new place must come here first."""
    places = {
        f"{path.parent.name}/{path.name}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Field"
        # A table's columns are called Field as well.
        if "adapters.chat import" in path.read_text("utf-8") and "table=True" not in path.read_text("utf-8")
    }
    assert places == {
        "conversation/acting.py", "conversation/answering.py", "conversation/asking.py", "conversation/habits.py",
        "conversation/moving.py", "conversation/promising.py", "conversation/pulses.py",
        "conversation/setting_aside.py", "conversation/setup_cards.py", "conversation/wishes.py",
        "insight/alert_card.py",
    }  # fmt: skip


async def type_in(practice: Practice, typed: Typed, text: str, *, ref: str) -> list[Card]:
    """Type a text, and agree to whatever is shown; the replies."""
    values = {typed.field: (text,)}
    replies: list[Reply | None] = [await practice.chat.submit(typed.by, typed.action, ref=ref, values=values)]
    if typed.again:
        replies.append(await practice.chat.submit(typed.by, typed.action, ref=ref, values=values))
    else:
        agreed = replies[0].card.fields[0].value if replies[0] and replies[0].card.fields else ""
        replies.append(await practice.chat.submit(typed.by, "ask-confirm", values={typed.field: (agreed,)}))
    return [reply.card for reply in replies if reply is not None]


def ref_for(practice: Practice, session: Session, action: str) -> str:
    if action == "answer":
        return practice.prompt(ANA).ref
    if action in {"note", "done"}:
        return f"alert:{session.exec(select(Alert.id)).first()}"
    return f"question:{session.exec(select(questions.Question.key)).first()}"


def everything_kept(database: Database) -> str:
    """Every value of every row, opened with the keys that the bot has."""
    found = []
    with database.session() as session, database.engine.connect() as connection:
        for table in metadata().sorted_tables:
            if table.name in {"participant", "contact", "reader"}:  # where names and addresses belong
                continue
            for row in connection.execute(table.select()):
                found += [opened(session, value) for value in row]
    return "\n".join(found)


def opened(session: Session, value: object) -> str:
    if isinstance(value, bytes | memoryview) and CONCEALED.fullmatch(bytes(value)):
        return reveal(session, bytes(value))
    return str(value)


def is_left(identifier: str, text: str) -> bool:
    text = re.sub(r"\[[a-z -]+\]", "", text)
    telling = [
        word for word in re.findall(r"[\w'’-]+", identifier) if len(word) > 3 or (word.isdigit() and len(word) > 2)
    ]
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in telling)


@pytest.mark.parametrize("kind", sorted(SAMPLE))
async def test_nothing_that_names_somebody_is_kept_posted_or_logged(
    desk: Practice, database: Database, log: StringIO, kind: str
) -> None:
    """Typed into every field in turn; one test a kind, because putting up a practice takes longer than typing."""
    sentence, identifiers = SAMPLE[kind]
    replies: list[Card] = []
    for typed in STORED:
        with database.session() as session:
            ref = ref_for(desk, session, typed.action)
        replies += await type_in(desk, typed, f"{sentence} xylograph", ref=ref)
    await desk.close()
    posted = [card.text for person in (ANA, LEAD, *desk.staff) for card in desk.chat.cards(person)]
    posted += [card.text + "".join(field.value for field in card.fields) for card in replies]
    places = {"kept": everything_kept(database), "posted": "\n".join(posted), "logged": log.getvalue()}
    left = {name: one for name, text in places.items() for one in identifiers if is_left(one, text)}
    assert left == {}
    assert "xylograph" not in places["logged"]


@pytest.mark.parametrize("typed", OPENED, ids=lambda typed: f"{typed.action} {typed.field}")
async def test_what_names_nobody_is_kept(desk: Practice, database: Database, typed: Typed) -> None:
    """Else the test above would look at nothing."""
    with database.session() as session:
        ref = ref_for(desk, session, typed.action)
    await type_in(desk, typed, "The xylograph is in the cupboard.", ref=ref)
    assert "xylograph" in everything_kept(database)


@pytest.mark.parametrize("typed", [typed for typed in OPENED if typed.again], ids=lambda typed: typed.action)
async def test_what_is_masked_is_shown_before_it_is_kept(desk: Practice, database: Database, typed: Typed) -> None:
    with database.session() as session:
        ref = ref_for(desk, session, typed.action)
    values = {typed.field: ("Ask Maria Lopez about the xylograph.",)}
    preview = await desk.chat.submit(typed.by, typed.action, ref=ref, values=values)
    assert preview is not None
    assert "Ask [name] about the xylograph." in preview.card.text
    assert "xylograph" not in everything_kept(database)
    await desk.chat.submit(typed.by, typed.action, ref=ref, values=values)
    assert "Ask [name] about the xylograph." in everything_kept(database)


@pytest.mark.parametrize("typed", [typed for typed in STORED if typed.again], ids=lambda typed: typed.action)
async def test_agreeing_to_one_text_is_not_agreeing_to_another(
    desk: Practice, database: Database, typed: Typed
) -> None:
    with database.session() as session:
        ref = ref_for(desk, session, typed.action)
    for word in ("xylograph", "xylophone"):
        await desk.chat.submit(typed.by, typed.action, ref=ref, values={typed.field: (f"Maria Lopez has a {word}.",)})
    assert "xylo" not in everything_kept(database)


@pytest.mark.parametrize("typed", STORED, ids=lambda typed: f"{typed.action} {typed.field}")
async def test_a_patient_is_never_masked_but_asked_to_be_left_out(
    desk: Practice, database: Database, typed: Typed
) -> None:
    with database.session() as session:
        ref = ref_for(desk, session, typed.action)
    said = "Mrs. Alvarez, born 03/12/1961, has a xylograph."
    reply = await desk.chat.submit(typed.by, typed.action, ref=ref, values={typed.field: (said,)})
    assert reply is not None
    assert reply.card.text == (
        "That looks like it names a patient. Please say it without, then send again. Nothing was stored."
    )
    assert "xylograph" not in everything_kept(database)


@pytest.mark.parametrize(("action", "field"), [key for key, typed in FIELDS.items() if typed is None])
async def test_what_is_never_stored_is_not(
    desk: Practice, database: Database, log: StringIO, action: str, field: str
) -> None:
    await desk.chat.submit(ANA, action, values={"first": ("x",), "last": ("y",), field: ("xylograph three seven one",)})
    assert "xylograph" not in everything_kept(database) + log.getvalue()
