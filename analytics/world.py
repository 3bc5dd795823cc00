"""The world that simulated go-lives live in: every number of it, with the reason for it."""

from dataclasses import dataclass, field

from analytics.routes import ROUTES


@dataclass(frozen=True)
class Rhythm:
    """When pulses come, in working days from the go-live (a Monday, day 0), and what they carry."""

    waves: tuple[int, ...]
    checks: frozenset[int]  #: waves with a knowledge check and the clarity item
    routes_from: int = 0  #: routes are asked from this day on


def as_planned() -> Rhythm:
    """Give the rhythm of the shipped plan, from 30 days before to 90 after.

    Weekly before, twice in the last week, every working day to day 14, three times a week to day 42, then weekly.
    Checks on three days of five in the first two weeks, then once a week.
    """
    before = (-20, -15, -10, -4, -1)
    cutover = tuple(range(11))
    hypercare = (12, 14, *(5 * week + day for week in (3, 4, 5) for day in (0, 2, 4)), 30)
    weekly = (32, *(5 * week + 2 for week in range(7, 13)))
    checks = {0, 2, 4, 5, 7, 9, 10, 12, 17, 22, 27, *weekly}
    return Rhythm((*before, *cutover, *hypercare, *weekly), frozenset(checks))


def steady(*, checks_a_week: int) -> Rhythm:
    """Give three pulses a week from 15 working days before to 60 after: the rhythm of the prototype's figures."""
    waves = tuple(5 * week + day for week in range(-3, 12) for day in (0, 2, 4))
    days = {1: (2,), 3: (0, 2, 4)}[checks_a_week]
    return Rhythm(waves, frozenset(wave for wave in waves if wave % 5 in days))


@dataclass(frozen=True)
class World:
    """How people understand, speak, answer and get round things. Logits unless said otherwise.

    The defaults were fixed before any detector was tuned on them, and stay.
    """

    # understanding: 0 is an even chance on a check of middling difficulty
    understanding: float = 1.2  #: settled level; with `slope` about four checks in five right, as after good training
    person_spread: float = 0.6  #: people differ more than teams do
    team_spread: float = 0.3  #: some teams were prepared better
    shock: float = 1.3  #: fall on the first day: half of what was learnt is not at hand when it is needed
    shock_spread: float = 0.3  #: log-normal; go-lives differ as wholes
    learning: float = 10.0  #: working days in which 1/e of the shock is left: two weeks of daily use

    # knowledge checks: four options, so a guess is right now and then; a plausible wrong option lowers it
    guess: float = 0.2  #: probability
    slope: float = 1.2
    difficulty: float = 0.2
    difficulty_spread: float = 0.6  #: checks written in a hurry differ
    team_check_spread: float = 0.4  #: a step that one team does daily another hardly sees

    # what people say
    report_spread: float = 0.6  #: permanent: the same understanding is a 3 for one and a 5 for another
    report_noise: float = 0.7  #: from one day to the next
    overconfidence: float = 0.3  #: confidence runs ahead of understanding
    cuts: tuple[float, float, float, float] = (-1.6, -0.6, 0.4, 1.5)  #: 1|2|3|4|5; three in four say 4-5 when settled
    peers_noise: float = 0.8  #: one sees little of one's colleagues
    not_sure: float = -3.2  #: at understanding 0
    not_sure_slope: float = -0.6  #: "not sure" is picked rarely, and more by those who are lost
    stuck: float = -1.8  #: "often" or "still" at understanding 0
    stuck_slope: float = -1.0
    straight: tuple[float, float] = (
        1.2,
        8.0,
    )  #: Beta: a person's share of straight-lined responses, about one in eight
    low_mood: float = -0.5  #: on every report during a bad spell
    mood_starts: float = 0.02  #: per team and working day: a bad week every two months
    mood_ends: float = 0.2

    # who answers
    answering: float = 1.4  #: four in five when at work and not tired of it
    answering_spread: float = 0.8  #: some always, some hardly
    answering_team_spread: float = 0.25  #: a team lead who reminds, a ward without signal
    shift_workers: float = 0.4  #: share of people with a weekly pattern of fewer than five days
    shift_days: float = 0.7  #: of those days
    off_shift: float = -2.5  #: a pulse on a day off is mostly left
    leave_starts: float = 0.008  #: per person and working day: two spells a year
    leave_ends: float = 0.15  #: a week and a half
    leave_known: float = 0.7  #: told to the roster, so not invited
    busy: float = -0.7  #: a busy spell
    busy_starts: float = 0.03  #: per team and working day
    busy_ends: float = 0.3  #: three days
    fatigue: float = -0.012  #: per pulse since the first; after forty pulses a third fewer answer
    outage: float = 0.01  #: per working day: the chat is down for everybody
    outage_effect: float = -2.5

    # ways round the system
    popularity: tuple[float, ...] = (0.22, 0.12, 0.14, 0.10, 0.14, 0.05, 0.13, 0.07, 0.03)  #: in the order of ROUTES
    burst: float = 0.03  #: new ways round per person and working day right after the go-live, over all routes
    burst_ends: float = 8.0  #: working days
    background: float = 0.002  #: per person and working day, always
    dropped: float = 0.1  #: a way round is given up, per working day
    habit: float = 0.08  #: share of people with one permanent way round of their own
    mentioned: float = 0.5  #: probability that a way round in use is reported
    said_new: float = 0.8  #: the first report is marked as new
    said_new_again: float = 0.08  #: a later report is marked as new, wrongly
    mistaken: float = 0.004  #: a response reports a way round that is none

    # questions, asked at any time
    asking: float = -3.8  #: per person and working day, at understanding 0; settled, about one person in a hundred asks
    asking_slope: float = -0.7  #: the first day of a go-live brings two to three times as many
    asking_spread: float = 0.6  #: some ask, some find out
    topics: tuple[float, ...] = (0.24, 0.18, 0.14, 0.12, 0.1, 0.09, 0.07, 0.06)  #: some steps are asked about most

    def __post_init__(self) -> None:
        if len(self.popularity) != len(ROUTES):
            raise ValueError("popularity has one share per route")


@dataclass(frozen=True)
class Episode:
    """A trouble in one team, with known truth."""

    kind: str  #: silent, quiet, open, nodded, lagging, workaround or burst
    team: int = 0
    onset: tuple[int, int] = (2, 30)  #: working days, drawn evenly between both
    affected: float = 0.8  #: share of the team that it reaches; somebody always knows
    drop: float = 1.4  #: understanding lost: a second go-live day, for this team alone
    ramp: float = 4.0  #: working days until the drop is full
    masked: float = 0.6  #: share of responses of those affected that say "fine"
    straight: float = (
        0.6  #: share of masked responses with every item at the same mark: "fine" is said to be done with it
    )
    silence: float = -0.8  #: on answering, for those affected
    asks: bool = False  #: those affected ask as often as their understanding asks for; else as if all were well
    spread: float = 0.25  #: workarounds: chance per working day to take on what every colleague does already
    seeds: float = 0.02  #: workarounds: chance per working day to take it on from nobody, from the onset on
    leak: float = 0.02  #: workarounds: the same as `spread`, towards other teams
    given_up: float = 0.02  #: workarounds: a way round that works is seldom given up
    wonders: float = 0.05  #: bursts: chance per working day that somebody affected asks about the one topic
    lasts: int = 10  #: bursts: working days until word has gone round


SILENT = Episode("silent")
QUIET = Episode("quiet", masked=0.0, straight=0.0, silence=-1.2)
OPEN = Episode("open", masked=0.0, straight=0.0, silence=0.0, asks=True)
#: nodded in training and never understood: with the old system nothing shows; from the first day on the new one there
#: is nothing to fall back on. Half of the responses say "fine", and fewer stay away than when something breaks later
NODDED = Episode("nodded", onset=(0, 0), ramp=1.0, masked=0.5, silence=-0.4)
#: as well prepared as all others on the first day, but what that day took away never comes back
LAGGING = Episode("lagging", onset=(0, 0), masked=0.5, silence=-0.4)
WORKAROUND = Episode("workaround", affected=0.0)
#: one step that nobody was told about: everybody runs into it, whichever team they are in
BURST = Episode("burst", affected=0.6)


@dataclass(frozen=True)
class Practice:
    """An organisation as it goes live: how many people in which teams, in which world, asked when."""

    sizes: tuple[int, ...]
    rhythm: Rhythm = field(default_factory=as_planned)
    world: World = field(default_factory=World)
