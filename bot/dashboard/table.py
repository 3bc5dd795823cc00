"""Every page and every press of the dashboard, and who may have it."""

from dataclasses import dataclass

from bot.dashboard import alerts, exports, overview, questions, registers, setting_up, settings, start, upkeep
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
ADMINISTRATORS = frozenset({ADMINISTRATOR})
FOUNDERS = frozenset({LEAD, ADMINISTRATOR})  #: and whom the setting allows

TABLE = (
    Route("GET", "/", EVERYBODY, start.start),
    Route("GET", "/{golive}/", READERS, overview.overview),
    Route("GET", "/{golive}/teams/{stratum}", READERS, overview.team),
    Route("GET", "/{golive}/alerts", LEADS, alerts.alerts),
    Route("GET", "/{golive}/alerts/{alert}", LEADS, alerts.alert),
    Route("POST", "/{golive}/alerts/{alert}", LEADS, alerts.act_on, again=alerts.alert),
    Route("GET", "/{golive}/questions", LEADS, questions.questions),
    Route("POST", "/{golive}/questions/reply", LEADS, questions.reply, again=questions.questions),
    Route("POST", "/{golive}/questions/{question}", LEADS, questions.act_on, again=questions.questions),
    Route("GET", "/{golive}/ways-round", LEADS, registers.ways_round),
    Route("GET", "/{golive}/actions", LEADS, registers.actions),
    Route("POST", "/{golive}/actions/{action}", LEADS, registers.act_on_promise, again=registers.actions),
    Route("GET", "/{golive}/export/{name}", LEADS, exports.export),
    Route("GET", "/{golive}/settings", FOUNDERS, settings.settings),
    Route("POST", "/{golive}/reschedule", FOUNDERS, settings.reschedule, again=settings.settings),
    Route("POST", "/sign-out", EVERYBODY, start.sign_out),
    Route("GET", "/new", FOUNDERS, setting_up.new),
    Route("POST", "/new", FOUNDERS, setting_up.take, again=setting_up.new),
    Route("GET", "/audit", ADMINISTRATORS, upkeep.audit),
)
