"""A go-live set up in a chat, in three steps and a look at the whole: what ends up stored is what a file would make."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, select

from adapters.chat import Action, Address, Came, Card, DeliveryError, Directory, Pressed, Reply, Said, Submitted
from bot.audit import Actor
from bot.clock import local_date
from bot.conversation import setup_cards as cards
from bot.conversation.drafts import Drafts
from bot.conversation.setup_cards import GROUP, LEAD, LEAD_NAME, PEOPLE, TEAM
from bot.delivery.contacts import Contact, is_at, parse_address
from bot.loading import load
from bot.storage.database import Database
from bot.texts import FALLBACK, Texts, texts
from bot.who_sets_up import SetUpBy
from surveys.golive_draft import Draft, DraftLead, DraftTeam
from surveys.golives import find_golive
from surveys.mistakes import FileMistakes, Mistake
from surveys.zones import is_place

IN_CHAT = Actor("chat")  #: whoever the installation lets set up a go-live there

#: What is pressed on the way; the first is a word as well.
STEPS = (
    "new", "new-teams", "new-team", "new-teams-anew", "new-leads", "new-lead", "new-look", "new-confirm", "new-cancel",
)  # fmt: skip

Heard = Said | Pressed | Submitted


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody did on the way, and what they have put together so far."""

    incoming: Heard
    draft: Draft
    say: Texts
    now: datetime

    @property
    def sender(self) -> Address:
        return self.incoming.sender

    def written(self, name: str) -> str:
        given = self.incoming.values.get(name, ()) if isinstance(self.incoming, Submitted) else ()
        return "\n".join(given).strip()

    @property
    def today(self) -> date:
        """Where the go-live is, as far as that is known."""
        zone = self.draft.timezone
        return local_date(self.now, zone if is_place(zone) else "UTC")

    @property
    def gives(self) -> bool:
        """Whether a filled-in form came along."""
        return isinstance(self.incoming, Submitted)


class SettingUp:
    def __init__(
        self, database: Database, *, allowed: SetUpBy, directories: Mapping[str, Directory], platforms: Collection[str]
    ) -> None:
        self._database = database
        self._allowed = allowed
        self._directories = directories
        self._platforms = platforms
        self._drafts = Drafts()
        steps = (
            self.new, self.teams, self.team, self.teams_anew, self.leads, self.lead, self.look, self.confirm,
            self.cancel,
        )  # fmt: skip
        self._verbs: Mapping[str, Callable[[Step], Awaitable[Card]]] = dict(zip(STEPS, steps, strict=True))

    def forget(self, now: datetime) -> None:
        self._drafts.forget(now)

    async def answer(self, incoming: Heard, verb: str, *, now: datetime) -> Reply:
        sender = incoming.sender
        allowed, known = await self._database.read(self._known, sender)
        say = texts(known.language if known and known.language else FALLBACK)
        if not allowed:
            return Reply(Card(say("setup-not-allowed")))
        draft = self._drafts.of(sender, now=now)
        begins = verb in {"new", "new-cancel"} or (verb == "new-teams" and isinstance(incoming, Submitted))
        if draft is None and not begins:
            return Reply(Card(say("setup-over")))
        zone = incoming.timezone or (known.timezone if known else "")
        begun = draft or Draft(
            platform=sender.platform, workspace=sender.workspace, timezone=zone, language=say.language
        )
        return Reply(await self._verbs[verb](Step(incoming, begun, say, now)))

    async def welcome(self, incoming: Came) -> Reply:
        """First words to somebody who is in no go-live: how one is set up, if they may, else whom to ask."""
        allowed, known = await self._database.read(self._known, incoming.sender)
        say = texts(known.language if known and known.language else FALLBACK)
        if not allowed:
            return Reply(Card(say("welcome-stranger")))
        return Reply(Card(say("welcome-founder"), actions=(Action("new", say("menu-new"), primary=True),)))

    def _known(self, session: Session, sender: Address) -> tuple[bool, Contact | None]:
        contact = session.exec(select(Contact).where(is_at(sender))).first()
        return self._allowed.allows(session, sender), contact

    def _keep(self, step: Step, draft: Draft) -> None:
        self._drafts.keep(step.sender, draft, now=step.now)

    async def new(self, step: Step) -> Card:
        """Begin, or go back to the beginning; what was written stands there."""
        self._keep(step, step.draft)
        return cards.head(step.say, step.draft)

    async def teams(self, step: Step) -> Card:
        """Take names and date, and ask for teams."""
        draft = step.draft
        if step.gives:
            draft = replace(
                draft,
                organisation=step.written("organisation"),
                system=step.written("system"),
                on=step.written("on"),
                timezone=step.written("timezone"),
                plan=step.written("plan") or draft.plan,
                language=step.written("language") or draft.language,
            )
            self._keep(step, draft)
            if wrong := draft.head_mistakes(today=step.today):
                return cards.to_mend(cards.head(step.say, draft), wrong, step.say)
        return self._teams_card(step, draft)

    async def team(self, step: Step) -> Card:
        """Take one team, and ask for the next."""
        draft, card = self._with_team(step)
        self._keep(step, draft)
        return card or self._teams_card(step, draft)

    async def teams_anew(self, step: Step) -> Card:
        draft = replace(step.draft, teams=())
        self._keep(step, draft)
        return self._teams_card(step, draft)

    async def leads(self, step: Step) -> Card:
        """Take the last team, and ask who leads."""
        draft = step.draft
        if step.written(TEAM) or step.written(PEOPLE) or step.written(GROUP):
            draft, card = self._with_team(step)
            self._keep(step, draft)
            if card is not None:
                return card
        if not draft.teams:
            return cards.told(self._teams_card(step, draft), step.say("setup-teams-none"))
        self._keep(step, draft)
        return cards.leads(step.say, draft, sender=step.sender)

    async def lead(self, step: Step) -> Card:
        draft = self._with_lead(step)
        self._keep(step, draft)
        return cards.leads(step.say, draft, sender=step.sender)

    async def look(self, step: Step) -> Card:
        """Show the whole as it would be, or everything that is wrong with it."""
        draft = self._with_lead(step) if step.gives else step.draft
        self._keep(step, draft)
        if not draft.leads:
            return cards.told(cards.leads(step.say, draft, sender=step.sender), step.say("setup-leads-none"))
        try:
            file = draft.as_file(today=step.today)
        except FileMistakes as wrong:
            return cards.wrong(wrong.mistakes, step.say)
        sizes = await self._sizes(draft)
        return cards.preview(step.say, draft, file, sizes=sizes, today=step.today)

    async def confirm(self, step: Step) -> Card:
        """Set it up: the same rows that the same file would make."""
        draft, say = step.draft, step.say
        try:
            file = draft.as_file(today=step.today)
        except FileMistakes as wrong:
            return cards.wrong(wrong.mistakes, say)

        def store(session: Session) -> tuple[int, bool] | None:
            if find_golive(session, organisation=file.organisation, system=file.system) is not None:
                return None  # somebody else's it may be
            loaded = load(session, file, now=step.now, platforms=self._platforms, by=IN_CHAT)
            return loaded.people, bool(loaded.unreached)

        stored = await self._database.transact(store)
        if stored is None:
            return Card(say("setup-there", system=file.system, organisation=file.organisation))
        self._drafts.drop(step.sender)
        people, unreached = stored
        done = say("setup-done", system=file.system, organisation=file.organisation, people=people)
        return Card(f"{done} {say('setup-done-unreached')}" if unreached else done)

    async def cancel(self, step: Step) -> Card:
        self._drafts.drop(step.sender)
        return Card(step.say("setup-cancelled"))

    def _teams_card(self, step: Step, draft: Draft) -> Card:
        return cards.teams(step.say, draft, groups=draft.platform in self._directories)

    def _with_team(self, step: Step) -> tuple[Draft, Card | None]:
        """The draft with one more team; or a card that says what is to be mended."""
        name, group, people = step.written(TEAM), step.written(GROUP), step.written(PEOPLE)
        draft = step.draft
        team = DraftTeam(name, draft.address(group) if group else "", people)
        form = cards.filled(self._teams_card(step, draft), team, group=group)
        if problem := cards.problem_with(step.say, name=name, group=group, people=people):
            return draft, cards.told(form, problem)
        others = tuple(one for one in draft.teams if one.name.casefold() != name.casefold())
        more = replace(draft, teams=(*others, team))
        alone = replace(draft, teams=(team,), leads=(DraftLead("Lead", "web:lead"),))
        if wrong := mistakes_in(alone, today=step.today):
            return draft, cards.to_mend(form, wrong, step.say)
        return more, None

    def _with_lead(self, step: Step) -> Draft:
        name, account = step.written(LEAD_NAME), step.written(LEAD)
        if not name or not account:
            return step.draft
        lead = DraftLead(name, step.draft.address(account))
        others = tuple(one for one in step.draft.leads if one.address != lead.address)
        return replace(step.draft, leads=(*others, lead))

    async def _sizes(self, draft: Draft) -> dict[str, int | None]:
        """How many people each team's channel lists who would be asked; None where it cannot be read."""
        sizes: dict[str, int | None] = {}
        for team in draft.teams:
            if team.source:
                sizes[team.name] = await self._listed(parse_address(team.source))
        return sizes

    async def _listed(self, at: Address) -> int | None:
        directory = self._directories.get(at.platform)
        if directory is None:
            return None
        try:
            people = [person async for person in directory.people(at.workspace, at.account)]
        except DeliveryError:
            return None
        return sum(person.active and not person.program and not person.guest for person in people)


def mistakes_in(draft: Draft, *, today: date) -> list[Mistake]:
    try:
        draft.as_file(today=today)
    except FileMistakes as wrong:
        return list(wrong.mistakes)
    return []
