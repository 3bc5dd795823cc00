"""Every page and every press of the dashboard, and who may have it."""

from dataclasses import dataclass

from bot.dashboard import overview, start
from bot.dashboard.visit import ADMINISTRATOR, LEAD, MANAGER, Page


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str  #: under /dashboard; what stands in {golive} is one that the visitor has a place in
    roles: frozenset[str]
    page: Page
    again: Page | None = None  #: of a press: the page that is shown once more when it was not taken


EVERYBODY = frozenset({LEAD, MANAGER, ADMINISTRATOR})
READERS = frozenset({LEAD, MANAGER})
LEADS = frozenset({LEAD})

TABLE = (
    Route("GET", "/", EVERYBODY, start.start),
    Route("GET", "/{golive}/", READERS, overview.overview),
    Route("GET", "/{golive}/teams/{stratum}", READERS, overview.team),
    Route("POST", "/sign-out", EVERYBODY, start.sign_out),
)
