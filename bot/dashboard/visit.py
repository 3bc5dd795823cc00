"""One request to the dashboard, with all that a page needs to answer it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from fastapi import Response
from fastapi.responses import RedirectResponse

from adapters.web.headers import HEADERS
from bot.clock import local_date
from bot.dashboard.pages import Pages
from bot.dashboard.sign_in import Place, Visitor
from bot.leading import Leader
from bot.storage.database import Database
from bot.texts import FALLBACK, Texts, texts
from bot.who_sets_up import SetUpBy
from surveys.golives import GoLive

LEAD, MANAGER, ADMINISTRATOR = "lead", "manager", "administrator"
MENU: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("overview", "", frozenset({LEAD})),
    ("alerts", "alerts", frozenset({LEAD})),
    ("questions", "questions", frozenset({LEAD})),
    ("ways", "ways-round", frozenset({LEAD})),
    ("actions", "actions", frozenset({LEAD})),
    ("team", "", frozenset({MANAGER})),
    ("settings", "settings", frozenset({LEAD, ADMINISTRATOR})),
)


@dataclass(frozen=True, slots=True)
class Visit:
    database: Database
    pages: Pages
    visitor: Visitor
    now: datetime
    cookie: str = field(default="", repr=False)
    set_up_by: SetUpBy = field(default_factory=SetUpBy)
    platforms: frozenset[str] = frozenset({"web"})  #: those that this bot is connected to
    path: Mapping[str, str] = field(default_factory=dict)  #: what stands in the address
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: what was posted
    found: GoLive | None = None  #: the go-live in the address, if this visitor has a place in it
    problem: str = ""  #: why what was posted was not taken; the page is shown again with it

    @property
    def golive(self) -> GoLive:
        assert self.found is not None
        return self.found

    @property
    def golive_id(self) -> int:
        assert self.golive.id is not None
        return self.golive.id

    @property
    def place(self) -> Place | None:
        return self.visitor.place(self.golive_id) if self.found is not None else None

    @property
    def roles(self) -> frozenset[str]:
        """Of this visitor in the go-live of the address; where there is none, in any."""
        places = self.visitor.places if self.found is None else [place for place in [self.place] if place]
        return frozenset({place.role for place in places} | ({ADMINISTRATOR} if self.visitor.administrator else set()))

    @property
    def say(self) -> Texts:
        return texts(self.found.language if self.found is not None else FALLBACK)

    @property
    def today(self) -> date:
        """Where the go-live is."""
        return local_date(self.now, self.golive.timezone)

    @property
    def leader(self) -> Leader:
        place = self.place
        role = place.role if place else ADMINISTRATOR
        return Leader(self.golive_id, place.reader_id if place else None, now=self.now, today=self.today, role=role)

    def written(self, name: str) -> str:
        """What was written into a field, or nothing."""
        return " ".join(self.form.get(name, ())).strip()

    def pages_of(self) -> list[tuple[str, str]]:
        """The pages of this go-live for this visitor, in the order of the menu: name and path."""
        return [(name, path) for name, path, roles in MENU if roles & self.roles]

    def show(self, template: str, *, status: int = 200, **context: object) -> Response:
        """One page."""
        return self.pages.html(template, say=self.say, status=status, visit=self, **context)

    def go(self, path: str) -> Response:
        """On to another page of the dashboard, after something was done."""
        return RedirectResponse(f"{self.pages.root}/dashboard{path}", status_code=303, headers=HEADERS)


Page = Callable[[Visit], Awaitable[Response]]
