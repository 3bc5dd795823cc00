"""Every page and press of the dashboard, by everybody, in their own go-live and in another: the status each one gets.

To see it fail: let `bot.dashboard.routes.Dashboard._golive` leave out `visitor.place`, let `_visit` leave out the roles
or `check_csrf`, or let `bot.dashboard.sign_in.redeem` leave out the deletion.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlmodel import Session, col, select

from adapters.chat import Address
from adapters.web.knocks import MOST
from bot.audit import Act, entries
from bot.clock import SetClock
from bot.dashboard import sign_in
from bot.dashboard.routes import COOKIE
from bot.dashboard.sign_in import LINK_FOR, SESSION_FOR, BrowserSession, SignInLink
from bot.dashboard.table import TABLE, Route
from bot.delivery.contacts import Contact
from bot.insight.alerts import Alert
from bot.loading import load
from bot.setup import site, web_adapter
from bot.storage.database import Database
from surveys import actions, questions
from surveys.golives import GoLive, Team
from surveys.receipts import Receipt, derive
from surveys.roster import Reader
from tests.integration.conftest import Files
from tests.promises.conftest import LEAD, Practice
from tests.promises.test_access import SOME_WEEKS_BEFORE
from tests.promises.test_access_web import leaves, unsafe

HERE = "http://test"
MANAGER = Address("memory", "nursing-manager")
STAFF = Address("memory", "desk-1")
WHO = ("nobody", "forged", "too old", "signed out", "another installation", "stopped leading")
ROLES = ("lead", "manager", "administrator")
FOR_PROGRAMS = {
    ("GET", f"/api/{path}")
    for path in (
        "openapi.json", "v1/golive", "v1/figures", "v1/figures.csv", "v1/figures.parquet", "v1/alerts", "v1/plan",
        "v1/plan.ics", "calendar/{token}.ics",
    )
}  # fmt: skip
#: What a press sends besides its token, where it must send something to be taken.
FORMS = {
    "/{golive}/alerts/{alert}": {"act": "acknowledge"},
    "/{golive}/questions/reply": {"question": "{question}", "reply": "On the left."},
    "/{golive}/questions/{question}": {"act": "withdraw"},
    "/{golive}/actions/{action}": {"act": "kept"},
    "/{golive}/reschedule": {"act": "confirm", "to": "2027-03-08"},
    "/new": {
        "act": "confirm",
        "organisation": "Hill Clinic",
        "system": "Gamma",
        "on": "2027-06-01",
        "timezone": "America/New_York",
        "team": "Desk",
        "people": "Zoe Lang",
        "lead": "Ana Ruiz",
        "account": "ana",
    },
}
#: What the door itself answers, whoever comes.
DOOR = {("GET", "/dashboard/assets/{name}"), ("GET", "/dashboard/sign-in"), ("GET", "/dashboard/in/{token}"),
        ("POST", "/dashboard/in/{token}")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Building:
    """The site, a browser without cookies before it, and two go-lives behind it."""

    app: FastAPI
    browser: httpx.AsyncClient
    database: Database
    clock: SetClock
    own: int
    other: int
    things: dict[int, dict[str, str]] = field(default_factory=dict)  #: go-live -> what addresses may hold

    def link(self, address: Address | None, *, golive: int = 0, secret: bytes = b"") -> str:
        """A fresh one-time link of a lead or a manager, or an administrator's."""
        with self.database.begin() as session:
            contact = None
            if address is not None:
                contact = session.exec(
                    select(Contact.id).where(
                        Contact.account == address.account, Contact.golive_id == (golive or self.own)
                    )
                ).one()
            return sign_in.make_link(session, contact, secret=secret or self.database.keys.links, now=self.clock.now())

    async def opens(self, token: str, **headers: str) -> httpx.Response:
        sent = {"Sec-Fetch-Site": "same-origin"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.browser.post(f"/dashboard/in/{token}", headers=sent)

    async def cookie(self, address: Address | None, *, golive: int = 0) -> str:
        response = await self.opens(self.link(address, golive=golive))
        assert response.status_code == 303
        self.browser.cookies.clear()
        return response.cookies[COOKIE]

    def csrf(self, cookie: str) -> str:
        return sign_in.mark_of(self.database.keys.links, "csrf", cookie)

    async def comes(
        self, route: Route, cookie: str, *, golive: int, csrf: str | None = None, site: str = "same-origin"
    ) -> httpx.Response:
        values = {**self.things[self.other], "golive": str(golive), **self.things.get(golive, {})}
        headers = {"Sec-Fetch-Site": site} | ({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})
        form = {name: value.format(**values) for name, value in FORMS.get(route.path, {}).items()}
        given = {**form, "csrf": self.csrf(cookie) if csrf is None else csrf}
        return await self.browser.request(
            route.method,
            f"/dashboard{route.path.format(**values)}",
            headers=headers,
            data=given if route.method == "POST" else None,
        )


@pytest.fixture
async def building(database: Database, golive: GoLive, tmp_path: Path, evening: datetime) -> AsyncIterator[Building]:
    files = Files(tmp_path / "other", system="Beta", leads=("beta",), teams={"Desk": ("Zoe Lang", "Yan Petit")})
    with database.begin() as session:
        load(session, files.read(now=SOME_WEEKS_BEFORE), now=evening, platforms={"memory"})
        own, other = (key or 0 for key in session.exec(select(GoLive.id).order_by(col(GoLive.id))))
        things = {number: things_of(session, number) for number in (own, other)}
    clock = SetClock(evening)
    app = site(database, web_adapter(database), clock=clock, base_url=HERE)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE) as browser:
        yield Building(app, browser, database, clock, own=own, other=other, things=things)


def things_of(session: Session, golive_id: int) -> dict[str, str]:
    """One of everything that an address may name; the team is the manager's."""
    managed = select(Reader.team_id).where(Reader.golive_id == golive_id, Reader.name == "Nursing")
    team = session.exec(select(Team).where(Team.golive_id == golive_id, col(Team.id).in_(managed))).first()
    team = team or session.exec(select(Team).where(Team.golive_id == golive_id)).first()
    assert team is not None
    today = date(2027, 3, 1)
    mailbox, key = derive((f"maple{golive_id}", "drift", "seven", "lantern"), pepper=session.info["ledger"].pepper)
    questions.ask(
        session, golive_id=golive_id, text="Where?", receipt=Receipt((), mailbox, bytes(key.public_key)), today=today
    )
    (question,) = questions.release(session, golive_id, before=date.max)
    alert = Alert(
        golive_id=golive_id, kind="workaround", stratum_id=team.stratum_id, route="paper", raised_on=today, since=today,
        score=9.0, threshold=3.0, because="Since 1 March, 7 of 11 name paper lists.",
    )  # fmt: skip
    session.add(alert)
    promise = actions.act(session, golive_id, text="A printer.", today=today, due=date(2027, 4, 1))
    session.flush()
    return {
        "stratum": str(team.stratum_id),
        "alert": str(alert.id),
        "question": question.key,
        "action": str(promise.id),
        "name": "figures.csv",
    }


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def expected(route: Route, role: str) -> int:
    """What whoever has a place gets in their own go-live."""
    if role not in route.roles:
        return 403
    return 200 if route.method == "GET" else 303


async def test_every_route_for_programs_is_known_here_and_needs_a_token(building: Building) -> None:
    """What a token opens, and that it opens one go-live alone, is in `tests/integration/test_api.py`."""
    routes = [route for route in leaves(building.app) if isinstance(route, APIRoute) and route.path.startswith("/api")]
    assert {(method, route.path) for route in routes for method in route.methods} == FOR_PROGRAMS
    for _, path in FOR_PROGRAMS - {("GET", "/api/openapi.json")}:
        response = await building.browser.get(path.format(token="guess"))
        assert (response.status_code, unsafe(response)) == (401, set())


async def test_every_route_of_the_dashboard_stands_in_the_table(building: Building) -> None:
    found = {
        (method, route.path)
        for route in leaves(building.app)
        if isinstance(route, APIRoute) and route.path.startswith("/dashboard")
        for method in route.methods
    }
    assert found == {(route.method, f"/dashboard{route.path}") for route in TABLE} | DOOR


@pytest.mark.parametrize("role", ROLES)
async def test_whoever_is_let_in_opens_what_is_theirs_and_nothing_else(building: Building, role: str) -> None:
    """Presses that would take something else than a bare form may be refused with a sentence; never with an error."""
    cookie = await building.cookie({"lead": LEAD, "manager": MANAGER, "administrator": None}[role])
    for route in sorted(TABLE, key=lambda route: (route.method, route.path == "/sign-out")):
        response = await building.comes(route, cookie, golive=building.own)
        assert response.status_code == expected(route, role), named(route)
        assert unsafe(response) == set(), named(route)


@pytest.mark.parametrize("role", ["lead", "manager"])
async def test_another_golive_is_not_there_for_them(building: Building, role: str) -> None:
    cookie = await building.cookie(LEAD if role == "lead" else MANAGER)
    for route in TABLE:
        if "{golive}" in route.path:
            for golive in (building.other, 99_999):
                response = await building.comes(route, cookie, golive=golive)
                assert response.status_code == 404, named(route)


@pytest.mark.parametrize("who", WHO)
async def test_whoever_has_no_session_is_sent_to_the_door(building: Building, who: str) -> None:
    cookie = "" if who == "nobody" else await building.cookie(LEAD)
    if who == "forged":
        cookie = cookie[:-4] + ("AAAA" if cookie[-4:] != "AAAA" else "BBBB")
    if who == "too old":
        building.clock.advance(SESSION_FOR)
    if who == "signed out":
        await building.comes(next(r for r in TABLE if r.path == "/sign-out"), cookie, golive=0)
    if who == "another installation":
        building.database.keychain.change(lambda keys: replace(keys, links=b"another installation's secret"))
    if who == "stopped leading":
        with building.database.begin() as session:
            for contact in session.exec(select(Contact).where(Contact.account == LEAD.account)):
                contact.reader_id = None
                session.add(contact)
    for route in TABLE:
        response = await building.comes(route, cookie, golive=building.own)
        assert response.status_code == (303 if route.method == "GET" else 403), named(route)
        if route.method == "GET":
            assert response.headers["location"] == "/dashboard/sign-in"


async def test_a_press_from_another_page_or_without_its_token_is_turned_away(building: Building) -> None:
    cookie = await building.cookie(LEAD)
    other = building.csrf(await building.cookie(None))
    for route in TABLE:
        if route.method == "POST":
            for csrf, site_ in (("", "same-origin"), (other, "same-origin"), (None, "cross-site")):
                response = await building.comes(route, cookie, golive=building.own, csrf=csrf, site=site_)
                assert response.status_code == 403, named(route)
    assert (await building.comes(TABLE[0], cookie, golive=0)).status_code == 200, "the session is still there"


async def test_looking_at_a_link_does_not_use_it_up(building: Building) -> None:
    token = building.link(LEAD)
    looks = [await building.browser.get(f"/dashboard/in/{token}") for _ in range(3)]
    assert {look.status_code for look in looks} == {200}
    assert (await building.opens(token)).status_code == 303


async def test_a_link_opens_once(building: Building) -> None:
    token = building.link(LEAD)
    await building.opens(token)
    again = await building.opens(token)
    assert (again.status_code, "used or is too old" in again.text) == (403, True)


async def test_a_link_is_over_after_a_quarter_of_an_hour(building: Building) -> None:
    token = building.link(LEAD)
    building.clock.advance(LINK_FOR)
    assert (await building.opens(token)).status_code == 403


@pytest.mark.parametrize("token", ["nonsense", "x" * 4000, "%00"])
async def test_a_link_that_was_never_made_opens_nothing(building: Building, token: str) -> None:
    assert (await building.opens(token)).status_code == 403


async def test_another_page_cannot_let_somebody_in(building: Building) -> None:
    token = building.link(LEAD)
    assert (await building.opens(token, Sec_Fetch_Site="cross-site")).status_code == 403
    assert (await building.opens(token)).status_code == 303, "and the link is still good"


async def test_guesses_are_slowed_down_and_a_true_link_never_is(building: Building) -> None:
    token = building.link(LEAD)
    for _ in range(MOST):
        await building.opens("guess")
    slowed = await building.opens("guess")
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "60")
    assert (await building.opens(token)).status_code == 303


async def test_the_cookie_is_for_the_dashboard_alone_and_for_no_script(building: Building) -> None:
    response = await building.opens(building.link(LEAD))
    kept = response.headers["set-cookie"].lower()
    assert all(part in kept for part in ("httponly", "samesite=lax", "path=/dashboard/", "max-age=43200"))


async def test_over_https_the_cookie_travels_over_nothing_else(building: Building) -> None:
    app = site(building.database, web_adapter(building.database), clock=building.clock, base_url="https://x.example/go")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        headers = {"Sec-Fetch-Site": "same-origin"}
        response = await browser.post(f"/dashboard/in/{building.link(LEAD)}", headers=headers)
    assert "secure" in response.headers["set-cookie"].lower()
    assert "path=/go/dashboard/" in response.headers["set-cookie"].lower()
    assert response.headers["location"] == "/go/dashboard/"


async def test_neither_link_nor_cookie_stands_in_the_database(building: Building) -> None:
    token = building.link(LEAD)
    cookie = await building.cookie(LEAD)
    with building.database.session() as session:
        kept = [row.mark for table in (SignInLink, BrowserSession) for row in session.exec(select(table))]
    assert len(kept) == 2
    assert not {token, cookie} & set(kept)


async def test_signing_out_everywhere_shuts_every_door_of_this_person_alone(building: Building) -> None:
    mine, phone, others = [await building.cookie(address) for address in (LEAD, LEAD, None)]
    link = building.link(LEAD)
    out = next(route for route in TABLE if route.path == "/sign-out")
    headers = {"Cookie": f"{COOKIE}={mine}", "Sec-Fetch-Site": "same-origin"}
    given = {"csrf": building.csrf(mine), "everywhere": "yes"}
    await building.browser.post("/dashboard/sign-out", headers=headers, data=given)
    start = TABLE[0]
    found = [(await building.comes(start, cookie, golive=0)).status_code for cookie in (mine, phone, others)]
    assert found == [303, 303, 200]
    assert (await building.opens(link)).status_code == 403
    assert out.method == "POST"


async def test_every_way_in_and_out_stands_in_the_audit_log(building: Building) -> None:
    cookie = await building.cookie(MANAGER)
    await building.comes(next(r for r in TABLE if r.path == "/sign-out"), cookie, golive=0)
    with building.database.session() as session:
        told = [(entry.act, entry.role) for entry in entries(session)][-3:]
    assert told == [(Act.LINK, "manager"), (Act.SIGNED_IN, "manager"), (Act.SIGNED_OUT, "manager")]


async def test_what_opens_nothing_any_more_is_not_kept(building: Building) -> None:
    await building.cookie(LEAD)
    building.link(LEAD)
    building.clock.advance(SESSION_FOR + timedelta(minutes=1))
    building.link(None)
    with building.database.session() as session:
        assert session.exec(select(BrowserSession)).all() == []
        assert [row.contact_id for row in session.exec(select(SignInLink))] == [None]


@pytest.mark.parametrize(("address", "opens"), [(LEAD, True), (MANAGER, True), (STAFF, False)])
async def test_the_chat_gives_a_link_to_those_who_read(practice: Practice, address: Address, opens: bool) -> None:  # noqa: FBT001  # a column of the table
    practice.bot.conversation._base_url = HERE
    reply = await practice.chat.say(address, "dashboard")
    assert reply is not None
    assert bool(reply.card.links) == opens
    if opens:
        assert reply.card.links[0].url.startswith(f"{HERE}/dashboard/in/")
        assert reply.card.links[0].url in reply.card.text


async def test_a_bot_without_pages_says_so(practice: Practice) -> None:
    reply = await practice.chat.say(LEAD, "dashboard")
    assert reply is not None
    assert reply.card.text.startswith("There is no dashboard here")


async def test_whoever_erases_a_contact_shuts_its_doors(building: Building) -> None:
    await building.cookie(LEAD)
    with building.database.begin() as session:
        contact = session.exec(select(Contact.id).where(col(Contact.account) == LEAD.account)).one()
        sign_in.forget_contacts(session, [contact])
        assert session.exec(select(BrowserSession)).all() == []
