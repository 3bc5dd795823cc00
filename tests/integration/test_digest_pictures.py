"""The pictures of a digest: from published figures alone, with what is hidden left out, and quick to draw."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from adapters.chat import Picture
from bot.delivery.contacts import Contact
from bot.insight.detection import raise_and_close
from bot.insight.digest import write_digest
from bot.insight.digest_pictures import pictures
from bot.insight.published import ANSWERED, PublishedFigure
from bot.texts import texts
from surveys.golives import GoLive, strata_of
from surveys.waves import Wave, WaveState
from tests.integration.conftest import SUNDAY, Clinic
from tests.integration.made_up_signals import signal

SAY = texts("en")


def publish(session: Session, day: int, measure: str, said: dict[str, str | None]) -> None:
    """One measure of one wave: group, or "" for everybody, and its band; None hides it."""
    on = date(2027, 2, 24) + timedelta(days=day)
    wave = session.exec(select(Wave).where(Wave.on == on)).first()
    if wave is None:
        wave = Wave(
            golive_id=1, on=on, phase="cutover", day=day, closes=SUNDAY, reminder=False, state=WaveState.COUNTED
        )
        session.add(wave)
        session.flush()
    groups = {row.name: key for key, row in strata_of(session, 1).items()}
    for group, band in said.items():
        counted = measure == ANSWERED
        session.add(
            PublishedFigure(
                wave_id=wave.id or 0, measure=measure, stratum_id=groups.get(group),
                said="hidden" if band is None else "exact" if counted else "band",
                low=9 if counted and band else None, high=9 if counted and band else None,
                band=None if counted else band, least=0.2 if band else None, largest=0.9 if band else None,
                asked=12, members=12, joined=0, departed=0,
            )
        )  # fmt: skip
    session.flush()


def of(clinic: Clinic, *, platform: str = "memory") -> tuple[Picture, ...]:
    with clinic.database.session() as session:
        return pictures(session, session.get_one(GoLive, 1), SAY, platform=platform)


@pytest.fixture
def published(loaded: Clinic) -> Clinic:
    """Four waves, the last two after the go-live; nursing is hidden."""
    with loaded.database.begin() as session:
        for day, band in enumerate(("most", "half", "few", "some")):
            publish(session, day + 3, "workflow", {"": band, "Front desk": band, "Nursing": None})
            publish(session, day + 3, "people", {"": "most", "Front desk": "half", "Nursing": "some"})
            publish(session, day + 3, "knowledge", {"": band, "Front desk": band, "Nursing": None})
    return loaded


def test_before_anything_is_published_there_is_no_picture(loaded: Clinic) -> None:
    assert of(loaded) == ()


def test_a_digest_carries_a_trend_with_its_interval_and_where_the_golive_was(published: Clinic) -> None:
    trend, _ = of(published)
    assert trend.title == "Workflow"
    assert trend.labels == ("27 Feb", "28 Feb", "1 Mar go-live", "2 Mar")
    assert trend.mark == 2
    assert [(one.name, one.values) for one in trend.series] == [
        ("Workflow", (90, 50, 10, 30)),
        ("at least", (20, 20, 20, 20)),
        ("at most", (90, 90, 90, 90)),
    ]
    assert trend.alt.startswith("Workflow: most on Saturday 27 February, some on Tuesday 2 March.")


def test_a_digest_carries_every_group_by_every_pillar_and_nothing_that_is_hidden(published: Clinic) -> None:
    _, heat = of(published)
    assert (heat.kind, heat.labels) == ("bar", ("Front desk", "Nursing"))
    assert [(one.name, one.values) for one in heat.series] == [("People", (50, 30)), ("Workflow", (30, None))]
    assert "Nursing: People some, Workflow hidden." in heat.alt


def test_where_something_is_wrong_the_trend_is_about_that(published: Clinic) -> None:
    with published.database.begin() as session:
        raise_and_close(session, 1, [signal()], eased=lambda *_, **__: False, now=published.clock.now())
    assert of(published)[0].title == "First steps, Front desk"


def test_a_trend_of_one_wave_is_none(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        publish(session, 4, "workflow", {"": "most", "Front desk": "most", "Nursing": "most"})
        raise_and_close(session, 1, [signal()], eased=lambda *_, **__: False, now=loaded.clock.now())
    assert [picture.kind for picture in of(loaded)] == ["bar"]


def test_where_all_is_hidden_there_is_no_picture(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        for day in (3, 4):
            publish(session, day, "workflow", {"": None, "Front desk": None, "Nursing": None})
    assert of(loaded) == ()


def test_numbers_of_answers_are_a_trend_where_nothing_else_was_asked(loaded: Clinic) -> None:
    with loaded.database.begin() as session:
        for day in (3, 4):
            publish(session, day, ANSWERED, {"": "most", "Front desk": "most", "Nursing": None})
    (trend,) = of(loaded)
    assert [(one.name, one.values) for one in trend.series] == [
        ("Answered", (75, 75)),
        ("at least", (75, 75)),
        ("at most", (75, 75)),
    ]


def test_an_image_is_drawn_for_platforms_that_need_one(published: Clinic) -> None:
    assert [picture.png for picture in of(published)] == [b"", b""]
    assert all(picture.png.startswith(b"\x89PNG") for picture in of(published, platform="slack"))


def test_the_digest_reads_the_same_with_and_without_its_pictures(published: Clinic) -> None:
    with published.database.session() as session:
        golive = session.get_one(GoLive, 1)
        contact = session.exec(select(Contact).where(Contact.account == "lead")).one()
        card = write_digest(session, golive, on=date(2027, 3, 2), contact=contact)
    assert len(card.pictures) == 2
    assert "picture" not in card.text.casefold()
