"""What people write is read with the keys alone: the database file and its log open no text.

To see it fail: let `surveys.secrecy.conceal` return `text.encode()`.
"""

from collections.abc import Callable

import pytest

from tests.promises.conftest import LEAD, Practice

Rows = Callable[[str], list[tuple[object, ...]]]
QUESTION = "Where did the purple stapler labels go?"
REMARK = "The crimson cupboard jams every noon."
REPLY = "Behind the turquoise curtain."
TABLES = ("question", "remark", "delivery", "answer", "action", "chat_message")


@pytest.fixture
async def told(practice: Practice) -> Practice:
    """A remark, a question, and the reply of a lead."""
    await practice.answer(practice.staff[0], remark=REMARK)
    for text in (QUESTION, "One more?", "And a third?"):
        await practice.ask(practice.staff[1], text)
    await practice.close()
    asked = next(card for card in practice.chat.cards(LEAD) if QUESTION in card.text)
    await practice.chat.submit(LEAD, "reply", ref=asked.ref, values={"reply": (REPLY,)})
    return practice


@pytest.mark.parametrize("written", [QUESTION, REMARK, REPLY], ids=["question", "remark", "reply"])
async def test_no_row_shows_what_was_written(told: Practice, rows_of: Rows, written: str) -> None:
    kept = " ".join(str(row) for table in TABLES for row in rows_of(table))
    assert not [word for word in written.strip("?.").split() if len(word) > 5 and word in kept]


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("written", [QUESTION, REMARK, REPLY], ids=["question", "remark", "reply"])
async def test_no_byte_of_the_file_and_its_log_shows_it(
    told: Practice, stolen: Callable[[], bytes], written: str
) -> None:
    raw = stolen()
    assert not [word for word in written.strip("?.").split() if len(word) > 5 and word.encode() in raw]


async def test_the_words_of_a_receipt_are_kept_nowhere(practice: Practice, rows_of: Rows) -> None:
    words = (await practice.ask(practice.staff[0], QUESTION)).split(" · ")
    kept = str(rows_of("question"))
    assert (len(words), [word for word in words if word in kept]) == (4, [])


async def test_the_reply_is_found_with_the_words(told: Practice) -> None:
    words = await told.ask(told.staff[2], "Is there a fourth?")
    found = await told.chat.submit(told.staff[3], "find-words", values={"words": (words,)})
    assert found is not None
    assert "Is there a fourth?" in found.card.text
