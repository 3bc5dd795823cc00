"""The web chat in a real browser: live, in place, by keyboard, without scripts, and when things go wrong."""

import asyncio
import contextlib
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page, expect

from adapters.chat import Action, Address, Card, Choice, Field, Incoming, Opened, Pressed, Reply, Said, Submitted
from adapters.web.adapter import WebAdapter
from adapters.web.links import enter_path
from adapters.web.transcript import MemoryTranscript

pytestmark = pytest.mark.browser

SECRET = b"s" * 32
ANA = Address("web", "ana")
BEN = Address("web", "ben")
PULSE = Card(
    "Day 4 with **Northstar**. Three quick ones, then you're done.",
    fields=(
        Field(
            "ease",
            "I got through my work today about as well as before.",
            (
                Choice("1", "1 - not at all"),
                *(Choice(str(n), str(n)) for n in (2, 3, 4)),
                Choice("5", "5 - completely"),
                Choice("ns", "not sure"),
            ),
        ),
        Field(
            "first",
            "A walk-in has no insurance card. What comes first?",
            (Choice("a", "Look the person up in the coverage screen"), Choice("b", "Photocopy the licence")),
        ),
        Field(
            "route",
            "Did you go around the system today?",
            (Choice("paper", "paper"), Choice("list", "my own list")),
            several=True,
        ),
        Field("more", "Anything else?", hint="No patient details, please."),
    ),
    actions=(Action("send", "Send", submits=True, primary=True), Action("skip", "Skip this one")),
    note="Your lead sees results for groups of 5 or more. Nobody sees who said what, and we do not store it.",
    ref="pulse-1",
)


@dataclass
class Bot:
    """A bot small enough to read: a pulse, a question in two steps, and help."""

    came: list[Incoming] = field(default_factory=list)
    slow: asyncio.Event | None = None  #: when set, answers wait for it

    async def __call__(self, incoming: Incoming) -> Reply | None:
        if isinstance(incoming, Opened):
            return Reply(Card("Hello. You can ask at any time: **nobody sees who asked**."))
        self.came.append(incoming)
        if self.slow is not None:
            await self.slow.wait()
        return _reply(incoming)


def _reply(incoming: Incoming) -> Reply | None:
    reply: Reply | None = None
    match incoming:
        case Submitted(action="send", values=values) if "ease" not in values:
            reply = Reply(Card("The first one is still open."))
        case Submitted(action="send"):
            reply = Reply(Card("Thank you. The refill queue now has its own tab."), replaces=True)
        case Pressed(action="ask"):
            question = Field("q", "Your question", optional=False, max_length=200_000)
            preview = Action("preview", "Preview", submits=True, primary=True)
            reply = Reply(Card("What would you like to know?", fields=(question,), actions=(preview,)))
        case Submitted(action="preview", values=values):
            confirm = Action("confirm", "Ask it", submits=True, primary=True)
            reply = Reply(Card(f"Your lead will see:\n\n{values['q'][0]}", actions=(confirm,), ref="draft"))
        case Submitted(action="confirm", ref="draft"):
            reply = Reply(Card("Keep these words: **maple drift seven lantern**"))
        case Said(text="help"):
            reply = Reply(Card("You can write:\n\n- ask\n- find"))
    return reply


class StoppableServer(uvicorn.Server):
    """Hangs up on open pages when it is told to stop, as the bot's server does."""

    adapter: WebAdapter

    def handle_exit(self, sig: int, frame: object) -> None:
        self.adapter.hang_up()
        super().handle_exit(sig, frame)  # type: ignore[arg-type]  # uvicorn asks for a FrameType and does not look at it


@dataclass
class Chat:
    """A running chat."""

    adapter: WebAdapter
    bot: Bot
    port: int

    def link(self, who: Address) -> str:
        return f"http://127.0.0.1:{self.port}{enter_path(SECRET, who.account)}"

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        app = FastAPI()
        app.include_router(self.adapter.routes())
        config = uvicorn.Config(app, access_log=False, log_level="warning", lifespan="off")
        server = StoppableServer(config)
        server.adapter = self.adapter
        with socket.create_server(("127.0.0.1", self.port)) as listening:
            self.port = listening.getsockname()[1]
            listens = asyncio.create_task(self.adapter.run(self.bot))
            serves = asyncio.create_task(server.serve(sockets=[listening]))
            yield  # who connects before the server has started waits in the queue of the socket
            self.adapter.hang_up()
            server.should_exit = True
            await asyncio.wait_for(serves, 10)
            listens.cancel()
            await asyncio.gather(listens, return_exceptions=True)


@pytest.fixture
def down() -> Chat:
    """A chat that is not served yet."""
    menu = (Action("ask", "Ask something"), Action("help", "Help"))
    adapter = WebAdapter(transcript=MemoryTranscript(), secret=SECRET, title="Pulse for Northstar", menu=menu)
    return Chat(adapter, Bot(), port=0)


@pytest.fixture
async def chat(down: Chat) -> AsyncIterator[Chat]:
    async with down.served():
        yield down


@pytest.fixture
async def ana(chat: Chat, page: Page) -> Page:
    """Ana's phone, with a pulse on it."""
    await chat.adapter.send(ANA, PULSE, key="pulse-1")
    await page.goto(chat.link(ANA))
    return page


async def test_a_pulse_is_answered_in_place(chat: Chat, ana: Page) -> None:
    await ana.evaluate("window.same = true")
    await ana.get_by_label("4", exact=True).check()
    await ana.get_by_label("my own list").check()
    await ana.get_by_label("Anything else?").fill("The printer.")
    await ana.get_by_role("button", name="Send", exact=True).first.click()
    await expect(ana.get_by_role("article", name="Thank you.")).to_be_visible()
    [came] = chat.bot.came
    assert isinstance(came, Submitted)
    assert (dict(came.values), await ana.evaluate("window.same")) == (
        {"ease": ("4",), "route": ("list",), "more": ("The printer.",)},
        True,
    )


async def test_the_thank_you_has_the_focus_so_that_it_is_read_out(chat: Chat, ana: Page) -> None:
    await ana.get_by_label("4", exact=True).check()
    await ana.get_by_role("button", name="Send", exact=True).first.click()
    await expect(ana.get_by_role("article", name="Thank you.")).to_be_focused()


async def test_the_thank_you_is_not_announced_a_second_time_as_news(chat: Chat, ana: Page) -> None:
    await ana.evaluate(
        """() => {
            const line = document.getElementById("announce");
            window.heard = [];
            new MutationObserver(() => window.heard.push(line.textContent)).observe(line, { childList: true });
        }"""
    )
    await ana.get_by_label("4", exact=True).check()
    await ana.get_by_role("button", name="Send", exact=True).first.click()
    await expect(ana.get_by_role("article", name="Thank you.")).to_be_focused()
    await chat.adapter.send(ANA, Card("Something else."), key="later")
    await expect(ana.get_by_role("article", name="Something else.")).to_be_visible()
    assert await ana.evaluate("window.heard") == ["New message: Something else."]


async def test_a_new_message_arrives_without_a_reload_and_is_announced(chat: Chat, ana: Page) -> None:
    await chat.adapter.send(ANA, Card("One reminder: today's pulse closes at noon."), key="reminder")
    await expect(ana.get_by_role("list", name="Messages").get_by_text("closes at noon")).to_be_visible()
    await expect(ana.locator("#announce")).to_have_text("New message: One reminder: today's pulse closes at noon.")


async def test_a_message_that_arrives_leaves_alone_what_is_being_typed(chat: Chat, ana: Page) -> None:
    await ana.get_by_label("Anything else?").fill("half a sen")
    await chat.adapter.send(ANA, Card("One reminder."), key="reminder")
    await expect(ana.get_by_role("article", name="One reminder.")).to_be_visible()
    await expect(ana.get_by_label("Anything else?")).to_have_value("half a sen")
    await expect(ana.get_by_label("Anything else?")).to_be_focused()


async def test_a_message_is_replaced_without_a_reload(chat: Chat, ana: Page) -> None:
    message = await chat.adapter.find(ANA, key="pulse-1")
    await chat.adapter.replace(ANA, str(message), Card("This pulse closed at noon."))
    await expect(ana.get_by_role("article", name="This pulse closed at noon.")).to_be_visible()
    await expect(ana.get_by_text("Day 4 with")).to_have_count(0)


async def test_what_was_forgotten_leaves_an_open_page(chat: Chat, ana: Page) -> None:
    await chat.adapter.forget("ana")
    await expect(ana.get_by_text("Day 4 with")).to_have_count(0)


async def test_staff_and_lead_are_open_side_by_side_in_one_browser(
    chat: Chat, ana: Page, phone: BrowserContext
) -> None:
    ben = await phone.new_page()
    await ben.goto(chat.link(BEN))
    await chat.adapter.send(BEN, Card("Only for Ben."), key="k")
    await expect(ben.get_by_role("article", name="Only for Ben.")).to_be_visible()
    await ana.reload()
    assert (await ana.get_by_text("Day 4 with").count(), await ana.get_by_text("Only for Ben").count()) == (1, 0)


async def test_a_question_is_asked_previewed_and_gets_its_receipt(chat: Chat, ana: Page) -> None:
    await ana.get_by_role("button", name="Ask something").click()
    await ana.get_by_label("Your question").fill("Who opens the coverage screen? <b>")
    await ana.get_by_role("button", name="Preview").click()
    await expect(ana.get_by_text("Who opens the coverage screen? <b>")).to_be_visible()
    await ana.get_by_role("button", name="Ask it").click()
    await expect(ana.get_by_text("maple drift seven lantern")).to_be_visible()
    await ana.reload()
    assert await ana.get_by_text(re.compile(r"maple|coverage screen\?")).count() == 0


async def test_a_typed_word_is_answered_and_the_line_is_empty_again(chat: Chat, ana: Page) -> None:
    line = ana.get_by_label("Write to the bot")
    await line.fill("help")
    await line.press("Enter")
    await expect(ana.get_by_role("article", name="You can write:")).to_be_visible()
    await expect(line).to_have_value("")


async def test_an_explanation_comes_under_the_form_and_nothing_is_lost(chat: Chat, ana: Page) -> None:
    await ana.get_by_label("Anything else?").fill("The printer.")
    await ana.get_by_role("button", name="Send", exact=True).first.click()
    await expect(ana.get_by_role("article", name="The first one is still open.")).to_be_focused()
    await expect(ana.get_by_label("Anything else?")).to_have_value("The printer.")


async def test_after_an_explanation_the_form_can_be_sent_anew(chat: Chat, ana: Page) -> None:
    send = ana.get_by_role("button", name="Send", exact=True).first
    await send.click()
    await expect(ana.get_by_role("article", name="The first one is still open.")).to_be_visible()
    await ana.get_by_label("not sure").check()
    await send.click()
    await expect(ana.get_by_role("article", name="Thank you.")).to_be_visible()
    assert chat.bot.came[0].id != chat.bot.came[1].id


async def test_an_impatient_double_tap_is_sent_once(chat: Chat, ana: Page) -> None:
    chat.bot.slow = asyncio.Event()
    await ana.get_by_label("4", exact=True).check()
    send = ana.locator("form button.primary").first
    await send.click()
    await send.click()
    chat.bot.slow.set()
    await expect(ana.get_by_role("article", name="Thank you.")).to_be_visible()
    assert len(chat.bot.came) == 1


async def test_without_a_connection_what_was_typed_stays_and_goes_out_later_with_the_same_id(
    chat: Chat, ana: Page, phone: BrowserContext
) -> None:
    await ana.get_by_label("4", exact=True).check()
    await ana.get_by_label("Anything else?").fill("The printer.")
    before = await ana.locator("#messages input[name=id]").first.input_value()
    await phone.set_offline(offline=True)
    send = ana.get_by_role("button", name="Send", exact=True).first
    await send.click()
    await expect(ana.get_by_role("alert")).to_contain_text("Nothing you typed is lost")
    await phone.set_offline(offline=False)
    await send.click()
    await expect(ana.get_by_role("article", name="Thank you.")).to_be_visible()
    assert [came.id for came in chat.bot.came] == [before]


async def test_a_text_of_100_kb_gets_a_clear_sentence_and_stays(chat: Chat, ana: Page) -> None:
    await ana.get_by_role("button", name="Ask something").click()
    await ana.get_by_label("Your question").fill("x" * 100_000)
    await ana.get_by_role("button", name="Preview").click()
    await expect(ana.get_by_role("alert")).to_contain_text("Please shorten it")
    assert len(await ana.get_by_label("Your question").input_value()) == 100_000


async def test_a_page_finds_back_when_the_server_was_restarted(down: Chat, page: Page) -> None:
    async with down.served():
        await page.goto(down.link(ANA))
        await expect(page.get_by_text("nobody sees who asked")).to_be_visible()
    await expect(page.get_by_text("Trying again by itself")).to_be_visible()
    await down.adapter.send(ANA, Card("Sent while nobody served."), key="k")
    async with down.served():
        await expect(page.get_by_role("article", name="Sent while nobody served.")).to_be_visible()
        await expect(page.get_by_text("Trying again by itself")).to_be_hidden()


async def test_a_pulse_is_answered_by_keyboard_alone(chat: Chat, ana: Page) -> None:
    await ana.get_by_label("1 not at all").focus()
    for key in ("ArrowRight", "ArrowRight", "Tab", "Space", "Tab", "Space", "Tab", "Tab"):
        await ana.keyboard.press(key)
    await ana.keyboard.type("typed")
    await ana.keyboard.press("Tab")
    await ana.keyboard.press("Enter")
    await expect(ana.get_by_role("article", name="Thank you.")).to_be_visible()
    [came] = chat.bot.came
    assert isinstance(came, Submitted)
    assert dict(came.values) == {"ease": ("3",), "first": ("a",), "route": ("paper",), "more": ("typed",)}


async def test_the_first_stop_of_the_keyboard_leads_past_the_header(ana: Page) -> None:
    await ana.keyboard.press("Tab")
    await expect(ana.get_by_role("link", name="Skip to the latest message")).to_be_focused()


async def test_everything_works_without_scripts(chat: Chat, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = await context.new_page()
    await chat.adapter.send(ANA, PULSE, key="pulse-1")
    await page.goto(chat.link(ANA))
    await page.get_by_label("Anything else?").fill("two\nlines")
    await page.get_by_role("button", name="Send", exact=True).first.click()
    await expect(page.get_by_text("The first one is still open.")).to_be_visible()
    await expect(page.get_by_label("Anything else?")).to_have_value("two\nlines")
    await page.get_by_label("4", exact=True).check()
    await page.get_by_role("button", name="Send", exact=True).first.click()
    await expect(page.get_by_text("Thank you. The refill queue now has its own tab.")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "width", "height"),
    [("light", 390, 844), ("dark", 390, 844), ("light", 320, 480), ("dark", 1280, 800)],
)
async def test_axe_finds_nothing(chat: Chat, browser: Browser, scheme: str, width: int, height: int) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await chat.adapter.send(ANA, PULSE, key="pulse-1")
    await page.goto(chat.link(ANA))
    await page.get_by_label("paper").check()
    await page.get_by_role("button", name="Send", exact=True).first.click()
    await expect(page.get_by_text("The first one is still open.")).to_be_visible()
    await page.get_by_label("4", exact=True).check()
    await page.get_by_role("button", name="Ask something").click()
    await expect(page.get_by_label("Your question")).to_be_visible()
    await context.set_offline(offline=True)
    await page.get_by_label("Your question").fill("?")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await _complaints(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_before_a_closed_door(chat: Chat, browser: Browser, scheme: str) -> None:
    context = await browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{chat.port}/enter/nonsense")
    assert await _complaints(page) == []


async def test_nothing_has_to_be_scrolled_sideways(ana: Page) -> None:
    """320 px is also what a window of 1280 px has at 400 %, and one of 640 px at 200 %."""
    found = []
    for width in (320, 390, 1280):
        await ana.set_viewport_size({"width": width, "height": 600})
        found.append(await ana.evaluate("document.documentElement.scrollWidth"))
    assert found == [320, 390, 1280]


async def test_everything_to_tap_is_large_enough_for_a_thumb(ana: Page) -> None:
    sizes = await ana.evaluate(
        """[...document.querySelectorAll("button, label:has(input), textarea, input[type=text]")].map((element) => {
            const box = element.getBoundingClientRect();
            return [element.textContent.trim(), Math.min(box.width, box.height)];
        })"""
    )
    assert [(name, size) for name, size in sizes if size < 44] == []


async def test_the_page_asks_nobody_else_for_anything_and_breaks_none_of_its_own_rules(chat: Chat, page: Page) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await chat.adapter.send(ANA, PULSE, key="pulse-1")
    await page.goto(chat.link(ANA))
    await page.get_by_role("button", name="Help").click()
    await expect(page.get_by_text("Got it, thank you.")).to_be_visible()
    assert (said, [url for url in asked if not url.startswith(f"http://127.0.0.1:{chat.port}/")]) == ([], [])


_PROGRAM = """
import asyncio, socket, uvicorn
from fastapi import FastAPI
from adapters.web.adapter import WebAdapter
from adapters.web.links import enter_path
from adapters.web.transcript import MemoryTranscript

adapter = WebAdapter(transcript=MemoryTranscript(), secret=b"s" * 32, title="Pulse")

class Server(uvicorn.Server):
    def handle_exit(self, sig, frame):
        adapter.hang_up()
        super().handle_exit(sig, frame)

async def listen(incoming):
    return None

async def main():
    app = FastAPI()
    app.include_router(adapter.routes())
    server = Server(uvicorn.Config(app, access_log=False, log_level="warning"))
    running = asyncio.create_task(adapter.run(listen))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], enter_path(b"s" * 32, "ana"), flush=True)
        await server.serve(sockets=[listening])

asyncio.run(main())
"""


async def test_ctrl_c_stops_a_server_that_has_a_page_open() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _PROGRAM,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert program.stdout is not None
    port, path = (await program.stdout.readline()).decode().split()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", follow_redirects=True) as client:
        page = await client.get(path)
        async with client.stream("GET", page.url.join("events")) as events:
            lines = events.aiter_lines()
            await anext(lines)
            program.send_signal(signal.SIGINT)
            async for _ in lines:
                pass
    _, complaints = await asyncio.wait_for(program.communicate(), 10)
    assert [line for line in complaints.decode().splitlines() if "Exception" in line or "ERROR" in line] == []


async def _complaints(page: Page) -> list[str]:
    """What axe-core objects to, all rules, best practices included."""
    found = await Axe().run(page)
    return [
        f"{broken['id']}: {node['html'][:120]} {node['failureSummary']}"
        for broken in found.response["violations"]
        for node in broken["nodes"]
    ]
