"""From settings to a running bot."""

from collections.abc import Sequence
from contextlib import nullcontext
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Protocol

from fastapi import APIRouter, FastAPI
from sqlalchemy import make_url

from adapters.chat import Action, ChatAdapter
from adapters.web.adapter import WebAdapter
from bot import logs
from bot.api.routes import Api
from bot.application import Application
from bot.clock import Clock, WallClock
from bot.dashboard.routes import Dashboard
from bot.keep import Keep
from bot.metrics import Gauges, exposed
from bot.server import WaitingFor, bind, nothing, serve, web_application
from bot.settings import Settings
from bot.slack_setup import slack_adapter
from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from bot.storage.migrate import upgrade
from bot.storage.transcript import DatabaseTranscript
from bot.teams_setup import teams_adapter
from bot.texts import texts
from bot.timetable.in_process import InProcess
from bot.timetable.work import Timetable
from bot.who_sets_up import SetUpBy, named


class Role(StrEnum):
    """What one of several machines does."""

    ALL = "all"
    WEB = "web"  #: answers people and platforms
    WORKER = "worker"  #: plans, closes, looks and sends


MENU = ("ask", "find", "answers", "help")


def open_database(settings: Settings) -> Database:
    """Open the database, made and brought up to date where needed."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url, keys=open_keychain(settings.keys))
    try:
        upgrade(database)
    except BaseException:
        database.close()
        raise
    return database


def web_adapter(database: Database, *, language: str = "en") -> WebAdapter:
    say = texts(language)
    return WebAdapter(
        transcript=DatabaseTranscript(database),
        secret=database.keys.links,
        title="golive-pulse",
        menu=tuple(Action(name, say(f"menu-{name}")) for name in MENU),
    )


class Served(ChatAdapter, Protocol):
    """A platform with addresses of its own on the bot's server."""

    def routes(self) -> APIRouter: ...


def platforms(settings: Settings, database: Database) -> list[Served]:
    """The adapters of every other platform that is set up; what is not is not even imported."""
    found: list[Served | None] = [slack_adapter(settings, database), teams_adapter(settings)]
    return [adapter for adapter in found if adapter is not None]


def build(
    database: Database,
    web: WebAdapter,
    *,
    clock: Clock,
    keep: Keep | None = None,
    base_url: str = "",
    others: Sequence[ChatAdapter] = (),
    set_up_by: SetUpBy = SetUpBy(),  # noqa: B008  # frozen, and the usual rule
) -> Application:
    adapters = [web, *others]
    return Application(database, adapters=adapters, clock=clock, keep=keep, base_url=base_url, set_up_by=set_up_by)


def site(
    database: Database,
    web: WebAdapter,
    *,
    clock: Clock,
    base_url: str,
    waiting_for: WaitingFor = nothing,
    others: Sequence[Served] = (),
    set_up_by: SetUpBy = SetUpBy(),  # noqa: B008  # as above
) -> FastAPI:
    """Every page that the bot serves: the web chat, the dashboard, and where other platforms reach it."""
    connected = {web.platform, *(other.platform for other in others)}
    dashboard = Dashboard(database, clock=clock, base_url=base_url, set_up_by=set_up_by, platforms=connected)
    own = [web.routes(), dashboard.router(), Api(database, clock=clock).router()]
    routers = [*own, *(other.routes() for other in others)]
    return web_application(routers, waiting_for=waiting_for)


async def serve_bot(settings: Settings, database: Database, *, role: Role | None = None) -> None:
    """Run the bot until somebody stops it: alone on its database, or in one role among several machines."""
    tally = logs.configure(settings.log_level)
    web = web_adapter(database)
    others = platforms(settings, database)
    clock = WallClock()
    founders = named(settings.setup.split(","))
    application = build(
        database, web, clock=clock, keep=settings.keep, base_url=settings.base_url, others=others, set_up_by=founders
    )
    waiting_for = partial(application.waiting_for, ticks=role is None)
    pages = site(
        database, web, clock=clock, base_url=settings.base_url, waiting_for=waiting_for, others=others,
        set_up_by=founders,
    )  # fmt: skip
    listener = bind(settings.host, settings.port)
    gauges = Gauges(database, tally=tally, now=clock.now)
    figures = (
        exposed(gauges, host=settings.host, port=settings.metrics_port) if settings.metrics_port else nullcontext()
    )
    with figures:
        async with application.running(alone=role is None):
            beside = timetable(settings, application, role=role).run()
            await serve(pages, listener=listener, hang_up=web.hang_up, beside=beside)


def timetable(settings: Settings, application: Application, *, role: Role | None) -> Timetable:
    """Who lets time pass: this process for itself, nobody here, or whichever machine is free."""
    if role is None:
        return InProcess(application.tick)
    if role is Role.WEB:
        return InProcess(application.stay_honest)
    from bot.timetable.cluster import Cluster  # noqa: PLC0415  # an extra that one machine does without

    return Cluster(settings.database_url, application, engine=application.database.engine)
