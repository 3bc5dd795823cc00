"""Every address of the web server, as nobody, as somebody else, with what is forged or too old, and from another page.

To see it fail: let `adapters.web.routes.Routes._account` leave out the comparison with the chat's name, let `answer`
leave out `from_our_page`, or leave `SafeHeaders` out of `bot.server.web_application`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from sqlmodel import select
from starlette.routing import BaseRoute

from adapters.slack.adapter import SlackAdapter
from adapters.slack.install import Install
from adapters.slack.installations import MemoryInstallations
from adapters.teams.adapter import TeamsAdapter
from adapters.teams.credentials import Token
from adapters.teams.registrations import Registration, Registrations
from adapters.web import links
from adapters.web.adapter import WebAdapter
from adapters.web.knocks import MOST
from bot.application import Application
from bot.clock import SetClock
from bot.delivery.contacts import Contact
from bot.server import web_application
from bot.storage.database import Database
from bot.storage.migrate import metadata
from bot.storage.transcript import DatabaseTranscript
from surveys.golives import GoLive

HERE = "http://test"
ANOTHER_INSTALLATION = b"another installation's own secret"
NOBODY_GETS_IN = {
    "nobody": 403,
    "forged": 403,
    "too old": 403,
    "somebody else": 403,
    "another installation": 403,
    "a token of the other kind": 403,
}
EVERYBODY = dict.fromkeys((*NOBODY_GETS_IN, "from another page", "themselves"), 200)
#: Route -> who comes -> the status they get. Streams are hung up for this, so whoever is let in there gets a 503.
TABLE: dict[tuple[str, str], dict[str, int]] = {
    ("GET", "/enter/{token}"): NOBODY_GETS_IN | {"somebody else": 303, "from another page": 303, "themselves": 303},
    ("GET", "/chat/{chat}/"): NOBODY_GETS_IN | {"from another page": 200, "themselves": 200},
    ("POST", "/chat/{chat}/"): NOBODY_GETS_IN | {"from another page": 403, "themselves": 200},
    ("GET", "/chat/{chat}/events"): NOBODY_GETS_IN | {"from another page": 503, "themselves": 503},
    ("GET", "/chat/assets/{name}"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    # Only what Slack signed (test_slack_trouble.py); anybody may ask for an install, and nobody forges its answer.
    ("POST", "/slack/events"): dict.fromkeys(EVERYBODY, 401),
    ("GET", "/slack/install"): dict.fromkeys(EVERYBODY, 302),
    ("GET", "/slack/oauth_redirect"): dict.fromkeys(EVERYBODY, 400),
    ("POST", "/api/messages"): dict.fromkeys(EVERYBODY, 401),  # only what Teams signed: test_teams_endpoint.py
}
CASES = [(*route, who) for route, row in TABLE.items() for who in row]


@dataclass(frozen=True, slots=True)
class Site:
    """The server as it runs, and a browser without any cookie before it."""

    app: FastAPI
    browser: httpx.AsyncClient
    secret: bytes
    ana: str  #: account
    ben: str

    async def comes(self, method: str, path: str, who: str) -> httpx.Response:
        """Do to Ana's chat what this route is for."""
        entering = path.startswith("/enter/")
        token = self.token(who, purpose="link" if entering else "cookie")
        address = path.format(token=token or "nonsense", chat=links.chat_id(self.secret, self.ana), name="chat.css")
        headers = {"Sec-Fetch-Site": "cross-site" if who == "from another page" else "same-origin"}
        if token and not entering:
            headers["Cookie"] = f"chat={token}"
        return await self.browser.request(
            method, address, headers=headers, data={"presses": "stop"} if method == "POST" else None
        )

    def token(self, who: str, *, purpose: links.Purpose) -> str:
        other: links.Purpose = "cookie" if purpose == "link" else "link"
        true = links.sign(self.secret, self.ana, purpose=purpose)
        return {
            "nobody": "",
            "forged": true[:-4] + ("AAAA" if true[-4:] != "AAAA" else "BBBB"),
            "too old": true,
            "somebody else": links.sign(self.secret, self.ben, purpose=purpose),
            "another installation": links.sign(ANOTHER_INSTALLATION, self.ana, purpose=purpose),
            "a token of the other kind": links.sign(self.secret, self.ana, purpose=other),
            "from another page": true,
            "themselves": true,
        }[who]


Open = Callable[[timedelta], Awaitable[Site]]
Rows = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
async def opened(database: Database, golive: GoLive, evening: datetime) -> AsyncIterator[Open]:
    """The site with links that live so long."""
    with database.begin() as session:
        contacts = session.exec(select(Contact).order_by(Contact.id)).all()
        for contact in contacts:
            contact.platform = "web"
        ana, ben = [contact.account for contact in contacts if contact.participant_id][:2]
    listening, browsers = [], []

    async def build(lifetime: timedelta) -> Site:
        secret = database.keys.links
        web = WebAdapter(
            transcript=DatabaseTranscript(database), secret=secret, title="golive-pulse", link_lifetime=lifetime
        )
        bot = Application(database, adapters=[web], clock=SetClock(evening))
        listening.append(asyncio.create_task(web.run(bot.conversation.hear)))
        await asyncio.sleep(0)  # it begins to listen
        web.hang_up()
        teams = TeamsAdapter(
            Registrations([Registration("app", "tenant", "secret")]),
            metadata="http://127.0.0.1:9/",
            fetch=lambda *_: Token("token", 3600),
        )
        listening.append(asyncio.create_task(teams.run(bot.conversation.hear)))
        await asyncio.sleep(0)
        slack = SlackAdapter(
            installations=MemoryInstallations(),
            secret=secret,
            signing_secret="what Slack signs with",
            install=Install("1.2", "secret", HERE),
        )
        listening.append(asyncio.create_task(slack.run(bot.conversation.hear)))
        await asyncio.sleep(0)
        app = web_application([web.routes(), teams.routes(), slack.routes()])
        browsers.append(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE))
        return Site(app, browsers[-1], secret, ana, ben)

    yield build
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    for browser in browsers:
        await browser.aclose()


@pytest.fixture
async def site(opened: Open) -> Site:
    return await opened(links.LIFETIME)


@pytest.fixture
def rows(database: Database) -> Rows:
    """All there is."""

    def read() -> dict[str, list[tuple[object, ...]]]:
        with database.engine.connect() as connection:
            tables = metadata().sorted_tables
            return {
                table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
                for table in tables
            }

    return read


def leaves(router: FastAPI | APIRouter) -> Iterator[BaseRoute]:
    """Every route, also of routers inside; FastAPI keeps those whole, and earlier versions copied their routes."""
    for route in router.routes:
        inside = getattr(route, "original_router", None)
        if inside is None:
            yield route
        else:
            yield from leaves(inside)


async def test_every_route_has_its_row(site: Site) -> None:
    found = {(method, r.path) for r in leaves(site.app) if isinstance(r, APIRoute) for method in r.methods}
    assert found == set(TABLE)


async def test_nothing_is_mounted_that_this_walk_does_not_see(site: Site) -> None:
    assert [route for route in leaves(site.app) if not isinstance(route, APIRoute)] == []


@pytest.mark.parametrize(("method", "path", "who"), CASES)
async def test_whoever_comes_gets_what_is_theirs(opened: Open, method: str, path: str, who: str) -> None:
    site = await opened(timedelta(seconds=-1) if who == "too old" else links.LIFETIME)
    assert (await site.comes(method, path, who)).status_code == TABLE[method, path][who]


@pytest.mark.parametrize("who", [*NOBODY_GETS_IN, "from another page"])
async def test_whoever_is_turned_away_changes_no_row(opened: Open, rows: Rows, who: str) -> None:
    site = await opened(timedelta(seconds=-1) if who == "too old" else links.LIFETIME)
    before = rows()
    await site.comes("POST", "/chat/{chat}/", who)
    assert rows() == before


async def test_they_themselves_do_change_a_row(site: Site, rows: Rows) -> None:
    """Else the test above would see nothing."""
    before = rows()
    await site.comes("POST", "/chat/{chat}/", "themselves")
    assert rows() != before


async def test_the_link_of_somebody_else_leads_to_their_own_chat(site: Site) -> None:
    response = await site.comes("GET", "/enter/{token}", "somebody else")
    assert response.headers["location"] == f"../chat/{links.chat_id(site.secret, site.ben)}/"


async def test_a_chat_bears_another_name_at_another_installation(site: Site) -> None:
    assert links.chat_id(ANOTHER_INSTALLATION, site.ana) != links.chat_id(site.secret, site.ana)


def unsafe(response: httpx.Response) -> set[str]:
    """What a response ought to forbid and does not."""
    policy = response.headers.get("content-security-policy", "")
    held = {
        "scripts from elsewhere": "script-src 'self';" in policy and "default-src 'none'" in policy,
        "inline script": "unsafe" not in policy,
        "frames": "frame-ancestors 'none'" in policy,
        "forms to elsewhere": "form-action 'self'" in policy,
        "another base": "base-uri 'none'" in policy,
        "guessing of types": response.headers.get("x-content-type-options") == "nosniff",
        "referrers": response.headers.get("referrer-policy") == "no-referrer",
        "keeping": response.headers.get("cache-control") == "no-store" or "/assets/" in str(response.url),
    }
    return {name for name, is_held in held.items() if not is_held}


@pytest.mark.parametrize(("method", "path", "who"), [case for case in CASES if case[2] in {"nobody", "themselves"}])
async def test_every_response_forbids_what_no_page_needs(site: Site, method: str, path: str, who: str) -> None:
    assert unsafe(await site.comes(method, path, who)) == set()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("PUT", "/healthz"),
        ("GET", "/chat/assets/%2e%2e%2fkeys"),
    ],
)
async def test_an_address_that_is_none_forbids_it_too(site: Site, method: str, path: str) -> None:
    response = await site.browser.request(method, path)
    assert (response.status_code in {404, 405}, unsafe(response)) == (True, set())


async def test_forged_links_are_slowed_down_and_a_true_one_never_is(site: Site) -> None:
    for _ in range(MOST):
        await site.comes("GET", "/enter/{token}", "forged")
    slowed = await site.comes("GET", "/enter/{token}", "forged")
    true = await site.comes("GET", "/enter/{token}", "themselves")
    assert (slowed.status_code, slowed.headers["retry-after"], true.status_code) == (429, "60", 303)


async def test_whoever_is_slowed_down_reads_one_sentence(site: Site) -> None:
    for _ in range(MOST):
        await site.browser.get("/enter/nonsense")
    slowed = await site.browser.get("/enter/nonsense")
    assert slowed.text == "Too many links that open nothing were tried just now. Please try yours again in a minute."
    assert unsafe(slowed) == set()
