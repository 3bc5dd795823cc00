"""A go-live set up on one page: read, shown and stored as a file would be, and as it is set up in the chat."""

from dataclasses import replace
from itertools import zip_longest

from fastapi import Response
from sqlmodel import Session

from bot.conversation.setup_cards import listed, pulses, team_line
from bot.dashboard.forms import Refused
from bot.dashboard.visit import Visit
from bot.loading import load
from surveys.errors import SurveyError
from surveys.golive_draft import Draft, DraftLead, DraftTeam
from surveys.golive_file import GoLiveFile
from surveys.golives import find_golive
from surveys.mistakes import FileMistakes
from surveys.plans import plan_names

FIRST_TEAMS = 3  # rooms for teams on an empty page
MOST_TEAMS = 60  # on one page; more are easier in a file


class AlreadySetUp(SurveyError):
    """This one is set up already. Its leads move it; everything else stands in its file."""  # noqa: D404  # the sentence that people read

    key = "dash-setup-there"


async def new(visit: Visit) -> Response:
    """An empty page, or the one that was sent, with what is to be mended."""
    await check_allowed(visit)
    return form(visit, draft_of(visit), wrong=visit.problem)


async def take(visit: Visit) -> Response:
    """One more team, a look at the whole, or the whole as it is."""
    await check_allowed(visit)
    draft, act = draft_of(visit), visit.written("act")
    if act == "back":
        return form(visit, draft)
    if act == "more":
        more = (DraftTeam(""),) if len(draft.teams) < MOST_TEAMS else ()
        return form(visit, replace(draft, teams=(*draft.teams, *more)))
    try:
        file = filled(draft).as_file(today=visit.now.date())
    except FileMistakes as wrong:
        return form(visit, draft, wrong=f"{visit.say('setup-mend')}\n{listed(wrong.mistakes)}")
    if act != "confirm":
        return preview(visit, draft, file)
    number = await visit.database.transact(set_up, file, visit=visit)
    return visit.go(f"/{number}/settings" if visit.visitor.administrator else "/")


def set_up(session: Session, file: GoLiveFile, *, visit: Visit) -> int:
    """Raises AlreadySetUp: a go-live that exists is never overwritten from a page."""
    if find_golive(session, organisation=file.organisation, system=file.system) is not None:
        raise AlreadySetUp
    return load(session, file, now=visit.now, platforms=visit.platforms, by=visit.visitor.actor).golive_id


async def check_allowed(visit: Visit) -> None:
    """Raises Refused where neither the role nor the setting allows it."""
    if not await visit.database.read(may_set_up, visit):
        raise Refused(403, "dash-not-yours")


def may_set_up(session: Session, visit: Visit) -> bool:
    if visit.visitor.administrator:
        return True
    address = visit.visitor.address_in(session)
    return address is not None and visit.set_up_by.allows(session, address)


def draft_of(visit: Visit) -> Draft:
    """What stands on the page; nothing of it is checked yet."""
    names, people = visit.form.get("team", ()), visit.form.get("people", ())
    leads, accounts = visit.form.get("lead", ()), visit.form.get("account", ())
    teams = tuple(DraftTeam(name.strip(), people=who) for name, who in zip_longest(names, people, fillvalue=""))
    usual = Draft(timezone="America/New_York")
    draft = Draft(
        organisation=visit.written("organisation"),
        system=visit.written("system"),
        on=visit.written("on"),
        timezone=visit.written("timezone") or usual.timezone,
        plan=visit.written("plan") or usual.plan,
        platform=visit.written("platform") or usual.platform,
        teams=teams[:MOST_TEAMS] or (DraftTeam(""),) * FIRST_TEAMS,
    )
    named = zip_longest(leads, accounts, fillvalue="")
    return replace(draft, leads=tuple(DraftLead(name.strip(), account.strip()) for name, account in named))


def filled(draft: Draft) -> Draft:
    """Without the rooms that stayed empty, and with whole addresses."""
    teams = tuple(team for team in draft.teams if team.name or team.people.strip())
    leads = tuple(
        replace(lead, address=draft.person(f"{lead.name}, {lead.address}")[1])
        for lead in draft.leads
        if lead.name or lead.address
    )
    return replace(draft, teams=teams, leads=leads)


def form(visit: Visit, draft: Draft, *, wrong: str = "") -> Response:
    status = 409 if wrong else 200
    return visit.show(
        "new.html", status=status, draft=draft, wrong=wrong, plans=plan_names(), platforms=sorted(visit.platforms)
    )


def preview(visit: Visit, draft: Draft, file: GoLiveFile) -> Response:
    say = visit.say
    facts: dict[str, str | float] = {
        "system": file.system,
        "organisation": file.organisation,
        "date": say.day(file.date),
        "timezone": file.timezone,
    }
    shown = [
        say("setup-preview-what", **facts),
        pulses(say, file, today=visit.now.date()),
        "\n".join(f"- {team_line(say, team)}" for team in filled(draft).teams),
        say("setup-preview-leads", list=", ".join(lead.name for lead in file.leads)),
        *file.warnings,
        say("setup-preview-stays", minimum=file.group_minimum),
    ]
    return visit.show("new_preview.html", draft=draft, shown="\n\n".join(shown))
