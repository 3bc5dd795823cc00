"""The letter to the lead: when it comes, what it says, and what it never tells."""

import re
from dataclasses import asdict
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import Minimum
from analytics.ledger import Ledger
from analytics.wave_figures import wave_figures
from bot.insight.alerts import AlertState, settle_alert
from bot.insight.detection import raise_and_close
from bot.insight.digest import rate_line
from bot.insight.frames import wave_counts
from bot.insight.published import Figure
from bot.texts import texts
from surveys import actions
from tests.integration.conftest import NEW_YORK, SUNDAY, Clinic
from tests.integration.made_up_signals import paper, signal

ANA, BEN, GUS = "Ana Ruiz", "Ben Okafor", "Gus Hale"
DESK = ("Ana Ruiz", "Ben Okafor", "Cleo Marsh", "Dina Vogt", "Emil Strand", "Fay Ito")
NURSES = ("Gus Hale", "Hana Novak", "Ivo Petrov", "Jia Chen", "Kofi Mensah", "Lena Brandt")


def digests(clinic: Clinic, name: str = "lead") -> list[str]:
    return [card.text for card in clinic.cards(name) if re.match(r"\*\*(Day|First day|\d+ days|One day)", card.text)]


async def after_one_pulse(clinic: Clinic, *names: str) -> str:
    """The digest after the first pulse, which these people answered."""
    await clinic.at("2027-03-01 17:05")
    for name in names:
        await clinic.answer(name)
    await clinic.at("2027-03-02 12:00")
    return (await clinic.says("lead", "digest")).text


async def test_a_quiet_day_is_one_line(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 07:30")
    assert digests(loaded) == ["**First day. Nothing needs you today.**"]


async def test_it_comes_every_working_day_while_pulses_come_daily(loaded: Clinic) -> None:
    for day in range(1, 9):
        await loaded.at(f"2027-03-{day:02} 07:30")
    assert [text.split(".")[0] for text in digests(loaded)] == [
        "**First day",
        *(f"**Day {day}" for day in (1, 2, 3, 4, 7)),
    ]


async def test_it_comes_weekly_otherwise(clinic: Clinic) -> None:
    clinic.clock.set(datetime(2027, 1, 3, 12, tzinfo=NEW_YORK))
    clinic.load()
    for day in range(4, 18):
        await clinic.at(f"2027-01-{day:02} 07:30")
    assert [text.split(".")[0] for text in digests(clinic)] == ["**56 days to go", "**49 days to go"]


async def test_it_comes_on_the_first_working_day_when_monday_is_closed(clinic: Clinic) -> None:
    clinic.files.head = "closed = [2027-01-04]"
    clinic.clock.set(datetime(2027, 1, 3, 12, tzinfo=NEW_YORK))
    clinic.load()
    for day in range(4, 9):
        await clinic.at(f"2027-01-{day:02} 07:30")
    assert [text.split(".")[0] for text in digests(clinic)] == ["**55 days to go"]


async def test_it_ends_with_the_plan(clinic: Clinic) -> None:
    clinic.clock.set(datetime(2027, 5, 30, 12, tzinfo=NEW_YORK))
    clinic.files.date = "2027-05-31"
    clinic.load()
    await clinic.at("2027-09-06 07:30")
    assert digests(clinic) == []


async def test_it_comes_once_though_the_clock_ticks_often(loaded: Clinic) -> None:
    for minute in (29, 30, 31, 45):
        await loaded.at(f"2027-03-01 07:{minute}")
    assert len(digests(loaded)) == 1


async def test_every_lead_gets_it(clinic: Clinic) -> None:
    clinic.files.leads = ("lead", "second")
    clinic.load()
    await clinic.at("2027-03-01 07:30")
    assert len(digests(clinic, "second")) == 1


async def test_it_says_how_many_answered(loaded: Clinic) -> None:
    text = await after_one_pulse(loaded, *DESK[:6])
    line = "At least 5 of 12 answered the pulse of Monday 1 March. Too few to show: Nursing."
    assert text == f"**Day 1. Nothing needs you today.**\n\n{line}"


async def test_it_says_most_where_fewer_than_the_minimum_did_not_answer(loaded: Clinic) -> None:
    text = await after_one_pulse(loaded, *DESK[:5], *NURSES[:5])
    assert text.endswith("Most of 12 answered the pulse of Monday 1 March.")


async def test_it_shows_no_number_when_fewer_than_the_minimum_answered(loaded: Clinic) -> None:
    text = await after_one_pulse(loaded, *DESK[:4])
    assert text.endswith("Too few answered the pulse of Monday 1 March to show anything.")


async def test_it_never_says_all(loaded: Clinic) -> None:
    text = await after_one_pulse(loaded, *DESK, *NURSES)
    assert text.endswith("Most of 12 answered the pulse of Monday 1 March.")


async def test_one_thing_to_do_is_a_headline_and_a_line(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        raise_and_close(session, 1, [signal()], eased=lambda *_, **__: False, now=loaded.clock.now())
    card = await loaded.says("lead", "digest")
    headline, line = card.text.split("\n\n")
    assert headline == "**One day to go. One thing needs you.**"
    assert line.startswith("- **Front desk: quiet confusion**. Since 1 March, 7 of 11 knowledge checks")
    assert [action.name for action in card.actions] == ["alerts"]


async def test_it_lists_three_things_at_the_most_and_the_questions_among_them(loaded: Clinic) -> None:
    many = [signal(kind, team) for kind in ("silent_confusion", "nonresponse") for team in ("Front desk", "Nursing")]
    with loaded.database.begin() as session:
        raise_and_close(session, 1, many, eased=lambda *_, **__: False, now=loaded.clock.now())
    for name in (ANA, BEN):
        await loaded.asks(name, "Where is the refill queue?")
    await loaded.at("2027-03-01 07:30")
    text = (await loaded.says("lead", "digest")).text
    assert "Three things need you." in text
    assert text.count("\n- ") == 3
    assert "- **2 questions** wait for a reply, the oldest asked on Sunday 28 February." in text


async def test_what_somebody_is_on_says_so_and_what_was_done_is_gone(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        raise_and_close(session, 1, [signal(), paper()], eased=lambda *_, **__: False, now=loaded.clock.now())
        settle_alert(session, 1, AlertState.ACKNOWLEDGED, reader_id=None, today=SUNDAY.date())
        settle_alert(session, 2, AlertState.ACTED_ON, reader_id=None, today=SUNDAY.date())
        actions.act(session, 1, text="Printers are there.", today=SUNDAY.date())
    text = (await loaded.says("lead", "digest")).text
    assert text.count("\n- ") == 1
    assert "You are on it." in text
    assert text.endswith("You noted one thing that was done; the next pulse tells everybody.")


async def test_what_closed_is_told_for_a_week(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        raise_and_close(session, 1, [signal()], eased=lambda *_, **__: True, now=loaded.clock.now())
    assert "In the last seven days, one alert closed" in (await loaded.says("lead", "digest")).text
    loaded.clock.advance(timedelta(days=7))
    assert "closed" not in (await loaded.says("lead", "digest")).text


SIZES = st.lists(st.integers(3, 14), min_size=1, max_size=4)


def numbers_told(text: str) -> list[tuple[int, int]]:
    return [(int(x), int(n)) for x, n in re.findall(r"(\d+) of (\d+)", text)]


@settings(max_examples=40)
@given(data=st.data(), sizes=SIZES, minimum=st.integers(3, 8))
def test_no_digest_tells_of_fewer_than_the_minimum(data: st.DataObject, sizes: list[int], minimum: int) -> None:
    answered = [data.draw(st.integers(0, size)) for size in sizes]
    assert all(x >= minimum and n >= minimum for x, n in numbers_told(told(sizes, answered, minimum=minimum)))


def told(sizes: list[int], answered: list[int], *, minimum: int = 5) -> str:
    """The line of a digest about a pulse with these teams."""
    groups = [(f"Team {team}", size, size, n) for team, (size, n) in enumerate(zip(sizes, answered, strict=True))]
    counts = wave_counts([], groups, asks={}, pillars={}, moves={})
    least = Minimum(group=minimum, comments=2 * minimum)
    places = {"": None} | {name: place for place, (name, *_) in enumerate(groups)}
    last = [
        Figure(date(2027, 3, 1), "", places[one.group], **asdict(one.shown), asked=one.asked)
        for one in wave_figures(counts, wave="2027-03-01", minimum=least, ledger=Ledger())
    ]
    return rate_line(last, texts("en"), {place: name for name, place in places.items() if place is not None})


def test_teams_are_named_where_the_total_leaves_doubt() -> None:
    assert told([20, 10, 8], [12, 3, 4]).endswith("Too few to show: Team 1, Team 2.")


def test_where_the_exact_number_would_tell_of_a_hidden_team_it_is_said_coarsely() -> None:
    assert told([6, 6], [6, 0]).startswith("At least 5 of 12 answered")
