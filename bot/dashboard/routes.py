"""The door of the dashboard: who comes, what they may open, and what they read when it stays shut."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from sqlmodel import Session

from adapters.web.headers import HEADERS
from adapters.web.knocks import WITHIN, Knocks
from bot.clock import Clock
from bot.conversation.whose import is_number
from bot.dashboard import sign_in
from bot.dashboard.forms import Form, Refused, check_csrf, read_form
from bot.dashboard.pages import Pages
from bot.dashboard.sign_in import SESSION_FOR, Visitor
from bot.dashboard.table import TABLE, Route
from bot.dashboard.visit import Visit
from bot.dashboard.writing import LookAgain
from bot.storage.database import Database
from bot.texts import FALLBACK, texts
from bot.who_sets_up import SetUpBy
from surveys.errors import SurveyError
from surveys.golives import GoLive

COOKIE = "dashboard"
_ASSETS = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


class Dashboard:
    """Everything under /dashboard. Nothing here is logged: the address of a link lets its reader in."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        base_url: str,
        set_up_by: SetUpBy = SetUpBy(),  # noqa: B008  # frozen, and the usual rule
        platforms: Collection[str] = ("web",),
    ) -> None:
        self._database = database
        self._set_up_by = set_up_by
        self._platforms = frozenset(platforms)
        self._clock = clock
        self._pages = Pages(root=urlsplit(base_url).path.rstrip("/"))
        self._secure = base_url.startswith("https://")
        self._knocks = Knocks()

    def router(self) -> APIRouter:
        """Build the router that the bot's server mounts."""
        router = APIRouter(prefix="/dashboard", include_in_schema=False)
        router.add_api_route("/assets/{name}", self.asset)
        router.add_api_route("/sign-in", self.closed_door)
        router.add_api_route("/in/{token}", self.before_the_door)
        router.add_api_route("/in/{token}", self.enter, methods=["POST"])
        for route in TABLE:
            router.add_api_route(route.path, self._answering(route), methods=[route.method], name=route.path)
        return router

    async def asset(self, name: str) -> Response:
        """Hand out styles, script and icon. The pages name them with their version."""
        if name not in self._pages.assets:
            return Response(status_code=404, headers=HEADERS)
        content, kind = self._pages.assets[name]
        return Response(content, media_type=kind, headers=_ASSETS)

    async def closed_door(self) -> Response:
        """Say how one gets in."""
        return self._pages.html("sign_in.html", say=texts(FALLBACK))

    async def before_the_door(self, token: str) -> Response:
        """Show a button: chats look at links before people do, and one that opened by itself would be used up."""
        return self._pages.html("enter.html", say=texts(FALLBACK), token=token)

    async def enter(self, token: str, request: Request) -> Response:
        """Let somebody in who holds a link that was not used."""
        try:
            await read_form(request)
        except Refused as refused:
            return self._pages.notice(refused.key, status=refused.status)
        secret, now = self._database.keys.links, self._clock.now()
        cookie = await self._database.transact(sign_in.redeem, token, secret=secret, now=now)
        if cookie is not None:
            return self.let_in(cookie, request)
        if self._knocks.too_many():
            wait = {"Retry-After": str(int(WITHIN))}
            return PlainTextResponse(texts(FALLBACK)("dash-knocks"), status_code=429, headers=HEADERS | wait)
        return self._pages.notice("dash-link-over", status=403)

    def let_in(self, cookie: str, request: Request) -> Response:
        """To the first page, with a cookie that no script can read."""
        response = RedirectResponse(f"{self._pages.root}/dashboard/", status_code=303, headers=HEADERS)
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(SESSION_FOR / timedelta(seconds=1)),
            path=f"{self._pages.root}/dashboard/",
            secure=self._secure or request.url.scheme == "https",
            httponly=True,
            # Strict would be withheld when somebody follows a link from a chat to a page of the dashboard.
            samesite="lax",
        )
        return response

    def _answering(self, route: Route) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                visit = await self._visit(route, request)
            except Refused as refused:
                if refused.status == 401:  # noqa: PLR2004  # the one status that a browser is sent on with
                    return RedirectResponse(f"{self._pages.root}/dashboard/sign-in", status_code=303, headers=HEADERS)
                return self._pages.notice(refused.key, status=refused.status)
            try:
                return await route.page(visit)
            except Refused as refused:
                return self._pages.notice(refused.key, status=refused.status)
            except SurveyError as error:
                problem = visit.say(error.key, **error.facts)
                if isinstance(error, LookAgain):
                    visit = replace(visit, form={**visit.form, error.field: (error.text,)})
                if route.again is None:
                    return visit.show("notice.html", status=409, heading=visit.say("dash-not-taken"), text=problem)
                return await route.again(replace(visit, problem=problem))

        return answer

    async def _visit(self, route: Route, request: Request) -> Visit:
        """Who comes, and whether this is for them.

        Raises
        ------
        Refused
            401 without a session (also to a press: nothing is told to whoever has none), 404 in a go-live that is not
            theirs, as in one that does not exist, 403 where another role would be let in.
        """
        now, cookie = self._clock.now(), request.cookies.get(COOKIE, "")
        secret = self._database.keys.links
        visitor = await self._database.read(sign_in.visitor_of, cookie, secret=secret, now=now)
        if visitor is None:
            raise Refused(401 if route.method == "GET" else 403, "dash-signed-out")
        form: Form = {}
        if route.method == "POST":
            form = await read_form(request)
            check_csrf(form, visitor.csrf)
        found = await self._golive(route, request, visitor)
        visit = Visit(
            database=self._database, pages=self._pages, visitor=visitor, now=now, cookie=cookie,
            path=dict(request.path_params), query=dict(request.query_params), form=form, found=found,
            set_up_by=self._set_up_by, platforms=self._platforms,
        )  # fmt: skip
        if not visit.roles & route.roles:
            raise Refused(403, "dash-not-yours")
        return visit

    async def _golive(self, route: Route, request: Request, visitor: Visitor) -> GoLive | None:
        if "{golive}" not in route.path:
            return None
        number = request.path_params["golive"]
        if not is_number(number) or not (visitor.administrator or visitor.place(int(number))):
            raise Refused(404, "dash-nowhere")

        def look(session: Session) -> GoLive | None:
            return session.get(GoLive, int(number))

        found = await self._database.read(look)
        if found is None:
            raise Refused(404, "dash-nowhere")
        return found
