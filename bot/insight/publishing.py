"""Deciding what of a sealed wave is shown, once: from counts to figures, after all that was published before."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache

from sqlmodel import Session, col, func, select

from analytics.disclosure import Minimum
from analytics.ledger import Ledger
from analytics.readiness import IN_SYSTEM, KNOWLEDGE
from analytics.wave_figures import WaveFigure, wave_figures
from bot.insight.cells import AnswerRow, answer_rows
from bot.insight.frames import GroupRow, wave_counts
from bot.insight.published import EVERYBODY, PublishedFigure, ledger_of
from surveys.bank import Phase, load_bank
from surveys.golives import GoLive, strata_of
from surveys.instruments import AskedQuestion, Instrument
from surveys.invitations import Turnout, turnouts
from surveys.waves import Fielded, Wave

OWN_MEASURES: Mapping[str, str | None] = {"knowledge": KNOWLEDGE, "route": IN_SYSTEM, "route_new": None}
WITHOUT_GOOD_END = ("text", "causes")  # scales


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that decides what of one wave is published."""

    on: date
    answers: list[AnswerRow]
    groups: list[GroupRow]
    asks: Mapping[str, frozenset[str]]  #: group -> measures
    moves: Mapping[tuple[str, str], tuple[int, int]]  #: measure and group -> who came and went since it was last said
    pillars: Mapping[str, str]
    ledger: Ledger
    minimum: int


def evidence(session: Session, wave: Wave) -> Evidence:
    golive = session.get_one(GoLive, wave.golive_id)
    strata = {key: row.name for key, row in strata_of(session, wave.golive_id).items()}
    counted = turnouts(session, wave.id or 0)
    groups = [
        (strata[key], row.reachable, max(row.members, row.reachable), row.answered) for key, row in counted.items()
    ]
    return Evidence(
        on=wave.on,
        answers=answer_rows(session, wave),
        groups=sorted(groups),
        asks=asked_about(session, wave, strata),
        moves=moves(session, wave, strata),
        pillars=pillars(wave.phase),
        ledger=ledger_of(session, wave.golive_id),
        minimum=golive.group_minimum,
    )


def moves(session: Session, wave: Wave, strata: Mapping[int, str]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Who came and went in each group, and in all of them, since each measure was last said of it."""
    last = session.execute(
        select(col(PublishedFigure.stratum_id), PublishedFigure.measure, func.max(Wave.on))
        .join(Wave, col(Wave.id) == col(PublishedFigure.wave_id))
        .where(Wave.golive_id == wave.golive_id)
        .group_by(col(PublishedFigure.stratum_id), col(PublishedFigure.measure))
    ).all()
    flows = session.execute(
        select(col(Turnout.stratum_id), col(Wave.on), col(Turnout.joined), col(Turnout.departed))
        .join(Wave, col(Wave.id) == col(Turnout.wave_id))
        .where(Wave.golive_id == wave.golive_id, col(Wave.on) <= wave.on)
    ).all()
    found = {}
    for stratum_id, measure, since in last:
        later = [row for row in flows if row.on > since and stratum_id in {None, row.stratum_id}]
        group = EVERYBODY if stratum_id is None else strata[stratum_id]
        found[measure, group] = (sum(row.joined for row in later), sum(row.departed for row in later))
    return found


def asked_about(session: Session, wave: Wave, strata: Mapping[int, str]) -> Mapping[str, frozenset[str]]:
    """Group -> the measures that its questions count for."""
    fielded = session.exec(select(Fielded).where(Fielded.wave_id == wave.id))
    return {
        strata[row.stratum_id]: frozenset(
            measure
            for question in Instrument.from_json(row.instrument).questions
            if (measure := measure_of(question, phase=wave.phase))
        )
        for row in fielded
    }


def measure_of(question: AskedQuestion, *, phase: str) -> str | None:
    """What a question counts for; None for texts and for what comes after another answer."""
    if question.construct in OWN_MEASURES:
        return OWN_MEASURES[question.construct]
    return None if question.scale in WITHOUT_GOOD_END else pillars(phase).get(question.construct)


@cache
def pillars(phase: str) -> Mapping[str, str]:
    """Construct -> pillar in a phase."""
    items = load_bank().items(phase=Phase(phase))
    return {item.construct: item.pillar for item in items if item.construct not in OWN_MEASURES}


def decide(found: Evidence) -> list[WaveFigure]:
    """What is shown of the wave; takes seconds where there are hundreds of groups, so not inside a transaction."""
    counts = wave_counts(found.answers, found.groups, asks=found.asks, pillars=found.pillars, moves=found.moves)
    minimum = Minimum(group=found.minimum, comments=max(2 * found.minimum, found.minimum))  # no comments here
    return wave_figures(counts, wave=found.on.isoformat(), minimum=minimum, ledger=found.ledger)


def keep_figures(session: Session, wave: Wave, rows: Sequence[WaveFigure]) -> None:
    by_name: dict[str, int | None] = {row.name: key for key, row in strata_of(session, wave.golive_id).items()}
    by_name[EVERYBODY] = None
    for row in rows:
        step = row.step
        session.add(
            PublishedFigure(
                wave_id=wave.id or 0, measure=row.measure, stratum_id=by_name[row.group], **asdict(row.shown),
                asked=row.asked, members=step.roster, joined=step.joined, departed=step.left,
                step_low=step.low, step_high=step.high,
            )
        )  # fmt: skip
    session.flush()
