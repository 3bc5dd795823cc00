"""Nobody answers twice: repeated, doubled or at once, exactly one response is kept.

To see it fail: take the line on `Disposition.PENDING` out of `surveys.invitations.settle`.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlmodel import select

from bot.conversation.pulses import take_answer
from bot.storage.database import Database
from surveys.errors import SurveyError
from surveys.invitations import Invitation
from tests.promises.conftest import Practice

Rows = Callable[[str], list[tuple[object, ...]]]


async def test_a_press_that_the_platform_repeats_counts_once(practice: Practice, rows_of: Rows) -> None:
    prompt = practice.prompt(practice.staff[0])
    for _ in range(3):
        await practice.send(practice.staff[0], prompt, id="the same press")
    assert len(rows_of("response")) == 1


async def test_who_presses_again_counts_once(practice: Practice, rows_of: Rows) -> None:
    prompt = practice.prompt(practice.staff[0])
    for _ in range(3):
        await practice.send(practice.staff[0], prompt)
    assert len(rows_of("response")) == 1


async def test_who_presses_ten_times_at_once_counts_once(practice: Practice, rows_of: Rows) -> None:
    prompt = practice.prompt(practice.staff[0])
    await asyncio.gather(*(practice.send(practice.staff[0], prompt) for _ in range(10)))
    assert len(rows_of("response")) == 1


async def test_a_second_try_with_other_answers_changes_nothing(practice: Practice, rows_of: Rows) -> None:
    prompt = practice.prompt(practice.staff[0])
    await practice.send(practice.staff[0], prompt)
    before = sorted(rows_of("answer"))
    await practice.send(practice.staff[0], prompt, pick=1)
    assert sorted(rows_of("answer")) == before


async def test_of_eight_processes_that_write_at_once_one_succeeds(
    practice: Practice, database: Database, rows_of: Rows
) -> None:
    prompt = practice.prompt(practice.staff[0])
    values = {field.name: (field.choices[0].value,) for field in prompt.fields if field.choices}
    with database.session() as session:
        person = session.exec(select(Invitation.participant_id).where(Invitation.key == prompt.ref)).one()

    def write(_: int) -> bool:
        try:
            with database.begin() as session:
                take_answer(session, prompt.ref, participant_id=person, values=values, now=practice.clock.now())
        except SurveyError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(write, range(8))) == 1
    assert len(rows_of("response")) == 1


async def test_nobody_answers_for_somebody_else(practice: Practice, rows_of: Rows) -> None:
    await practice.send(practice.staff[1], practice.prompt(practice.staff[0]))
    assert rows_of("response") == []


async def test_an_answer_after_the_close_is_not_kept(practice: Practice, rows_of: Rows) -> None:
    prompt = practice.prompt(practice.staff[0])
    await practice.close()
    await practice.send(practice.staff[0], prompt)
    assert rows_of("response") == []
