"""The addresses for programs: bearer tokens with a scope, JSON and files, and a document that says all of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from adapters.web.headers import HEADERS
from adapters.web.knocks import WITHIN, Knocks
from bot.api import files, reading, shapes
from bot.api.files import NoParquet
from bot.api.tokens import ApiToken, Scope, token_of
from bot.clock import Clock, local_date
from bot.storage.database import Database
from bot.texts import texts
from surveys.golives import GoLive

BEARER = HTTPBearer(auto_error=False, description="Made with `pulse token new`")
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": shapes.Problem, "description": "No token, or one that opens nothing"},
    403: {"model": shapes.Problem, "description": "The token has another scope"},
    429: {"model": shapes.Problem, "description": "Too many tokens that open nothing"},
}
CSV, PARQUET, ICS = "text/csv", "application/vnd.apache.parquet", "text/calendar"

Measure = Annotated[str | None, Query(max_length=60, description="Only this measure, as in the answers")]
Since = Annotated[date | None, Query(description="Only pulses from this day on")]


class Api:
    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._knocks = Knocks()
        self._router = self._routes()

    def router(self) -> APIRouter:
        """Build the router that the bot's server mounts."""
        return self._router

    def _routes(self) -> APIRouter:
        router = APIRouter(prefix="/api", responses=REFUSALS)
        self._add_figures(router)
        self._add_plan(router)
        any_scope, of_alerts = Depends(self._token(None)), Depends(self._token(Scope.ALERTS))

        @router.get("/v1/golive", summary="The go-live that the token is for")
        async def golive(token: ApiToken = any_scope) -> shapes.GoLive:
            return await self._database.read(self._golive, token)

        @router.get("/v1/alerts", summary="Every alert, the oldest first")
        async def alerts(token: ApiToken = of_alerts) -> list[shapes.Alert]:
            return await self._database.read(reading.alerts, token.golive_id)

        @router.get("/openapi.json", include_in_schema=False)
        async def openapi() -> JSONResponse:
            return JSONResponse(self.document())

        return router

    def _add_figures(self, router: APIRouter) -> None:
        may_read = Depends(self._token(Scope.FIGURES))

        async def look(measure: Measure = None, since: Since = None, token: ApiToken = may_read) -> list[shapes.Figure]:
            return await self._database.read(reading.published, token.golive_id, measure=measure, since=since)

        found = Depends(look)

        @router.get("/v1/figures", summary="What was published of every pulse")
        async def figures(figures: list[shapes.Figure] = found) -> list[shapes.Figure]:
            return figures

        @router.get("/v1/figures.csv", summary="The same as CSV", response_class=Response, responses=content(CSV))
        async def figures_csv(figures: list[shapes.Figure] = found) -> Response:
            return file(files.figures_csv(figures).encode(), CSV, "figures.csv")

        missing: dict[int | str, dict[str, Any]] = {
            501: {"model": shapes.Problem, "description": "Parquet is not installed"}
        }

        @router.get(
            "/v1/figures.parquet",
            summary="The same as Parquet",
            response_class=Response,
            responses=content(PARQUET) | missing,
        )
        async def figures_parquet(figures: list[shapes.Figure] = found) -> Response:
            try:
                return file(files.figures_parquet(figures), PARQUET, "figures.parquet")
            except NoParquet as error:
                raise HTTPException(501, str(error)) from error

    def _add_plan(self, router: APIRouter) -> None:
        may_read = Depends(self._token(Scope.PLAN))

        @router.get("/v1/plan", summary="When the plan asks what")
        async def plan(token: ApiToken = may_read) -> list[shapes.Pulse]:
            found = reading.pulses(await self._database.read(golive_of, token))
            return [
                shapes.Pulse(date=one.on, day=one.day, phase=one.phase, asks_about=list(one.constructs))
                for one in found
            ]

        @router.get("/v1/plan.ics", summary="The same as a calendar", response_class=Response, responses=content(ICS))
        async def plan_ics(token: ApiToken = may_read) -> Response:
            return calendar_of(await self._database.read(golive_of, token), now=self._clock.now())

        @router.get("/calendar/{token}.ics", include_in_schema=False)
        async def calendar(token: str) -> Response:
            """For calendars, which cannot send a header: the address lets its reader in, and holds no figures."""
            found = await self._known(token, Scope.PLAN)
            return calendar_of(await self._database.read(golive_of, found), now=self._clock.now())

    def document(self) -> dict[str, Any]:
        return get_openapi(
            title="golive-pulse",
            version="1",
            description="Read-only. What may be shown was decided when a pulse closed, and is the same everywhere.",
            routes=self._router.routes,
        )

    def _token(self, scope: Scope | None) -> Callable[..., Awaitable[ApiToken]]:
        async def token(bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> ApiToken:
            return await self._known(bearer.credentials if bearer else "", scope)

        return token

    async def _known(self, written: str, scope: Scope | None) -> ApiToken:
        today = self._clock.now().astimezone(UTC).date()
        found = await self._database.read(token_of, written, today=today) if written else None
        if found is None:
            if written and self._knocks.too_many():
                raise HTTPException(429, "Too many tokens that open nothing.", {"Retry-After": str(int(WITHIN))})
            raise HTTPException(401, "A token is needed.", {"WWW-Authenticate": "Bearer"})
        if scope is not None and scope not in found.scopes:
            raise HTTPException(403, f"This token may not read the {scope}.")
        return found

    def _golive(self, session: Session, token: ApiToken) -> shapes.GoLive:
        found = session.get_one(GoLive, token.golive_id)
        return reading.golive(found, today=local_date(self._clock.now(), found.timezone))


def golive_of(session: Session, token: ApiToken) -> GoLive:
    return session.get_one(GoLive, token.golive_id)


def calendar_of(golive: GoLive, *, now: datetime) -> Response:
    say = texts(golive.language)
    pulses = reading.pulses(golive)
    names = {one.phase: say(f"phase-{one.phase}") for one in pulses}
    return file(files.plan_ics(golive, pulses, phase_names=names, now=now), ICS, "plan.ics")


def content(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {}}, "description": "A file"}}


def file(content: bytes, kind: str, name: str) -> Response:
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
