"""An alert from the signal to the day on which it got better, on both databases."""

from datetime import timedelta

import pytest
from sqlmodel import select

from adapters.chat import Card
from analytics.signals import Signal
from bot.delivery.letters import to_leads
from bot.delivery.outbox import Delivery, DeliveryKind
from bot.insight.alerts import COOL_DOWN, Alert, AlertState, AlertTaken, settle_alert
from bot.insight.detection import raise_and_close
from bot.storage.database import Database
from surveys.golives import GoLive, strata_of
from tests.integration.conftest import Clinic
from tests.integration.made_up_signals import BECAUSE, MONDAY, paper, signal

ANA = "Ana Ruiz"
ALL_STATES = (AlertState.RAISED, AlertState.ACKNOWLEDGED, AlertState.ACTED_ON)


@pytest.fixture
def clinic_database(database: Database) -> Database:
    """On SQLite and on PostgreSQL."""
    return database


def look(clinic: Clinic, *signals: Signal, eased: bool = False) -> None:
    """What the nightly look does, with signals made up by the test."""
    with clinic.database.begin() as session:
        raise_and_close(session, 1, list(signals), eased=lambda *_, **__: eased, now=clinic.clock.now())


def alerts(clinic: Clinic) -> list[Alert]:
    with clinic.database.session() as session:
        return list(session.exec(select(Alert).order_by(Alert.id)))  # type: ignore[arg-type]


def teams_of(clinic: Clinic) -> set[str]:
    with clinic.database.session() as session:
        strata = strata_of(session, 1)
    return {strata[alert.stratum_id].name for alert in alerts(clinic)}


async def raised(clinic: Clinic, *signals: Signal) -> Card:
    """The newest alert in the lead's chat."""
    look(clinic, *(signals or (signal(),)))
    await clinic.bot.tick()
    return clinic.offering("lead", "dismiss")[-1]


async def test_an_alert_is_one_sentence_of_evidence_a_budget_and_a_first_move(loaded: Clinic) -> None:
    card = await raised(loaded)
    assert card.text == (
        "**Front desk may be quietly confused, since Monday 1 March.**\n\n"
        f"{BECAUSE}\n\n"
        "With your 2 teams, expect one false alarm of this kind in about 10 months.\n\n"
        "First move: take ten minutes beside the team and do one real case together. Don’t ask who."
    )
    assert [action.name for action in card.actions] == ["acknowledge", "assign", "note", "dismiss"]


@pytest.mark.parametrize("kind", ["silent_confusion", "visible_confusion", "nonresponse"])
async def test_every_kind_has_its_title(loaded: Clinic, kind: str) -> None:
    assert (await raised(loaded, signal(kind))).text.startswith("**Front desk ")


async def test_a_workaround_names_its_route_and_can_be_agreed(loaded: Clinic) -> None:
    card = await raised(loaded, paper())
    assert card.text.startswith("**A way round the system may be starting in Front desk: paper lists")
    assert [action.name for action in card.actions] == ["acknowledge", "assign", "note", "sanction", "dismiss"]


async def test_no_alert_leaves_in_the_quiet_hours(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 21:00")
    look(loaded, signal())
    await loaded.bot.tick()
    assert loaded.offering("lead", "dismiss") == []
    await loaded.at("2027-03-02 07:00")
    assert len(loaded.offering("lead", "dismiss")) == 1


def test_the_same_signals_again_raise_nothing_new(loaded: Clinic) -> None:
    look(loaded, signal(), paper())
    look(loaded, signal(), paper())
    assert len(alerts(loaded)) == 2
    assert loaded.rows(Delivery) == 2


def test_one_trouble_in_two_teams_is_two_alerts(loaded: Clinic) -> None:
    look(loaded, paper(), paper("Nursing"))
    assert teams_of(loaded) == {"Front desk", "Nursing"}


def test_the_same_trouble_updates_the_open_alert(loaded: Clinic) -> None:
    look(loaded, signal())
    look(loaded, signal(raised_on=MONDAY + timedelta(days=4), because="Worse.", score=9.0))
    [alert] = alerts(loaded)
    assert (alert.because, alert.score, alert.raised_on) == ("Worse.", 9.0, MONDAY)
    assert loaded.rows(Delivery) == 1


@pytest.mark.parametrize(("n", "told"), [(12, BECAUSE), (15, BECAUSE), (16, "Worse."), (11, "Worse.")])
def test_figures_are_told_again_only_where_nobody_or_a_group_has_joined_them(loaded: Clinic, n: int, told: str) -> None:
    """7 of 11 and then 8 of 12 would tell what the twelfth said."""
    look(loaded, signal())
    look(loaded, signal(raised_on=MONDAY + timedelta(days=4), because="Worse.", n=n))
    assert [alert.because for alert in alerts(loaded)] == [told]


@pytest.mark.parametrize("state", [AlertState.DISMISSED, AlertState.CLOSED])
@pytest.mark.parametrize(("days", "count"), [(-1, 1), (0, 1), (13, 1), (14, 2)])
def test_what_was_settled_comes_back_only_after_the_cool_down(
    loaded: Clinic, state: AlertState, days: int, count: int
) -> None:
    look(loaded, signal())
    settled = MONDAY + timedelta(days=3)
    with loaded.database.begin() as session:
        settle_alert(session, alerts(loaded)[0].id or 0, state, reader_id=None, today=settled)
    assert timedelta(days=14) == COOL_DOWN
    look(loaded, signal(raised_on=settled + timedelta(days=days)))
    assert len(alerts(loaded)) == count


def test_what_was_agreed_raises_no_alarm_ever(loaded: Clinic) -> None:
    look(loaded, paper())
    with loaded.database.begin() as session:
        settle_alert(session, alerts(loaded)[0].id or 0, AlertState.SANCTIONED, reader_id=None, today=MONDAY)
    look(loaded, paper(raised_on=MONDAY + timedelta(days=60)))
    assert [alert.state for alert in alerts(loaded)] == ["sanctioned"]


async def test_acknowledging_changes_the_card_in_place(loaded: Clinic) -> None:
    card = await raised(loaded)
    reply = await loaded.presses("lead", "acknowledge", ref=card.ref)
    assert reply.text.endswith("You are on it.")
    assert [action.name for action in reply.actions] == ["assign", "note", "dismiss"]
    assert reply in loaded.cards("lead")


async def test_who_took_an_alert_on_is_remembered(loaded: Clinic) -> None:
    card = await raised(loaded)
    await loaded.presses("lead", "acknowledge", ref=card.ref)
    assert alerts(loaded)[0].dealt_by is not None


async def test_agreeing_keeps_it_on_the_list(loaded: Clinic) -> None:
    card = await raised(loaded, paper())
    reply = await loaded.presses("lead", "sanction", ref=card.ref)
    assert reply.text.endswith("Agreed for now. It stays on the list and raises no alarm.")
    assert "Agreed for now: paper lists (Front desk)." in (await loaded.says("lead", "digest")).text


@pytest.mark.parametrize("ref", ["alert:99", "alert:", "alert:x", "alert:²", "alert:" + "9" * 30, ""])
async def test_an_alert_that_does_not_exist_gets_a_sentence(loaded: Clinic, ref: str) -> None:
    assert (await loaded.presses("lead", "dismiss", ref=ref)).text == "Somebody has dealt with this one already."


async def test_the_lead_of_another_golive_cannot_touch_an_alert(clinic: Clinic) -> None:
    clinic.load()
    other = type(clinic.files)(
        clinic.files.folder.with_name("other"), system="Beta", leads=("beta",), teams={"Desk": ("Zoe Lang",)}
    )
    clinic.load(other)
    card = await raised(clinic)
    told = await clinic.presses("beta", "dismiss", ref=card.ref)
    assert told.text == "Somebody has dealt with this one already."
    assert alerts(clinic)[0].state == "raised"


async def test_alerts_shows_first_what_nobody_has_taken_on(loaded: Clinic) -> None:
    newest = await raised(loaded, signal(team="Nursing"), paper(raised_on=MONDAY + timedelta(days=1)))
    await loaded.presses("lead", "acknowledge", ref=newest.ref)
    shown = await loaded.says("lead", "alerts")
    assert shown.text.startswith("Open alerts: 2. This one comes first;")
    assert "acknowledge" in {action.name for action in shown.actions}
    assert shown.ref != newest.ref


async def test_one_open_alert_is_shown_alone(loaded: Clinic) -> None:
    card = await raised(loaded)
    assert await loaded.says("lead", "alerts") == card


async def test_an_alert_that_was_settled_before_its_message_left_is_not_sent(loaded: Clinic) -> None:
    await loaded.at("2027-03-01 21:00")
    look(loaded, signal())
    with loaded.database.begin() as session:
        settle_alert(session, alerts(loaded)[0].id or 0, AlertState.DISMISSED, reader_id=None, today=MONDAY)
    await loaded.at("2027-03-02 07:00")
    assert not any("quietly confused" in card.text for card in loaded.cards("lead"))


@pytest.mark.parametrize("state", ALL_STATES)
def test_every_open_alert_closes_when_a_pulse_shows_that_it_got_better(loaded: Clinic, state: AlertState) -> None:
    look(loaded, signal())
    if state != AlertState.RAISED:
        with loaded.database.begin() as session:
            settle_alert(session, alerts(loaded)[0].id or 0, state, reader_id=None, today=MONDAY)
    look(loaded, eased=True)
    assert [alert.state for alert in alerts(loaded)] == ["closed"]


@pytest.mark.parametrize(
    ("kind", "route", "says"),
    [
        ("silent_confusion", None, "**Front desk is back where it was.** The last pulses show no more of the quiet"),
        ("visible_confusion", None, "**Front desk is back where it was.** The last pulses show no more of the conf"),
        ("workaround", "paper", "**Front desk needs its way round less.** The last pulses name paper lists"),
        ("nonresponse", None, "**Front desk answers again.**"),
    ],
)
async def test_the_lead_hears_that_it_got_better(loaded: Clinic, kind: str, route: str | None, says: str) -> None:
    await raised(loaded, signal(kind, route=route))
    look(loaded, eased=True)
    await loaded.bot.tick()
    assert loaded.newest("lead").text.startswith(says)


async def test_a_message_about_an_alert_that_is_gone_is_not_sent(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        to_leads(session, session.get_one(GoLive, 1), DeliveryKind.ALERT, ["99"], now=loaded.clock.now())
    await loaded.bot.tick()
    assert loaded.cards("lead") == ()


def test_an_alert_and_its_message_are_kept_together_or_not_at_all(loaded: Clinic) -> None:
    def fail(*_: object, **__: object) -> bool:
        raise ZeroDivisionError

    def look_and_fail() -> None:
        with loaded.database.begin() as session:
            raise_and_close(session, 1, [signal()], eased=fail, now=loaded.clock.now())

    with pytest.raises(ZeroDivisionError):
        look_and_fail()
    assert (loaded.rows(Alert), loaded.rows(Delivery)) == (0, 0)


def test_an_alert_that_is_closed_can_be_settled_no_more(loaded: Clinic) -> None:
    look(loaded, signal())
    look(loaded, eased=True)

    def dismiss() -> None:
        with loaded.database.begin() as session:
            settle_alert(session, alerts(loaded)[0].id or 0, AlertState.DISMISSED, reader_id=None, today=MONDAY)

    with pytest.raises(AlertTaken):
        dismiss()
