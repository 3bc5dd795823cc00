"""Questions: held, let go in batches, answered once for everybody, found again by four words."""

from collections import Counter
from datetime import date
from itertools import count

import pytest
from nacl.public import PrivateKey
from sqlmodel import Session, select

from bot.storage.database import Database
from surveys import questions
from surveys.errors import NoSuchQuestion, QuestionRefused
from surveys.golives import GoLive
from surveys.questions import MAX_LENGTH, Question, QuestionState
from surveys.receipts import Receipt
from surveys.secrecy import reveal

TODAY = date(2027, 3, 2)
_mailboxes = count(1)


def mailbox() -> tuple[Receipt, PrivateKey]:
    """A receipt without the tenth of a second that deriving one takes."""
    key = PrivateKey.generate()
    return Receipt(("a", "b", "c", "d"), f"mailbox-{next(_mailboxes)}", bytes(key.public_key)), key


def asked(session: Session, golive: GoLive, text: str = "Where do refills go?", *, on: date = TODAY) -> Receipt:
    receipt, _ = mailbox()
    questions.ask(session, golive_id=golive.id, text=text, receipt=receipt, today=on)
    return receipt


def released(session: Session, golive: GoLive, texts: list[str]) -> list[str]:
    for text in texts:
        asked(session, golive, text)
    return [reveal(session, question.text) for question in questions.release(session, golive.id)]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (MAX_LENGTH + 1)])
def test_an_empty_or_endless_question_is_refused(database: Database, golive: GoLive, text: str) -> None:
    with database.begin() as session:
        with pytest.raises(QuestionRefused):
            asked(session, golive, text)
        assert session.exec(select(Question)).all() == []


@pytest.mark.parametrize(
    "text", ["x" * MAX_LENGTH, "\u0645\u0631\u062d\u0628\u0627", "\N{FACE WITH TEARS OF JOY}" * 500]
)
def test_a_question_in_any_script_comes_back_as_it_was(database: Database, golive: GoLive, text: str) -> None:
    receipt, key = mailbox()
    with database.begin() as session:
        questions.ask(session, golive_id=golive.id, text=text, receipt=receipt, today=TODAY)
    with database.session() as session:
        assert questions.find(session, receipt.mailbox, key).text == text


def test_two_questions_wait_for_a_third(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        assert released(session, golive, ["one", "two"]) == []


def test_three_questions_go_together(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        assert sorted(released(session, golive, ["one", "two", "three"])) == ["one", "three", "two"]


def test_in_the_morning_the_questions_of_earlier_days_go_however_few(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        asked(session, golive, "yesterday", on=date(2027, 3, 1))
        asked(session, golive, "today", on=TODAY)
        batch = questions.release(session, golive.id, before=TODAY)
        assert [reveal(session, question.text) for question in batch] == ["yesterday"]


def test_a_question_is_let_go_once(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        released(session, golive, ["one", "two", "three"])
        assert questions.release(session, golive.id) == []


def test_the_order_of_release_says_nothing_about_the_order_of_asking(database: Database, golive: GoLive) -> None:
    """Over 60 batches of three each place is taken by the first asker 20 times; 5 or fewer is one in 40 000."""
    places: Counter[int] = Counter()
    with database.begin() as session:
        for n in range(60):
            places[released(session, golive, [f"{n} first", "second", "third"]).index(f"{n} first")] += 1
    assert min(places[place] for place in range(3)) > 5


def test_a_reply_is_found_by_the_receipt_and_read_by_everybody(database: Database, golive: GoLive) -> None:
    receipt, key = mailbox()
    with database.begin() as session:
        questions.ask(session, golive_id=golive.id, text="Where?", receipt=receipt, today=date(2027, 3, 1))
        (question,) = questions.release(session, golive.id, before=TODAY)
        questions.reply(session, question.key, golive_id=golive.id, text=" In the queue. ", today=TODAY)
    with database.session() as session:
        found = questions.find(session, receipt.mailbox, key)
        (shown,) = questions.published(session, golive.id)
    assert (found.reply, shown.reply, shown.text, shown.day) == ("In the queue.", "In the queue.", "Where?", TODAY)


@pytest.fixture
def waiting(database: Database, golive: GoLive) -> str:
    """The key of a released question."""
    with database.begin() as session:
        asked(session, golive, on=date(2027, 3, 1))
        (question,) = questions.release(session, golive.id, before=TODAY)
        return question.key


def test_a_held_question_cannot_be_answered(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        asked(session, golive)
        key = session.exec(select(Question.key)).one()
        with pytest.raises(NoSuchQuestion):
            questions.reply(session, key, golive_id=golive.id, text="Here.", today=TODAY)


def test_the_question_of_another_golive_cannot_be_answered(database: Database, golive: GoLive, waiting: str) -> None:
    with database.begin() as session, pytest.raises(NoSuchQuestion):
        questions.reply(session, waiting, golive_id=golive.id + 1, text="Here.", today=TODAY)


def test_an_unknown_question_cannot_be_answered(database: Database, golive: GoLive) -> None:
    with database.begin() as session, pytest.raises(NoSuchQuestion):
        questions.reply(session, "nothing", golive_id=golive.id, text="Here.", today=TODAY)


@pytest.mark.parametrize("text", ["", " ", "x" * (MAX_LENGTH + 1)])
def test_an_empty_or_endless_reply_is_refused(database: Database, golive: GoLive, waiting: str, text: str) -> None:
    with database.begin() as session, pytest.raises(QuestionRefused):
        questions.reply(session, waiting, golive_id=golive.id, text=text, today=TODAY)


def test_words_that_open_nothing_say_so(database: Database, golive: GoLive) -> None:
    with database.session() as session, pytest.raises(NoSuchQuestion):
        questions.find(session, "unknown", PrivateKey.generate())


def state_of(database: Database) -> tuple[str, bool | None]:
    with database.session() as session:
        question = session.exec(select(Question)).one()
        return question.state, question.solved


def replied(database: Database, golive: GoLive, key: str) -> str:
    with database.begin() as session:
        questions.reply(session, key, golive_id=golive.id, text="Here.", today=TODAY)
        return session.get_one(Question, key).mailbox


def test_a_solved_question_rests(database: Database, golive: GoLive, waiting: str) -> None:
    mailbox_id = replied(database, golive, waiting)
    with database.begin() as session:
        questions.say_solved(session, mailbox_id, solved=True)
    assert state_of(database) == (QuestionState.REPLIED, True)


def test_an_unsolved_question_waits_again(database: Database, golive: GoLive, waiting: str) -> None:
    mailbox_id = replied(database, golive, waiting)
    with database.begin() as session:
        questions.say_solved(session, mailbox_id, solved=False)
        assert [row.key for row in questions.waiting(session, golive.id)] == [waiting]


def test_after_a_second_reply_the_asker_is_asked_again(database: Database, golive: GoLive, waiting: str) -> None:
    mailbox_id = replied(database, golive, waiting)
    with database.begin() as session:
        questions.say_solved(session, mailbox_id, solved=False)
    replied(database, golive, waiting)
    assert state_of(database) == (QuestionState.REPLIED, None)


@pytest.mark.parametrize("solved", [True, False])
def test_a_press_does_not_let_a_held_question_go(database: Database, golive: GoLive, *, solved: bool) -> None:
    with database.begin() as session:
        receipt = asked(session, golive)
        questions.say_solved(session, receipt.mailbox, solved=solved)
    assert state_of(database) == (QuestionState.HELD, None)


def test_questions_are_counted_from_a_day_on_held_or_not(database: Database, golive: GoLive) -> None:
    with database.begin() as session:
        asked(session, golive, on=date(2027, 2, 28))
        asked(session, golive, on=date(2027, 3, 1))
        asked(session, golive, on=TODAY)
        assert questions.asked_on(session, golive.id, since=date(2027, 3, 1)) == 2
