"""Every page and every press of the dashboard, and who may have it."""

from dataclasses import dataclass

from bot.dashboard import start
from bot.dashboard.visit import ADMINISTRATOR, LEAD, MANAGER, Page


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str  #: under /dashboard; what stands in {golive} is one that the visitor has a place in
    roles: frozenset[str]
    page: Page
    again: Page | None = None  #: of a press: the page that is shown once more when it was not taken


EVERYBODY = frozenset({LEAD, MANAGER, ADMINISTRATOR})

TABLE = (
    Route("GET", "/", EVERYBODY, start.start),
    Route("POST", "/sign-out", EVERYBODY, start.sign_out),
)
