"""Simulated staff: what they understand, whether they answer, what they pick, what they ask."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from adapters.chat import Card, Field
from bot.rehearsal.dice import dice, roll
from bot.rehearsal.story import Story
from surveys.bank import NOT_SURE, Bank
from surveys.instruments import NO_ROUTE

Values = dict[str, tuple[str, ...]]

WRITES = 0.06  # chance of a remark with a pulse
ADMITS = 0.25  # of those who do not know, how many say so in a knowledge check
UNSURE = 0.03  # chance of "not sure" on a scale
HABIT = 0.06  # one in sixteen keeps a list in a drawer, before and after
YES = 0.55  # to a yes-or-no question, on a usual day

REMARKS = (
    "Slower than last week, but it is coming along.",
    "The huddle this morning helped.",
    "Two screens for one thing still feels odd.",
    "Printing took three tries again.",
    "Better than I had feared.",
    "More time for practice would have been good.",
    "The short guide at the desk is handy.",
    "I keep looking for the button that saves.",
)
QUESTIONS = (
    "Where do we note that somebody would rather be called than written to?",
    "Who can merge two charts of the same person?",
    "Is there a way to see tomorrow's list before noon?",
    "What do we do when the label printer and the screen disagree?",
    "How do we undo a check-in that was made by mistake?",
    "Does the portal tell people that their message was read?",
    "Which of the three note types is meant for phone calls?",
    "Who do we call when the login does not work before eight?",
    "Can we hand a task over at the end of a shift?",
)


@dataclass(frozen=True, slots=True)
class Nature:
    """What sets people apart. Drawn once per person; the spreads are those of the simulated world in `analytics`."""

    answering: float  #: chance of answering a pulse
    skill: float  #: on a scale where 0 is usual and 1 is a clear difference
    voice: float  #: how much higher or lower than felt somebody marks
    habit: bool  #: has a way of their own round the system, from the first day on

    @classmethod
    def of(cls, account: str, *, seed: int) -> "Nature":
        chance = dice(seed, "nature", account)
        return cls(
            answering=min(max(chance.gauss(0.84, 0.07), 0.6), 0.97),
            skill=chance.gauss(0, 0.4),
            voice=chance.gauss(0, 0.4),
            habit=chance.random() < HABIT,
        )


@dataclass(slots=True)
class Staff:
    """One simulated person, who knows the cards in front of them and nothing else of the bot."""

    account: str
    team: str
    rights: Mapping[str, str]  #: text of a knowledge check -> label of its right answer
    bank: Bank
    story: Story
    seed: int
    told: set[str] = field(default_factory=set)  #: routes reported before
    pulses: int = 0

    def answers(self, *, day: int, eased: Mapping[str, int]) -> bool:
        """Whether they answer a pulse of this day at all; people who are quietly confused answer less."""
        chance = Nature.of(self.account, seed=self.seed).answering - 0.001 * self.pulses
        self.pulses += 1
        if self._in("silent_confusion", day=day, eased=eased):
            chance -= 0.25
        return roll(self.seed, "answers", self.account, day) < chance

    def fill_in(self, card: Card, *, day: int, eased: Mapping[str, int]) -> Values:
        """Fill in a prompt."""
        chance = dice(self.seed, "answers with", self.account, day)
        nature = Nature.of(self.account, seed=self.seed)
        # Understanding falls on the first day and comes back over two weeks.
        lost = 1.0 * math.exp(-day / 10) if day >= 0 else 0.0
        level = 0.9 + nature.skill - lost
        confused = self._in("silent_confusion", day=day, eased=eased)
        routes = self._routes(day=day, eased=eased)
        values: Values = {}
        for question in card.fields:
            picked = self._pick(question, chance, level=level, confused=confused, routes=routes)
            if picked:
                values[question.name] = picked
        if "route_new" in {self._construct(question) for question in card.fields}:
            self.told |= set(routes)
        return values

    def _in(self, kind: str, *, day: int, eased: Mapping[str, int]) -> bool:
        return self.story.in_trouble(kind, team=self.team, account=self.account, day=day, eased=eased, seed=self.seed)

    def _routes(self, *, day: int, eased: Mapping[str, int]) -> tuple[str, ...]:
        routes = []
        if self._in("workaround", day=day, eased=eased):
            routes.append(next(one.route for one in self.story.planted if one.kind == "workaround"))
        if Nature.of(self.account, seed=self.seed).habit and day >= 0:
            routes.append("later_entry")
        # Now and then, more often in the first days, somebody goes round the system just once.
        if day >= 0 and roll(self.seed, "once", self.account, day) < 0.02 + 0.10 * math.exp(-day / 7):
            routes.append(dice(self.seed, "route", self.account, day).choice(("word_of_mouth", "copy_paste", "other")))
        return tuple(dict.fromkeys(routes))

    def _construct(self, question: Field) -> str:
        known = self.bank.by_name.get(question.name)
        return known.construct if known else "knowledge"

    def _pick(
        self, question: Field, chance: Random, *, level: float, confused: bool, routes: tuple[str, ...]
    ) -> tuple[str, ...]:
        if not question.choices:
            return (chance.choice(REMARKS),) if chance.random() < WRITES else ()
        construct = self._construct(question)
        if construct == "route":
            return routes or (NO_ROUTE,)
        if construct == "route_new":
            return ("yes" if set(routes) - self.told else "no",)
        if construct == "knowledge":
            return (self._check(question, chance, level=level, confused=confused),)
        return (self._say(question, chance, level=level, confused=confused),)

    def _say(self, question: Field, chance: Random, *, level: float, confused: bool) -> str:
        """What they say about themselves, on whatever scale."""
        shown = [choice.value for choice in question.choices]
        if "1" in shown:
            direction = self.bank.item(question.name).direction
            return self._mark(chance, level=level, confused=confused, direction=direction)
        if "still" in shown:
            felt = 0.4 if confused else 1.0 - 0.7 * level
            return ("never", "once", "often", "still")[min(max(round(chance.gauss(felt, 0.6)), 0), 3)]
        if "yes" in shown:
            return "yes" if chance.random() < YES + 0.2 * min(level, 1.5) else "no"
        return chance.choice(shown)

    def _check(self, question: Field, chance: Random, *, level: float, confused: bool) -> str:
        """Those who were taught the wrong first step take it; the others mostly know."""
        right = next((c.value for c in question.choices if c.label == self.rights.get(question.label)), None)
        wrong = [c.value for c in question.choices if c.value not in {right, NOT_SURE}]
        knows = 0.15 if confused else 1 / (1 + math.exp(-(1.3 + 1.1 * level)))
        if right is not None and chance.random() < knows:
            return right
        return NOT_SURE if not confused and chance.random() < ADMITS else chance.choice(wrong)

    def _mark(self, chance: Random, *, level: float, confused: bool, direction: int) -> str:
        """What they say, which under a silent confusion is that all is well."""
        if not confused and chance.random() < UNSURE:
            return NOT_SURE
        felt = 4.4 if confused else 3.3 + 0.8 * level
        mark = min(max(round(felt + Nature.of(self.account, seed=self.seed).voice + chance.gauss(0, 0.6)), 1), 5)
        return str(mark if direction > 0 else 6 - mark)
