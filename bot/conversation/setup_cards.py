"""The cards of setting up a go-live: names and date, teams, leads, the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from adapters.chat import Action, Address, Card, Choice, Field
from bot.texts import Texts, languages
from surveys.cadence import occurrences
from surveys.golive_draft import Draft, DraftTeam
from surveys.golive_file import GoLiveFile
from surveys.mistakes import Mistake
from surveys.plans import load_plan, plan_names
from surveys.roster_file import NAME_LIMIT

TEAM, GROUP, PEOPLE, LEAD, LEAD_NAME = "team", "group", "people", "lead", "lead_name"
ONE_LINE = 80  # characters of a name; files may have longer ones
MOST_PEOPLE = 3000  # characters in one field
MOST_SHOWN = 8  # mistakes at once: more are not read


def head(say: Texts, draft: Draft) -> Card:
    fields = [
        Field(
            "organisation", say("setup-organisation"), hint=say("setup-organisation-hint"), optional=False,
            max_length=ONE_LINE, value=draft.organisation,
        ),
        Field(
            "system", say("setup-system"), hint=say("setup-system-hint"), optional=False,
            max_length=ONE_LINE, value=draft.system,
        ),
        Field("on", say("setup-date"), kind="date", optional=False, max_length=10, value=draft.on),
        Field(
            "timezone", say("setup-zone"), hint=say("setup-zone-hint"), optional=False,
            max_length=60, value=draft.timezone,
        ),
        Field(
            "plan", say("setup-plan"), value=draft.plan, optional=False,
            choices=tuple(Choice(name, say(f"setup-plan-{name}")) for name in plan_names()),
        ),
    ]  # fmt: skip
    if len(languages()) > 1:
        known = tuple(Choice(one, one) for one in languages())
        fields.append(Field("language", say("setup-language"), known, optional=False, value=draft.language))
    return Card(say("setup-intro"), fields=tuple(fields), actions=(submit("new-teams", say("setup-next")), leave(say)))


def teams(say: Texts, draft: Draft, *, groups: bool) -> Card:
    """Room for one more team; where a platform lists channels and groups, one can be picked."""
    fields = [Field(TEAM, say("setup-team"), hint=say("setup-team-hint"), max_length=NAME_LIMIT)]
    if groups:
        fields.append(Field(GROUP, say("setup-group"), hint=say("setup-group-hint"), kind="group", max_length=200))
    fields.append(Field(PEOPLE, say("setup-people"), hint=say("setup-people-hint"), max_length=MOST_PEOPLE))
    actions = [submit("new-team", say("setup-team-add")), Action("new-leads", say("setup-next"), submits=True)]
    if draft.teams:
        actions.append(Action("new-teams-anew", say("setup-teams-anew")))
    return Card(so_far(say, draft), fields=tuple(fields), actions=(*actions, leave(say)))


def so_far(say: Texts, draft: Draft) -> str:
    if not draft.teams:
        return say("setup-teams-intro")
    lines = [team_line(say, team) for team in draft.teams]
    return f"{say('setup-teams-so-far')}\n" + "\n".join(f"- {line}" for line in lines)


def team_line(say: Texts, team: DraftTeam, listed: int | None = None) -> str:
    if team.source and listed is None:
        return say("setup-team-from-channel", team=team.name)
    typed = len([line for line in team.people.splitlines() if line.strip()])
    return say("setup-team-typed", team=team.name, count=typed if listed is None else listed)


def filled(form: Card, team: DraftTeam, *, group: str) -> Card:
    """The form with what was written, so that only what is wrong is written again."""
    written = {TEAM: team.name, GROUP: group, PEOPLE: team.people}
    return replace(form, fields=tuple(replace(one, value=written.get(one.name, one.value)) for one in form.fields))


def problem_with(say: Texts, *, name: str, group: str, people: str) -> str:
    """What a team still lacks; nothing when it can be read."""
    if not name:
        return say("setup-team-unnamed")
    if group and people:
        return say("setup-team-both")
    return "" if group or people else say("setup-team-nobody")


def leads(say: Texts, draft: Draft, *, sender: Address) -> Card:
    """Room for one more lead; the first is whoever sets it up, unless they say otherwise."""
    text = say("setup-leads-intro")
    if draft.leads:
        text = f"{text}\n\n{say('setup-leads-so-far', list=', '.join(lead.name for lead in draft.leads))}"
    account = "" if draft.leads else sender.account
    first = not draft.leads
    fields = (
        Field(
            LEAD_NAME, say("setup-lead-name"), hint=say("setup-lead-name-hint"), optional=not first,
            max_length=NAME_LIMIT,
        ),
        Field(LEAD, say("setup-lead"), kind="person", optional=not first, max_length=200, value=account),
    )  # fmt: skip
    actions = (submit("new-look", say("setup-look")), Action("new-lead", say("setup-lead-add"), submits=True))
    return Card(text, fields=fields, actions=(*actions, leave(say)))


def preview(say: Texts, draft: Draft, file: GoLiveFile, *, sizes: Mapping[str, int | None], today: date) -> Card:
    """The whole, before anything of it is stored."""
    facts: dict[str, str | float] = {
        "system": file.system,
        "organisation": file.organisation,
        "date": say.day(file.date),
        "timezone": file.timezone,
    }
    lines = [team_line(say, team, sizes.get(team.name)) for team in draft.teams]
    unread = [name for name, size in sizes.items() if size is None]
    parts = [
        say("setup-preview"),
        say("setup-preview-what", **facts),
        pulses(say, file, today=today),
        "\n".join(f"- {line}" for line in lines),
        *(say("setup-preview-unread", team=name) for name in unread),
        say("setup-preview-leads", list=", ".join(lead.name for lead in file.leads)),
        *file.warnings,
        say("setup-preview-stays", minimum=file.group_minimum),
    ]
    return Card("\n\n".join(parts), actions=(Action("new-confirm", say("setup-confirm"), primary=True), *changes(say)))


def pulses(say: Texts, file: GoLiveFile, *, today: date) -> str:
    plan = load_plan(file.plan)
    last = file.date + timedelta(days=plan.phases[-1].last)
    coming = list(occurrences(plan, golive=file.date, since=today, until=last, closed=file.closed))
    if not coming:
        return say("setup-preview-none")
    facts: dict[str, str | float] = {"day": say.day(coming[0].on), "last": say.day(coming[-1].on)}
    return say("setup-preview-first", count=len(coming) - 1, **facts)


def changes(say: Texts) -> tuple[Action, ...]:
    return (
        Action("new", say("setup-change-head")),
        Action("new-teams", say("setup-change-teams")),
        Action("new-leads", say("setup-change-leads")),
        leave(say),
    )


def wrong(mistakes: Sequence[Mistake], say: Texts) -> Card:
    """Everything that is to be mended, and the way to each step."""
    return Card(f"{say('setup-mend')}\n{listed(mistakes)}", actions=changes(say))


def to_mend(form: Card, mistakes: Sequence[Mistake], say: Texts) -> Card:
    return replace(form, text=f"{say('setup-mend')}\n{listed(mistakes)}")


def listed(mistakes: Sequence[Mistake]) -> str:
    """The sentences of the rules, without the places in files that nobody has written."""
    return "\n".join(f"- {mistake.found} {mistake.expected}" for mistake in mistakes[:MOST_SHOWN])


def told(form: Card, sentence: str) -> Card:
    return replace(form, text=f"{sentence}\n\n{form.text}")


def submit(name: str, label: str) -> Action:
    return Action(name, label, submits=True, primary=True)


def leave(say: Texts) -> Action:
    return Action("new-cancel", say("setup-cancel"))
