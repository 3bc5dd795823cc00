"""Tokens for what the bot sends: fetched once, kept, renewed in time, and never while the event loop waits."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator

import pytest
import requests
from requests.adapters import HTTPAdapter

from adapters.chat import Address, Card, DeliveryError, Incoming, Reply
from adapters.teams.credentials import SPARE, PatientSession, SignIn, Token, Tokens
from adapters.teams.references import Reference
from adapters.teams.registrations import Registration, Registrations
from tests.teams.people import teams_adapter
from tests.teams.service import APP, TENANT, BotService

US = Registration(APP, TENANT, "right")
OTHERS = Registration("app-2", "tenant-2", "right")
MOST_BLOCKED = 0.050  #: seconds


class Detour(HTTPAdapter):
    """Leads what is meant for Microsoft to this machine."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here = here

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        scheme, _, rest = str(request.url).partition("://")
        request.url = f"{self.here}/{rest.partition('/')[2]}" if scheme else request.url
        return super().send(request, *args, **kwargs)  # type: ignore[arg-type]  # handed on as it came


def sign_in(service: BotService) -> SignIn:
    session = PatientSession()
    for place in ("https://login.microsoftonline.com", "http://169.254.169.254"):
        session.mount(place, Detour(service.url))
    return SignIn(session=session)


@pytest.fixture
async def service() -> AsyncIterator[BotService]:
    async with BotService().running() as service:
        yield service


class Desk:
    """Hands out tokens, slowly if it must, and counts who came."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.open = threading.Event()
        self.open.set()
        self.fails: Exception | None = None

    def __call__(self, registration: Registration, scope: str) -> Token:
        self.came.append(f"{registration.app_id} {scope}")
        self.open.wait(5)
        if self.fails is not None:
            raise self.fails
        return Token(f"token {len(self.came)}", 3600)


def tokens(desk: Desk, clock: list[float]) -> Tokens:
    return Tokens(Registrations([US, OTHERS]), fetch=desk, clock=lambda: clock[0])


async def test_a_token_is_fetched_once_for_an_app_and_a_scope() -> None:
    desk = Desk()
    kept = tokens(desk, [0.0])
    got = [await kept.token(app, scope) for _ in range(2) for app in (US, OTHERS) for scope in ("a", "b")]
    assert (len(desk.came), len(set(got))) == (4, 4)
    kept.close()


async def test_who_asks_at_once_waits_for_one_fetch() -> None:
    desk = Desk()
    desk.open.clear()
    kept = tokens(desk, [0.0])
    asking = asyncio.gather(*(kept.token(US) for _ in range(10)))
    await asyncio.sleep(0)
    desk.open.set()
    assert (set(await asking), len(desk.came)) == ({"token 1"}, 1)
    kept.close()


async def test_a_token_is_renewed_before_it_ends() -> None:
    desk, clock = Desk(), [0.0]
    kept = tokens(desk, clock)
    await kept.token(US)
    clock[0] = 3600 - SPARE
    assert await kept.token(US) == "token 2"
    kept.close()


async def test_while_nobody_hands_out_tokens_the_old_one_serves_to_its_end() -> None:
    desk, clock = Desk(), [0.0]
    kept = tokens(desk, clock)
    await kept.token(US)
    desk.fails = OSError("down")
    clock[0] = 3599.0
    assert await kept.token(US) == "token 1"
    clock[0] = 3600.0
    with pytest.raises(DeliveryError) as failed:
        await kept.token(US)
    assert (failed.value.reason, failed.value.permanent) == ("sign_in_unreachable", False)
    kept.close()


async def test_a_token_that_was_not_taken_is_fetched_anew() -> None:
    desk = Desk()
    kept = tokens(desk, [0.0])
    await kept.token(US)
    kept.drop(US)
    assert await kept.token(US) == "token 2"
    kept.close()


async def test_warming_fetches_for_every_registration_and_fails_nobody() -> None:
    desk = Desk()
    desk.fails = ValueError("no such tenant")
    kept = tokens(desk, [0.0])
    await kept.warm()
    assert len(desk.came) == 2
    kept.close()


async def test_with_a_secret_microsofts_own_library_fetches_the_token(service: BotService) -> None:
    fetch = sign_in(service)
    kept = Tokens(Registrations([US]), fetch=fetch, clock=time.monotonic)
    assert await kept.token(US) == "out-1"
    assert service.asked == [f"token {APP} https://api.botframework.com/.default"]
    kept.close()


async def test_a_wrong_secret_is_said_by_its_code(service: BotService) -> None:
    wrong = Registration(APP, TENANT, "wrong")
    kept = Tokens(Registrations([wrong]), fetch=sign_in(service), clock=time.monotonic)
    with pytest.raises(DeliveryError) as failed:
        await kept.token(wrong)
    assert (failed.value.reason, failed.value.permanent) == ("sign_in_invalid_client", False)
    kept.close()


async def test_a_sign_in_that_answers_nonsense_is_a_failure_like_any_other(service: BotService) -> None:
    lost = Registration(APP, "no/such/tenant", "right")
    kept = Tokens(Registrations([lost]), fetch=sign_in(service), clock=time.monotonic)
    with pytest.raises(DeliveryError, match="sign_in_"):
        await kept.token(lost)
    kept.close()


async def test_a_managed_identity_needs_no_secret(service: BotService) -> None:
    managed = Registration(APP, TENANT, identity="managed")
    kept = Tokens(Registrations([managed]), fetch=sign_in(service), clock=time.monotonic)
    assert await kept.token(managed) == f"managed {APP}"
    kept.close()


def test_nobody_waits_for_the_network_without_end(service: BotService) -> None:
    del service
    asked: list[object] = []

    class Ear(HTTPAdapter):
        def send(self, *_: object, **kwargs: object) -> requests.Response:
            asked.append(kwargs["timeout"])
            return requests.Response()

    session = PatientSession()
    session.mount("http://", Ear())
    session.get("http://nowhere.example/")
    assert asked == [(3.05, 5.0)]


async def longest_pause(until: asyncio.Task[str]) -> float:
    """How long the event loop did nothing else, at the most, while something was done."""
    longest, before = 0.0, time.perf_counter()
    while not until.done():
        await asyncio.sleep(0.002)
        now = time.perf_counter()
        longest, before = max(longest, now - before - 0.002), now
    return longest


async def test_a_slow_sign_in_and_the_library_never_stop_the_event_loop(service: BotService) -> None:
    """The best of a few tries: on a busy machine something else may stop it, but a wait on the loop would stop each."""

    async def listen(_: Incoming) -> Reply | None:
        return None

    service.sign_in_takes = 0.2
    pauses = []
    for attempt in range(4):
        adapter = teams_adapter(service, fetch=sign_in(service))
        running = asyncio.create_task(adapter.run(listen))
        await asyncio.sleep(0)
        ana = Address("teams", "ana", TENANT, str(Reference("a:ana", service.url)))
        pauses.append(await longest_pause(asyncio.create_task(adapter.send(ana, Card("Hello."), key=f"{attempt}"))))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        if pauses[-1] < MOST_BLOCKED:
            break
    assert min(pauses) < MOST_BLOCKED, pauses
    assert any(asked.startswith("token") for asked in service.asked)
