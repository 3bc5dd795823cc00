"""The agenda: what is due is put into the outbox once, whoever ticks, in everybody's own time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, func, select

from bot.delivery.contacts import Contact
from bot.delivery.outbox import Delivery, DeliveryKind
from bot.storage.database import Database
from bot.timetable.agenda import advance, golives
from surveys import actions, questions
from surveys.bank import Bank
from surveys.golives import GoLive, Stratum, Team
from surveys.instruments import KNOWLEDGE
from surveys.invitations import Invitation
from surveys.questions import Question
from surveys.receipts import Receipt
from surveys.roster import Participant, take_leave
from surveys.waves import Fielded, Wave, instrument_of

NEW_YORK = ZoneInfo("America/New_York")


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=NEW_YORK)


def tick(database: Database, golive: GoLive, bank: Bank, local: str) -> None:
    with database.begin() as session:
        advance(session, golive.id, now=at(local), bank=bank)


def begin(database: Database, local: str) -> None:
    """Let everything up to this moment be planned already."""
    with database.begin() as session:
        session.exec(select(GoLive)).one().ticked = at(local)


def opened(database: Database) -> list[str]:
    with database.session() as session:
        return [str(wave.on) for wave in session.exec(select(Wave).order_by(Wave.on))]


def count(database: Database, table: type) -> int:
    with database.session() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def dues(database: Database, kind: DeliveryKind, *, name: str = "Front desk 1") -> list[str]:
    """When messages are due for one person, by New York's clocks."""
    with database.session() as session:
        rows = session.exec(
            select(Delivery.due)
            .join(Contact, Contact.id == Delivery.contact_id)
            .join(Participant, Participant.id == Contact.participant_id)
            .where(Delivery.kind == kind, Participant.name == name)
            .order_by(Delivery.due)
        )
        return [f"{due.astimezone(NEW_YORK):%m-%d %H:%M}" for due in rows]


def letters(database: Database, kind: DeliveryKind) -> list[tuple[str, str]]:
    """Subject and due, as the first lead has them."""
    with database.session() as session:
        rows = session.exec(
            select(Delivery).join(Contact).where(Delivery.kind == kind, Contact.account == "lead").order_by(Delivery.id)
        )
        return [(row.subject, f"{row.due.astimezone(NEW_YORK):%m-%d %H:%M}") for row in rows]


def test_before_the_first_shift_ends_nothing_opens(database: Database, golive: GoLive, bank: Bank) -> None:
    tick(database, golive, bank, "2027-03-01T12:14")
    assert opened(database) == []


def test_when_the_first_prompt_is_due_the_wave_opens_for_all(database: Database, golive: GoLive, bank: Bank) -> None:
    tick(database, golive, bank, "2027-03-01T12:15")  # the clinicians answer over lunch
    assert (opened(database), count(database, Invitation)) == (["2027-03-01"], 42)


def test_every_invitation_has_its_prompt(database: Database, wave: Wave) -> None:
    with database.session() as session:
        invited = set(session.exec(select(Invitation.key)))
        prompted = set(session.exec(select(Delivery.subject).where(Delivery.kind == DeliveryKind.PROMPT)))
    assert prompted == invited


def test_a_prompt_is_no_longer_wanted_when_the_wave_closes(database: Database, wave: Wave) -> None:
    with database.session() as session:
        expiries = set(session.exec(select(Delivery.expires).where(Delivery.kind == DeliveryKind.PROMPT)))
    assert expiries == {wave.closes} == {at("2027-03-02T12:00")}


def test_ticking_again_changes_nothing(database: Database, golive: GoLive, bank: Bank) -> None:
    for local in ("2027-03-01T12:15", "2027-03-01T12:15", "2027-03-01T12:16", "2027-03-01T19:59"):
        tick(database, golive, bank, local)
    assert (opened(database), count(database, Invitation)) == (["2027-03-01"], 42)


def test_eight_that_tick_at_once_open_once(database: Database, golive: GoLive, bank: Bank) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: tick(database, golive, bank, "2027-03-01T17:00"), range(8)))
    assert (count(database, Wave), count(database, Invitation), count(database, Delivery)) == (1, 42, 44)


class Stopped(Exception):
    pass


def test_a_stop_in_the_middle_leaves_nothing_half_done(database: Database, golive: GoLive, bank: Bank) -> None:
    def advance_and_stop(session: Session) -> None:
        advance(session, golive.id, now=at("2027-03-01T17:00"), bank=bank)
        raise Stopped

    with pytest.raises(Stopped), database.begin() as session:
        advance_and_stop(session)
    assert [count(database, table) for table in (Wave, Fielded, Invitation, Delivery)] == [0] * 4


def test_a_clock_that_went_back_does_nothing_twice(database: Database, golive: GoLive, bank: Bank) -> None:
    tick(database, golive, bank, "2027-03-01T17:00")
    tick(database, golive, bank, "2027-03-01T07:00")
    tick(database, golive, bank, "2027-03-01T17:01")
    assert letters(database, DeliveryKind.DIGEST) == [("2027-03-01", "03-01 17:00")]


def test_the_watermark_is_where_the_last_tick_was(database: Database, golive: GoLive, bank: Bank) -> None:
    tick(database, golive, bank, "2027-03-01T17:00")
    with database.session() as session:
        assert session.exec(select(GoLive.ticked)).one() == at("2027-03-01T17:00")


def test_a_golive_that_never_ticked_begins_now(database: Database, golive: GoLive, bank: Bank) -> None:
    with database.begin() as session:
        session.get_one(GoLive, golive.id).ticked = None
    tick(database, golive, bank, "2027-03-01T17:00")
    assert (opened(database), letters(database, DeliveryKind.DIGEST)) == (["2027-03-01"], [])


def test_everybody_is_asked_at_the_end_of_their_own_shift(database: Database, golive: GoLive, bank: Bank) -> None:
    tick(database, golive, bank, "2027-03-01T17:00")
    with database.session() as session:
        named = {row.name: row for row in session.exec(select(Participant))}
    elsewhere = next(row.name for row in named.values() if row.timezone == "America/Denver")
    due = {name: dues(database, DeliveryKind.PROMPT, name=name) for name in ("Front desk 2", "Front desk 5", elsewhere)}
    assert due == {
        "Front desk 2": ["03-01 13:00"], "Front desk 5": ["03-01 19:30"], elsewhere: ["03-01 19:00"]
    }  # fmt: skip


def test_somebody_far_to_the_east_is_asked_on_their_own_date(database: Database, golive: GoLive, bank: Bank) -> None:
    """In Auckland the shift of 1 March ends before 1 March begins in New York."""
    with database.begin() as session:
        session.exec(select(Participant).where(Participant.name == "Front desk 1")).one().timezone = "Pacific/Auckland"
    tick(database, golive, bank, "2027-02-28T23:00")
    assert (opened(database)[-1], dues(database, DeliveryKind.PROMPT)) == ("2027-03-01", ["02-28 23:00"])


def test_whose_shift_ends_after_the_close_is_not_invited(database: Database, golive: GoLive, bank: Bank) -> None:
    with database.begin() as session:
        person = session.exec(select(Participant).where(Participant.name == "Front desk 1")).one()
        person.timezone, person.shift_end = "Pacific/Honolulu", time(21)  # so the morning, when New York has closed
    tick(database, golive, bank, "2027-03-01T17:00")
    assert (dues(database, DeliveryKind.PROMPT), count(database, Invitation)) == ([], 41)


def test_through_the_daylight_saving_weekend_the_shift_ends_at_five(
    database: Database, golive: GoLive, bank: Bank
) -> None:
    """Clocks go forward on Sunday 14 March 2027."""
    for local in ("2027-03-12T19:00", "2027-03-15T19:00"):
        tick(database, golive, bank, local)
    assert dues(database, DeliveryKind.PROMPT) == ["03-12 17:00", "03-15 17:00"]


def test_whoever_is_on_leave_is_not_invited(database: Database, golive: GoLive, bank: Bank) -> None:
    with database.begin() as session:
        person = session.exec(select(Participant.id).where(Participant.name == "Front desk 1")).one()
        take_leave(session, person, first=date(2027, 3, 1), last=date(2027, 3, 1))
    tick(database, golive, bank, "2027-03-01T17:00")
    assert count(database, Invitation) == 41


def test_where_nobody_is_to_be_asked_no_wave_opens(database: Database, golive: GoLive, bank: Bank) -> None:
    with database.begin() as session:
        for person in session.exec(select(Participant)):
            person.opted_out = True
    tick(database, golive, bank, "2027-03-01T17:00")
    assert opened(database) == []


def test_after_a_stop_a_wave_still_opens_until_it_closes(database: Database, golive: GoLive, bank: Bank) -> None:
    begin(database, "2027-03-01T09:00")
    tick(database, golive, bank, "2027-03-02T11:59")
    assert opened(database) == ["2027-03-01"]


def test_a_wave_that_would_have_closed_is_not_opened(database: Database, golive: GoLive, bank: Bank) -> None:
    begin(database, "2027-03-01T09:00")
    tick(database, golive, bank, "2027-03-02T12:00")
    assert opened(database) == []


def test_a_wave_that_is_open_for_a_week_opens_even_on_its_last_morning(
    database: Database, golive: GoLive, bank: Bank
) -> None:
    """The pulse of Tuesday 5 January is open for four working days, over the weekend, until Monday noon."""
    begin(database, "2027-01-05T09:00")
    tick(database, golive, bank, "2027-01-11T11:00")
    assert opened(database) == ["2027-01-05"]


def test_a_reminder_comes_the_next_working_morning(database: Database, golive: GoLive, bank: Bank) -> None:
    tick(database, golive, bank, "2027-01-05T17:00")
    assert dues(database, DeliveryKind.REMINDER) == ["01-06 09:00"]


def test_where_no_reminder_is_wanted_none_is_written(database: Database, golive: GoLive, bank: Bank) -> None:
    with database.begin() as session:
        session.get_one(GoLive, golive.id).reminder = "none"
    tick(database, golive, bank, "2027-01-05T17:00")
    assert dues(database, DeliveryKind.REMINDER) == []


def test_a_pulse_tells_what_was_done_before_it(database: Database, golive: GoLive, bank: Bank) -> None:
    with database.begin() as session:
        actions.act(session, golive.id, text="A printer.", today=date(2027, 2, 28))
    tick(database, golive, bank, "2027-03-01T17:00")
    with database.session() as session:
        assert actions.told(session, golive.id, on=date(2027, 3, 1)) == ["A printer."]


def test_in_cutover_the_lead_gets_a_digest_every_working_day(database: Database, golive: GoLive, bank: Bank) -> None:
    begin(database, "2027-03-01T00:00")
    for day in range(1, 10):
        tick(database, golive, bank, f"2027-03-{day:02}T07:29")
        tick(database, golive, bank, f"2027-03-{day:02}T07:30")
    assert [subject[-2:] for subject, _ in letters(database, DeliveryKind.DIGEST)] == [
        "01", "02", "03", "04", "05", "08", "09"
    ]  # fmt: skip


def test_in_readiness_the_digest_comes_on_mondays(database: Database, golive: GoLive, bank: Bank) -> None:
    begin(database, "2027-01-10T00:00")
    for day in range(11, 20):
        tick(database, golive, bank, f"2027-01-{day}T08:00")
    assert [subject for subject, _ in letters(database, DeliveryKind.DIGEST)] == ["2027-01-11", "2027-01-18"]


def test_where_monday_is_closed_the_weekly_digest_comes_on_tuesday(
    database: Database, golive: GoLive, bank: Bank
) -> None:
    with database.begin() as session:
        session.get_one(GoLive, golive.id).closed = ["2027-01-11"]
    begin(database, "2027-01-10T00:00")
    for day in (11, 12, 13):
        tick(database, golive, bank, f"2027-01-{day}T08:00")
    assert [subject for subject, _ in letters(database, DeliveryKind.DIGEST)] == ["2027-01-12"]


def test_before_the_first_phase_there_is_no_digest(database: Database, golive: GoLive, bank: Bank) -> None:
    begin(database, "2026-12-14T00:00")
    tick(database, golive, bank, "2026-12-14T08:00")
    assert letters(database, DeliveryKind.DIGEST) == []


def ask(database: Database, golive: GoLive, *texts: str, on: date = date(2027, 3, 1)) -> None:
    with database.begin() as session:
        for text in texts:
            receipt = Receipt(("a", "b", "c", "d"), f"mailbox of {text}", b"0" * 32)
            questions.ask(session, golive_id=golive.id, text=text, receipt=receipt, today=on)


@pytest.mark.parametrize("hour", ["12:00", "16:00"])
def test_three_questions_go_to_the_lead_at_the_next_slot(
    database: Database, golive: GoLive, bank: Bank, hour: str
) -> None:
    begin(database, f"2027-03-01T{int(hour[:2]) - 1}:00")
    ask(database, golive, "one", "two", "three")
    tick(database, golive, bank, f"2027-03-01T{int(hour[:2]) - 1}:59")
    before = letters(database, DeliveryKind.QUESTION)
    tick(database, golive, bank, f"2027-03-01T{hour}")
    assert (before, len(letters(database, DeliveryKind.QUESTION))) == ([], 3)


def test_two_questions_wait_for_the_morning(database: Database, golive: GoLive, bank: Bank) -> None:
    begin(database, "2027-03-01T11:00")
    ask(database, golive, "one", "two")
    tick(database, golive, bank, "2027-03-01T23:59")
    before = letters(database, DeliveryKind.QUESTION)
    tick(database, golive, bank, "2027-03-02T07:30")
    assert (before, len(letters(database, DeliveryKind.QUESTION))) == ([], 2)


def test_todays_questions_do_not_go_in_the_morning(database: Database, golive: GoLive, bank: Bank) -> None:
    begin(database, "2027-03-02T05:00")
    ask(database, golive, "early", on=date(2027, 3, 2))
    tick(database, golive, bank, "2027-03-02T07:30")
    assert letters(database, DeliveryKind.QUESTION) == []


def test_no_question_leaves_between_the_slots(database: Database, golive: GoLive, bank: Bank) -> None:
    begin(database, "2027-03-01T12:00")
    ask(database, golive, "one", "two", "three", "four")
    for minute in range(1, 60, 7):
        tick(database, golive, bank, f"2027-03-01T13:{minute:02}")
    assert count(database, Delivery) - 42 == 0 < count(database, Question)


def test_teams_that_are_read_together_are_asked_the_same(database: Database, golive: GoLive, bank: Bank) -> None:
    """Two teams in one stratum get no check of their own, which would tell them apart."""
    with database.begin() as session:
        teams = {team.name: team for team in session.exec(select(Team))}
        teams["Referrals"].stratum_id = teams["Billing"].stratum_id
    tick(database, golive, bank, "2027-03-01T17:00")
    with database.session() as session:
        wave = session.exec(select(Wave)).one()
        joined = session.exec(select(Team.stratum_id).where(Team.name == "Billing")).one()
        constructs = {q.construct for q in instrument_of(session, wave.id, stratum_id=joined).questions}
        empty = session.exec(select(Stratum.id).where(Stratum.name == "Referrals")).one()
        assert session.get(Fielded, (wave.id, empty)) is None
    assert KNOWLEDGE not in constructs


def test_a_team_gets_its_checks_in_turn(database: Database, golive: GoLive, bank: Bank) -> None:
    for day in (1, 2, 3, 4, 5, 8, 9, 10):
        tick(database, golive, bank, f"2027-03-{day:02}T19:30")
    with database.session() as session:
        desk = session.exec(select(Team.stratum_id).where(Team.name == "Front desk")).one()
        waves = session.exec(select(Wave).order_by(Wave.on)).all()
        asked = [instrument_of(session, wave.id, stratum_id=desk).questions for wave in waves]
    checks = [question.text for questions_ in asked for question in questions_ if question.construct == KNOWLEDGE]
    assert len(checks) >= 3
    assert all(one != after for one, after in pairwise(checks))


def test_every_golive_is_known(database: Database, golive: GoLive) -> None:
    with database.session() as session:
        assert golives(session) == [golive.id]


def test_a_whole_golive_opens_at_most_one_wave_a_day(database: Database, golive: GoLive, bank: Bank) -> None:
    moment = at("2026-12-28T12:30")
    while moment < at("2027-03-12T00:00"):
        with database.begin() as session:
            advance(session, golive.id, now=moment, bank=bank)
        moment += timedelta(hours=12)
    days = opened(database)
    assert len(days) == len(set(days)) > 15
