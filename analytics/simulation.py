"""Simulated go-lives with known truth, many organisations at a time, straight into stream arrays."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.frames import History, cell_frame
from analytics.panel import ROUTE_STREAMS, Bools, Floats, Ints, Panel, Stream
from analytics.routes import ROUTES
from analytics.world import Episode, Practice

ROUTE = 0  # the planted way round: paper
TOPIC = 3  # what a planted burst of questions is about
NO_ONSET = -1  # no episode, or a way round that nobody has taken up yet
LATELY = 10  # working days in which answers count as recent
WARM_UP = 20  # working days before the first pulse in which leave and spells find their usual level
SCALE_STREAMS = ("wrong", "fine_but_wrong", "flat", "not_sure", "low", "short_of_best", "self_above_peers")


@dataclass(frozen=True)
class Simulated:
    """Organisations along the first axis of every array of `panel`, and the truth about them."""

    panel: Panel
    sizes: tuple[int, ...]
    episode: Episode | None
    onset: Ints  #: (organisation,), working day on which the trouble began; NO_ONSET where there was none
    adopters: Floats  #: (organisation, team, wave): people in whom the planted way round is in use
    different: Floats  #: (organisation, team, wave): people who answered at least once in the last ten working days
    questions: Floats  #: (organisation, topic, team, day): asked on each working day from the first wave to the last


def simulate(practice: Practice, organisations: int, *, seed: int, episode: Episode | None = None) -> Simulated:
    """Play `organisations` go-lives of one practice. Same arguments, same outcome."""
    rng = np.random.default_rng(seed)
    people = _People(practice, organisations, rng, episode)
    rhythm, shape = practice.rhythm, (organisations, len(practice.sizes), len(practice.rhythm.waves))
    streams = {name: Stream(np.zeros(shape), np.zeros(shape)) for name in ("nonresponse", *SCALE_STREAMS)}
    routes = (organisations, len(ROUTES), *shape[1:])
    streams |= {name: Stream(np.zeros(routes), np.zeros(routes)) for name in ("report", "first_report")}
    adopters, different = np.zeros(shape), np.zeros(shape)
    first, last = rhythm.waves[0], rhythm.waves[-1]
    questions = np.zeros((organisations, len(practice.world.topics), len(practice.sizes), last - first + 1))
    slots = {day: wave for wave, day in enumerate(rhythm.waves)}
    for day in range(first - WARM_UP, last + 1):
        people.live(day)
        if day >= first:
            questions[..., day - first] = people.ask()
        if day not in slots:
            continue
        wave = slots[day]
        counts = people.answer(wave, checked=day in rhythm.checks, routed=day >= rhythm.routes_from)
        for name, (x, n) in counts.items():
            streams[name].x[..., wave], streams[name].n[..., wave] = x, n
        different[..., wave] = people.by_team(day - people.answered_on < LATELY)
        adopters[..., wave] = people.by_team(people.planted & people.uses[ROUTE])
    panel = Panel(np.array(rhythm.waves, dtype=np.int64), streams)
    began = people.taken_up if episode is not None and episode.kind == "workaround" else people.onset
    return Simulated(panel, practice.sizes, episode, began, adopters, different, questions)


def as_history(simulated: Simulated, organisation: int, *, golive: date) -> History:
    """Give one organisation as the cells that a real go-live would have; `golive` is a Monday."""
    rows = []
    stamps = np.busday_offset(np.datetime64(golive), simulated.panel.days)
    for name, stream in simulated.panel.streams.items():
        routes = ROUTES if name in ROUTE_STREAMS else ("",)
        x, n = stream.x[organisation], stream.n[organisation]
        shape = (len(routes), len(simulated.sizes), len(stamps))
        route, team, wave = (axis.ravel() for axis in np.indices(shape))
        rows.append(
            pd.DataFrame(
                {
                    "date": stamps[wave],
                    "team": np.array([f"team {i + 1}" for i in range(len(simulated.sizes))])[team],
                    "stream": name,
                    "route": np.array(routes)[route],
                    "x": x.reshape(-1),
                    "n": n.reshape(-1),
                }
            )
        )
    cells = pd.concat(rows)
    frame = cell_frame(cells.loc[cells["n"] > 0].reset_index(drop=True))
    return History(frame, golive, frame["date"].max().date() if len(frame) else golive)


class _People:
    """Everybody in every organisation on one day: arrays (organisation, person), teams side by side."""

    def __init__(
        self, practice: Practice, organisations: int, rng: np.random.Generator, episode: Episode | None
    ) -> None:
        world = practice.world
        self.world, self.rng, self.episode = world, rng, episode
        self.team = np.repeat(np.arange(len(practice.sizes)), practice.sizes)
        self.starts = np.concatenate([[0], np.cumsum(practice.sizes)[:-1]])
        self.sizes = np.array(practice.sizes)
        self.shape = (organisations, len(self.team))
        self.teams = (organisations, len(practice.sizes))
        self.skill = self._normal(world.person_spread) + self._team_normal(world.team_spread)
        self.shock = world.shock * np.exp(world.shock_spread * rng.standard_normal((organisations, 1)))
        self.voice = self._normal(world.report_spread)
        self.straight = rng.beta(*world.straight, self.shape)
        self.willing = (
            world.answering + self._normal(world.answering_spread) + self._team_normal(world.answering_team_spread)
        )
        shift = (rng.random(self.shape) < world.shift_workers)[..., None]
        self.works = ~shift | (rng.random((*self.shape, 5)) < world.shift_days)
        self.leave, self.leave_known = np.zeros(self.shape, dtype=bool), np.zeros(self.shape, dtype=bool)
        self.busy, self.moody = np.zeros(self.teams, dtype=bool), np.zeros(self.teams, dtype=bool)
        self.outage = np.zeros((organisations, 1), dtype=bool)
        self.pulses = 0
        self.answered_on = np.full(self.shape, np.iinfo(np.int64).min // 2)
        routes = (len(ROUTES), *self.shape)
        self.uses, self.told = np.zeros(routes, dtype=bool), np.zeros(routes, dtype=bool)
        own = rng.choice(len(ROUTES), self.shape, p=world.popularity)
        self.habit = (np.arange(len(ROUTES))[:, None, None] == own) & (rng.random(self.shape) < world.habit)
        self.planted = np.zeros(self.shape, dtype=bool)
        self.onset = np.full(organisations, NO_ONSET, dtype=np.int64)
        self.touched = np.zeros(self.shape, dtype=bool)
        self.taken_up = np.full(organisations, NO_ONSET, dtype=np.int64)
        if episode is not None:
            first, last = episode.onset
            self.onset = rng.integers(first, last + 1, organisations)
            here = (self.team == episode.team) | (episode.kind == "burst")
            self.touched = here & (rng.random(self.shape) < episode.affected)
        self.curious = rng.spawn(1)[0]  # questions leave the answers as they are
        self.asker = world.asking + world.asking_spread * self.curious.standard_normal(self.shape)
        self.understood = self.true = np.zeros(self.shape)
        self.trouble, self.wonders = np.zeros(self.shape, dtype=bool), np.zeros(self.shape, dtype=bool)
        self.day = 0

    def by_team(self, values: npt.NDArray[np.generic]) -> Floats:
        """Sum over the people of each team: (..., team)."""
        summed: Floats = np.add.reduceat(values.astype(np.float64), self.starts, axis=-1)
        return summed

    def live(self, day: int) -> None:
        """Let a working day pass."""
        world, rng = self.world, self.rng
        self.day = day
        self.leave, began = _spell(rng, self.leave, world.leave_starts, world.leave_ends)
        self.leave_known = np.where(began, rng.random(self.shape) < world.leave_known, self.leave_known)
        self.busy, _ = _spell(rng, self.busy, world.busy_starts, world.busy_ends)
        self.moody, _ = _spell(rng, self.moody, world.mood_starts, world.mood_ends)
        self.outage = rng.random((self.shape[0], 1)) < world.outage
        lost = self.shock * np.exp(-day / world.learning) if day >= 0 else np.zeros_like(self.shock)
        self.understood = world.understanding + self.skill - lost
        self.true = self.understood.copy()
        since = day - self.onset[:, None]
        if self.episode is not None:
            self.trouble = self.touched & (since >= 0) & (self.episode.kind != "burst")
            self.wonders = self.touched & (since >= 0) & (since < self.episode.lasts) & (self.episode.kind == "burst")
            if self.episode.kind == "lagging" and day >= 0:  # what was lost on the first day does not come back
                self.true = np.where(self.touched, world.understanding + self.skill - self.shock, self.true)
            else:
                ramp = np.clip((since + 1) / self.episode.ramp, 0.0, 1.0)
                self.true = self.true - self.episode.drop * ramp * self.trouble
        if day >= 0:
            self._get_round(day, since)

    def ask(self) -> Floats:
        """Questions of the day by topic: (organisation, topic, team)."""
        world, rng = self.world, self.curious
        asks = self.true if self.episode is not None and self.episode.asks else self.understood
        here = ~self.leave & self.works[..., self.day % 5]
        asked = here & (rng.random(self.shape) < _expit(self.asker + world.asking_slope * asks))
        topic = rng.choice(len(world.topics), self.shape, p=world.topics)
        each = asked[:, None] & (topic[:, None] == np.arange(len(world.topics))[:, None])
        if self.episode is not None:
            each[:, TOPIC] |= here & self.wonders & (rng.random(self.shape) < self.episode.wonders)
        return self.by_team(each)

    def answer(self, wave: int, *, checked: bool, routed: bool) -> dict[str, tuple[Floats, Floats]]:
        """Send a pulse; x and n per stream that came back, (organisation, team) or (organisation, route, team)."""
        world, rng = self.world, self.rng
        invited = ~(self.leave & self.leave_known)
        logit = self.willing + world.fatigue * self.pulses + world.busy * self.busy[:, self.team]
        logit = logit + world.off_shift * ~self.works[..., self.day % 5] + world.outage_effect * self.outage
        if self.episode is not None:
            logit = logit + self.episode.silence * self.trouble
        answered = invited & ~self.leave & (rng.random(self.shape) < _expit(logit))
        self.pulses += 1
        self.answered_on[answered] = self.day
        counts = {"nonresponse": (self.by_team(invited & ~answered), self.by_team(invited))}
        counts |= self._scales(answered, checked=checked, turn=wave % 2)
        if routed:
            counts |= self._routes(answered)
        return counts

    def _scales(self, answered: Bools, *, checked: bool, turn: int) -> dict[str, tuple[Floats, Floats]]:
        world, rng = self.world, self.rng
        masks = np.zeros(self.shape, dtype=bool)
        if self.episode is not None:
            masks = self.trouble & (rng.random(self.shape) < self.episode.masked)
        said = np.where(masks, self.understood, self.true)
        level = said + self.voice + np.where(masks, 0.0, world.low_mood * self.moody[:, self.team])
        straight = rng.random(self.shape) < self.straight
        if self.episode is not None:
            straight |= masks & (rng.random(self.shape) < self.episode.straight)
        first = self._mark(level)
        through = 0.5 + 0.6 * level + world.busy * 0.5 * self.busy[:, self.team]
        peers = np.zeros(0)
        if checked:  # clarity, got through
            marks = [first, self._mark(through)]
        elif turn:  # got through, workload
            marks = [self._mark(through), self._mark(through)]
        else:  # confidence, peers
            mates = (self.by_team(self.true) / self.sizes)[:, self.team]
            peers = self._mark(mates, noise=world.peers_noise + world.report_spread)
            first = self._mark(level + world.overconfidence)
            marks = [first, peers]
        marks = [marks[0], np.where(straight, marks[0], marks[1])]
        unsure = [
            ~straight & (rng.random(self.shape) < _expit(world.not_sure + world.not_sure_slope * said)) for _ in marks
        ]
        rows = float(len(marks))
        low = np.sum([(mark <= 2) & ~ns & answered for mark, ns in zip(marks, unsure, strict=True)], axis=0)  # noqa: PLR2004  # 1-2 of 5
        if not checked:
            still = rng.random(self.shape) < _expit(world.stuck + world.stuck_slope * said)
            low = low + (answered & ~masks & still)
            rows += 1
        flat = (marks[0] == marks[1]) & (marks[0] >= 4) & ~unsure[0] & ~unsure[1] & answered  # noqa: PLR2004  # favourable
        heads = self.by_team(answered)
        counts = {
            "flat": (self.by_team(flat), heads),
            "low": (self.by_team(low), rows * heads),
            "short_of_best": (
                self.by_team(np.sum([(5 - m) * (~ns & answered) for m, ns in zip(marks, unsure, strict=True)], axis=0)),
                self.by_team(np.sum([4 * (~ns & answered) for ns in unsure], axis=0)),
            ),
            "not_sure": (self.by_team((unsure[0] & answered).astype(int) + (unsure[1] & answered)), rows * heads),
        }
        if peers.size:
            both = answered & ~unsure[0] & ~unsure[1]
            counts["self_above_peers"] = (self.by_team(both & (marks[0] - marks[1] >= 2)), self.by_team(both))  # noqa: PLR2004  # clearly
        if checked:
            hard = world.difficulty + world.difficulty_spread * rng.standard_normal((self.shape[0], 1))
            hard = hard + self._team_normal(world.team_check_spread)
            knows = world.guess + (1 - world.guess) * _expit(world.slope * (self.true - hard))
            wrong = answered & (rng.random(self.shape) >= knows)
            counts["wrong"] = (self.by_team(wrong), heads)
            counts["fine_but_wrong"] = (self.by_team(wrong & (first >= 4) & ~unsure[0]), heads)  # noqa: PLR2004  # 4-5 of 5
        return counts

    def _routes(self, answered: Bools) -> dict[str, tuple[Floats, Floats]]:
        world, rng = self.world, self.rng
        using = (self.uses | self.habit) & answered & (rng.random(self.uses.shape) < world.mentioned)
        by_mistake = ~using & answered & (rng.random(self.uses.shape) < world.mistaken / len(ROUTES))
        chance = np.where(self.told, world.said_new_again, world.said_new)
        new = (using & (rng.random(self.uses.shape) < chance)) | by_mistake
        self.told |= using
        heads = np.broadcast_to(self.by_team(answered)[:, None], (self.teams[0], len(ROUTES), self.teams[1]))
        report = np.moveaxis(self.by_team(using | by_mistake), 0, 1)
        return {"report": (report, heads), "first_report": (np.moveaxis(self.by_team(new), 0, 1), heads)}

    def _get_round(self, day: int, since: Ints) -> None:
        world, rng = self.world, self.rng
        share = np.array(world.popularity)[:, None, None]
        hazard = (world.background + world.burst * np.exp(-day / world.burst_ends)) * share
        draw = rng.random(self.uses.shape)
        begins = ~self.uses & (draw < hazard)
        keeps = self.uses & (draw >= world.dropped)
        if self.episode is not None and self.episode.kind == "workaround":
            episode = self.episode
            here = self.team == episode.team
            active = self.planted & self.uses[ROUTE]
            mine = (self.by_team(active) / self.sizes)[:, self.team]
            origin = mine[:, [int(np.argmax(here))]]
            pull = np.where(here, episode.seeds + episode.spread * mine, episode.leak * origin)
            fresh = (rng.random(self.shape) < pull * (since >= 0)) & ~self.uses[ROUTE]
            stays = active & (rng.random(self.shape) >= episode.given_up)
            self.planted = (active & stays) | fresh
            begins[ROUTE] |= fresh
            started = (fresh & here).any(axis=-1) & (self.taken_up == NO_ONSET)
            self.taken_up = np.where(started, day, self.taken_up)
            keeps[ROUTE] = np.where(active, stays, keeps[ROUTE])
        self.uses = keeps | begins
        self.told &= self.uses | self.habit

    def _mark(self, level: Floats, *, noise: float | None = None) -> Floats:
        spread = self.world.report_noise if noise is None else noise
        felt = level + spread * self.rng.standard_normal(self.shape)
        marks: Floats = (1 + np.searchsorted(np.array(self.world.cuts), felt)).astype(np.float64)
        return marks

    def _normal(self, spread: float) -> Floats:
        return spread * self.rng.standard_normal(self.shape)

    def _team_normal(self, spread: float) -> Floats:
        drawn: Floats = (spread * self.rng.standard_normal(self.teams))[:, self.team]
        return drawn


def _spell(rng: np.random.Generator, on: Bools, starts: float, ends: float) -> tuple[Bools, Bools]:
    draw = rng.random(on.shape)
    began = ~on & (draw < starts)
    return (on & (draw >= ends)) | began, began


def _expit(logit: Floats) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-logit))
    return chance
