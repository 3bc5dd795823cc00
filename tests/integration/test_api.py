"""The API, its files and its webhooks: what a token opens, what stands in it, and what never does."""

import asyncio
import csv
import hmac
import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import httpx
import icalendar
import pyarrow.parquet
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import ignored_auth
from sqlmodel import Session, select

from adapters.web.knocks import MOST
from bot.api.files import as_csv
from bot.api.tokens import GOOD_FOR, ApiToken, Scope, end_token, make_token
from bot.api.webhooks import (
    WAITS,
    BadAddress,
    Call,
    Webhook,
    WebhookCall,
    add_webhook,
    announce,
    over_http,
    remove_webhook,
    send_due,
)
from bot.clock import SetClock
from bot.insight.alerts import Alert
from bot.insight.published import PublishedFigure
from bot.leading import Leader
from bot.setup import site, web_adapter
from bot.storage.database import Database
from surveys.golives import GoLive, Stratum
from surveys.waves import Wave, WaveState

NOW = datetime(2027, 3, 3, 17, tzinfo=UTC)
LEAD = Leader(1, None, now=NOW, today=NOW.date())
FIGURE = {"asked": 10, "members": 10, "joined": 0, "departed": 0}


@dataclass(frozen=True, slots=True)
class Program:
    """A program with a token before the site."""

    app: FastAPI
    browser: httpx.AsyncClient
    database: Database
    clock: SetClock

    def token(self, *scopes: Scope) -> str:
        with self.database.begin() as session:
            return make_token(session, name="reports", scopes=frozenset(scopes or Scope), by=LEAD)

    async def reads(self, path: str, token: str, **query: str) -> httpx.Response:
        return await self.browser.get(
            f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"} if token else {}, params=query
        )


def publish(session: Session, on: date) -> None:
    """One wave with a figure that is shown, one that is not, and a band."""
    strata = session.exec(select(Stratum).where(Stratum.golive_id == 1).order_by(Stratum.name)).all()
    wave = Wave(golive_id=1, on=on, phase="cutover", day=0, closes=NOW, reminder=False, state=WaveState.COUNTED)
    session.add(wave)
    session.flush()
    for stratum, said, low in ((None, "exact", 8), (strata[0].id, "hidden", None), (strata[1].id, "some", 5)):
        session.add(
            PublishedFigure(
                wave_id=wave.id or 0, measure="", stratum_id=stratum, said=said, low=low, high=low and 10, **FIGURE
            )
        )
    session.add(
        PublishedFigure(
            wave_id=wave.id or 0, measure="workflow", said="band", band="many", least=0.4, largest=0.9, **FIGURE
        )
    )
    session.add(
        Alert(
            golive_id=1, kind="workaround", stratum_id=strata[0].id or 0, route="paper", raised_on=on, since=on,
            score=9.0, threshold=3.0, because="Since 1 March, 7 of 11 name paper lists.",
        )
    )  # fmt: skip


@pytest.fixture
def engine_name() -> str:
    """On SQLite alone: the same statements are tried on both where they live."""
    return "sqlite"


@pytest.fixture
async def program(database: Database, golive: GoLive) -> AsyncIterator[Program]:
    clock = SetClock(NOW)
    with database.begin() as session:
        publish(session, date(2027, 3, 1))
    app = site(database, web_adapter(database), clock=clock, base_url="http://test")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        yield Program(app, browser, database, clock)


@pytest.mark.parametrize("path", ["golive", "figures", "figures.csv", "figures.parquet", "alerts", "plan", "plan.ics"])
async def test_nothing_is_read_without_a_token(program: Program, path: str) -> None:
    for token in ("", "pulse_nonsense"):
        answer = await program.reads(path, token)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_token_opens_what_its_scope_says_and_nothing_else(program: Program) -> None:
    paths = {Scope.FIGURES: "figures", Scope.ALERTS: "alerts", Scope.PLAN: "plan"}
    for scope in Scope:
        token = program.token(scope)
        found = {one: (await program.reads(path, token)).status_code for one, path in paths.items()}
        assert found == {one: 200 if one is scope else 403 for one in Scope}
        assert (await program.reads("golive", token)).status_code == 200


async def test_a_token_ends_by_itself_and_when_it_is_ended(program: Program) -> None:
    token, other = program.token(Scope.PLAN), program.token(Scope.PLAN)
    with program.database.begin() as session:
        mark = sha256(token.encode()).hexdigest()
        assert end_token(session, mark[:10], by=LEAD) == 1
        assert end_token(session, mark[:10], by=LEAD) == 0
    assert (await program.reads("plan", token)).status_code == 401
    assert (await program.reads("plan", other)).status_code == 200
    program.clock.advance(GOOD_FOR + timedelta(days=1))
    assert (await program.reads("plan", other)).status_code == 401


async def test_nobody_ends_the_token_of_another_golive(program: Program) -> None:
    program.token(Scope.PLAN)
    with program.database.begin() as session:
        mark = session.exec(select(ApiToken.mark)).one()
        assert end_token(session, mark, by=Leader(2, None, now=NOW, today=NOW.date())) == 0


async def test_no_token_stands_in_the_database(program: Program) -> None:
    token = program.token()
    with program.database.session() as session:
        assert token not in repr(session.exec(select(ApiToken)).all())


async def test_guesses_are_slowed_down_and_a_true_token_never_is(program: Program) -> None:
    token = program.token()
    for _ in range(MOST):
        await program.reads("golive", "pulse_guess")
    slowed = await program.reads("golive", "pulse_guess")
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "60")
    assert (await program.reads("golive", token)).status_code == 200


async def test_figures_are_those_of_the_pages(program: Program) -> None:
    found = (await program.reads("figures", program.token())).json()
    shown = [(one["measure"], one["group"], one["said"], one["answered_at_least"], one["band"]) for one in found]
    assert shown == [
        ("answered", None, "exact", 8, None),
        ("answered", "Billing", "hidden", None, None),
        ("answered", "Clinicians", "some", 5, None),
        ("workflow", None, "band", None, "many"),
    ]


async def test_figures_can_be_narrowed_down(program: Program) -> None:
    token = program.token()
    assert len((await program.reads("figures", token, measure="workflow")).json()) == 1
    assert len((await program.reads("figures", token, measure="answered")).json()) == 3
    assert (await program.reads("figures", token, since="2027-03-02")).json() == []
    assert (await program.reads("figures", token, since="soon")).status_code == 422


async def test_files_hold_the_same_figures(program: Program) -> None:
    token = program.token()
    wanted = (await program.reads("figures", token)).json()
    listed = list(csv.DictReader(io.StringIO((await program.reads("figures.csv", token)).text)))
    assert [(row["measure"], row["group"], row["said"]) for row in listed] == [
        (one["measure"], one["group"] or "", one["said"]) for one in wanted
    ]
    table = pyarrow.parquet.read_table(io.BytesIO((await program.reads("figures.parquet", token)).content))
    assert [row | {"date": row["date"].isoformat()} for row in table.to_pylist()] == wanted


async def test_a_file_without_rows_has_its_columns_all_the_same(program: Program) -> None:
    answer = await program.reads("figures.parquet", program.token(), since="2030-01-01")
    table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
    assert (table.num_rows, table.column_names[:3]) == (0, ["date", "measure", "group"])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_a_spreadsheet_would_compute_is_text(text: str) -> None:
    (_, row) = csv.reader(io.StringIO(as_csv(("question",), [(text,)]), newline=""))
    assert row == [f"'{text}"]


def test_numbers_and_other_words_stay_as_they_are() -> None:
    (_, row) = csv.reader(io.StringIO(as_csv(("a", "b", "c"), [(-3, "1 = 1", "“quoted”")])))
    assert row == ["-3", "1 = 1", "“quoted”"]


async def test_alerts_say_what_the_leads_read(program: Program) -> None:
    (alert,) = (await program.reads("alerts", program.token())).json()
    assert (alert["kind"], alert["group"], alert["state"]) == ("workaround", "Billing", "raised")
    assert alert["because"] == "Since 1 March, 7 of 11 name paper lists."


async def test_the_calendar_holds_the_plan_and_nobody(program: Program) -> None:
    token = program.token(Scope.PLAN)
    subscribed = await program.browser.get(f"/api/calendar/{token}.ics")
    assert subscribed.headers["content-type"].startswith("text/calendar")
    assert (await program.browser.get("/api/calendar/pulse_guess.ics")).status_code == 401
    events = list(icalendar.Calendar.from_ical(subscribed.content).walk("VEVENT"))
    plan = (await program.reads("plan", token)).json()
    assert len(events) == len(plan) + 1
    assert events[0]["DTSTART"].dt == date(2027, 3, 1)
    assert len({event["UID"] for event in events}) == len(events)


async def test_the_golive_says_where_it_stands(program: Program) -> None:
    found = (await program.reads("golive", program.token())).json()
    assert (found["day"], found["phase"], found["group_minimum"]) == (2, "cutover", 5)


def test_no_program_finds_a_breakdown(program: Program) -> None:
    """Whatever fits the document, and much that does not; what comes back is what the document says."""
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", program.app)
    headers = {"Authorization": f"Bearer {program.token()}"}
    tried = []
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=6, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def attempt(case: schemathesis.Case) -> None:
            case.validate_response(case.call(headers=headers), excluded_checks=[ignored_auth])  # 429 is an answer too

        attempt()
        tried.append(operation.path)
    assert len(tried) == 7


@dataclass(slots=True)
class Receiver:
    """A program that is told; it says no as often as it is told to."""

    refuses: int = 0
    heard: list[Call] = field(default_factory=list)

    async def __call__(self, call: Call) -> str:
        self.heard.append(call)
        if self.refuses:
            self.refuses -= 1
            return "503"
        return ""


def hook(program: Program, *, event: str = "alert.raised") -> str:
    """Add a receiver, and give it something to hear."""
    with program.database.begin() as session:
        secret = add_webhook(session, "https://reports.example.org/hook?key=abc", by=LEAD)
        announce(session, 1, event, session.exec(select(Alert)).all(), now=NOW)
    return secret


async def test_a_receiver_is_told_by_numbers_and_kinds_and_no_text(program: Program) -> None:
    hook(program)
    receiver = Receiver()
    assert await send_due(program.database, 1, now=NOW, post=receiver) == 1
    (call,) = receiver.heard
    said = json.loads(call.body)
    assert said == {
        "id": call.id, "event": "alert.raised", "golive": 1, "alert": 1, "kind": "workaround", "state": "raised",
        "raised_on": "2027-03-01",
    }  # fmt: skip
    assert await send_due(program.database, 1, now=NOW, post=receiver) == 0


async def test_whoever_holds_the_secret_can_check_who_called_and_when(program: Program) -> None:
    secret = hook(program)
    receiver = Receiver()
    await send_due(program.database, 1, now=NOW, post=receiver)
    moment, digest = (part.partition("=")[2] for part in receiver.heard[0].signature.split(","))
    expected = hmac.new(secret.encode(), f"{moment}.".encode() + receiver.heard[0].body, sha256).hexdigest()
    assert (int(moment), digest) == (int(NOW.timestamp()), expected)


async def test_a_call_that_is_refused_comes_again_with_the_same_id_and_is_given_up_in_the_end(program: Program) -> None:
    hook(program)
    receiver, now = Receiver(refuses=99), NOW
    for wait in (timedelta(0), *WAITS):
        now += wait
        await send_due(program.database, 1, now=now, post=receiver)
        await send_due(program.database, 1, now=now, post=receiver)
    assert len(receiver.heard) == len(WAITS) + 1
    assert len({call.id for call in receiver.heard}) == 1
    with program.database.session() as session:
        assert [(row.state, row.reason) for row in session.exec(select(WebhookCall))] == [("given_up", "503")]


async def test_a_call_that_is_taken_at_last_is_done(program: Program) -> None:
    hook(program)
    receiver = Receiver(refuses=1)
    await send_due(program.database, 1, now=NOW, post=receiver)
    assert await send_due(program.database, 1, now=NOW + WAITS[0], post=receiver) == 1
    with program.database.session() as session:
        assert [row.state for row in session.exec(select(WebhookCall))] == ["taken"]


async def test_neither_address_nor_secret_stands_in_the_database(program: Program) -> None:
    secret = hook(program)
    with program.database.session() as session:
        (row,) = session.exec(select(Webhook)).all()
        assert b"reports.example.org" not in row.url
        assert secret.encode() not in row.secret


@pytest.mark.parametrize("url", ["http://reports.example.org", "ftp://x", "javascript:alert(1)", ""])
def test_nothing_is_sent_in_the_clear(program: Program, url: str) -> None:
    with program.database.begin() as session, pytest.raises(BadAddress):
        add_webhook(session, url, by=LEAD)


def test_whoever_is_removed_is_told_no_more(program: Program) -> None:
    hook(program)
    with program.database.begin() as session:
        (number,) = session.exec(select(Webhook.id)).all()
        assert not remove_webhook(session, number, by=Leader(2, None, now=NOW, today=NOW.date()))
        assert remove_webhook(session, number, by=LEAD)
        assert session.exec(select(WebhookCall)).all() == []


async def test_over_the_wire_it_is_a_post_that_a_server_can_take_or_refuse(
    unused_tcp_port_factory: Callable[[], int],
) -> None:
    answers, heard = ["200 OK", "500 Oh", "302 Found"], []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(int(line[15:]) for line in head.lower().splitlines() if line.startswith("content-length:"))
        heard.append((head, await reader.readexactly(length)))
        writer.write(f"HTTP/1.1 {answers[len(heard) - 1]}\r\nContent-Length: 0\r\nLocation: /x\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    port = unused_tcp_port_factory()
    async with await asyncio.start_server(serve, "127.0.0.1", port):
        call = Call("abc", f"http://127.0.0.1:{port}/hook", b'{"id":"abc"}', "t=1,v1=2")
        assert [await over_http(call) for _ in answers] == ["", "500", "302"]
    assert await over_http(call) == "ConnectError"
    assert heard[0][0].startswith("POST /hook")
    assert "pulse-signature: t=1,v1=2" in heard[0][0].lower()
    assert heard[0][1] == call.body
