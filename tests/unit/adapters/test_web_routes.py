"""The addresses of the web chat, as a browser without scripts and as a stranger meets them."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import httpx
import pytest
from fastapi import FastAPI

from adapters.chat import Action, Address, Card, Field, Incoming, Opened, Pressed, Reply, Said, Submitted
from adapters.web import links
from adapters.web.adapter import WebAdapter
from adapters.web.transcript import MemoryTranscript

SECRET = b"s" * 32
ANA = Address("web", "ana")
BEN = Address("web", "ben")
OURS = {"Sec-Fetch-Site": "same-origin"}
HERE = "http://test"
IN_PLACE = OURS | {"Accept": "text/x-fragment"}
QUESTION = Card(
    "How was it?",
    fields=(Field("more", "Tell us"),),
    actions=(Action("send", "Send", submits=True), Action("ask", "Ask")),
    ref="r1",
)


@dataclass
class Bot:
    """Answers with what it was given, welcomes everybody."""

    came: list[Incoming] = field(default_factory=list)
    reply: Reply | None = None

    async def __call__(self, incoming: Incoming) -> Reply | None:
        if isinstance(incoming, Opened):
            return Reply(Card("Hello, and welcome."))
        self.came.append(incoming)
        return self.reply


@pytest.fixture
def adapter() -> WebAdapter:
    return WebAdapter(
        transcript=MemoryTranscript(),
        secret=SECRET,
        title="Pulse",
        menu=(Action("help", "Help me"),),
        heart_beat=timedelta(hours=1),
    )


@pytest.fixture
async def stranger(adapter: WebAdapter) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without any cookie."""
    app = FastAPI()
    app.include_router(adapter.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HERE, follow_redirects=True) as client:
        yield client


@pytest.fixture
async def bot(adapter: WebAdapter) -> AsyncIterator[Bot]:
    bot = Bot()
    running = asyncio.create_task(adapter.run(bot))
    await asyncio.sleep(0)
    yield bot
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def ana(stranger: httpx.AsyncClient, bot: Bot) -> httpx.AsyncClient:
    """The same browser after it opened Ana's link."""
    stranger.base_url = (await stranger.get(HERE + links.enter_path(SECRET, "ana"))).url
    return stranger


def _words(response: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


# The door.


async def test_a_link_opens_the_chat(ana: httpx.AsyncClient) -> None:
    assert "Hello, and welcome." in _words(await ana.get("./"))


async def test_a_link_with_another_signature_opens_nothing(stranger: httpx.AsyncClient, bot: Bot) -> None:
    response = await stranger.get(HERE + links.enter_path(b"t" * 32, "ana"))
    assert (response.status_code, "does not open a chat" in _words(response)) == (403, True)


async def test_without_a_cookie_a_chat_stays_shut(stranger: httpx.AsyncClient, bot: Bot) -> None:
    response = await stranger.get(f"/chat/{links.chat_id(SECRET, 'ana')}/")
    assert (response.status_code, "personal link" in _words(response)) == (403, True)


async def test_the_cookie_of_one_opens_no_chat_of_another(ana: httpx.AsyncClient) -> None:
    cookie = ana.cookies.get("chat")
    response = await ana.get(f"{HERE}/chat/{links.chat_id(SECRET, 'ben')}/", headers={"Cookie": f"chat={cookie}"})
    assert response.status_code == 403


async def test_several_people_are_open_in_one_browser(stranger: httpx.AsyncClient, bot: Bot) -> None:
    pages = [await stranger.get(HERE + links.enter_path(SECRET, name)) for name in ("ana", "ben")]
    again = [await stranger.get(page.url) for page in pages]
    assert [page.status_code for page in again] == [200, 200]


@pytest.mark.parametrize(
    ("scheme", "expected"), [("http", {"HttpOnly", "SameSite=lax"}), ("https", {"HttpOnly", "SameSite=lax", "Secure"})]
)
async def test_the_cookie_is_kept_from_scripts_and_other_sites(
    stranger: httpx.AsyncClient, scheme: str, expected: set[str]
) -> None:
    response = await stranger.get(f"{scheme}://test{links.enter_path(SECRET, 'ana')}", follow_redirects=False)
    parts = {part.strip() for part in response.headers["set-cookie"].split(";")}
    chat = links.chat_id(SECRET, "ana")
    assert expected | {f"Path=/chat/{chat}/", f"Max-Age={90 * 24 * 3600}"} == {p for p in parts if "chat=" not in p}


@pytest.mark.parametrize("path", ["enter/nonsense", "chat/x/", "chat/assets/none.js", "chat/x/events"])
async def test_every_answer_forbids_what_the_page_does_not_need(ana: httpx.AsyncClient, path: str) -> None:
    response = await ana.get(f"{HERE}/{path}")
    assert (response.headers["referrer-policy"], response.headers["content-security-policy"][:18]) == (
        "no-referrer",
        "default-src 'none'",
    )


async def test_the_page_may_load_scripts_and_styles_from_here_alone(ana: httpx.AsyncClient) -> None:
    policy = (await ana.get("./")).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


async def test_no_page_with_words_of_a_person_is_kept_by_the_browser(ana: httpx.AsyncClient) -> None:
    assert (await ana.get("./")).headers["cache-control"] == "no-store"


async def test_nothing_on_the_page_comes_from_elsewhere(ana: httpx.AsyncClient, adapter: WebAdapter) -> None:
    await adapter.send(ANA, QUESTION, key="k")
    page = (await ana.get("./")).text
    assert re.findall(r'(?:src|href|action)="(?!\.\.?/|#)[^"]*"', page) == []


async def test_nothing_on_the_page_needs_inline_script_or_style(ana: httpx.AsyncClient, adapter: WebAdapter) -> None:
    await adapter.send(ANA, QUESTION, key="k")
    assert re.findall(r"<style| style=| on\w+=|<script>|javascript:", (await ana.get("./")).text) == []


@pytest.mark.parametrize(("name", "kind"), [("chat.css", "text/css"), ("chat.js", "text/javascript")])
async def test_the_page_finds_its_parts(ana: httpx.AsyncClient, name: str, kind: str) -> None:
    response = await ana.get(f"{HERE}/chat/assets/{name}")
    assert response.headers["content-type"].startswith(kind)


async def test_no_other_file_is_handed_out(ana: httpx.AsyncClient) -> None:
    assert (await ana.get(f"{HERE}/chat/assets/..%2Fadapter.py")).status_code == 404


# Without a bot.


async def test_while_no_bot_listens_the_page_says_so(stranger: httpx.AsyncClient) -> None:
    response = await stranger.get(HERE + links.enter_path(SECRET, "ana"))
    assert (response.status_code, "looked after" in _words(response)) == (503, True)


async def test_while_no_bot_listens_nothing_is_taken_in(stranger: httpx.AsyncClient) -> None:
    page = await stranger.get(HERE + links.enter_path(SECRET, "ana"))
    response = await stranger.post(page.url, data={"says": "1", "text": "help"}, headers=IN_PLACE)
    assert (response.status_code, "nothing you typed is lost" in response.text) == (503, True)


async def test_when_the_bot_has_stopped_no_stream_is_opened(stranger: httpx.AsyncClient, adapter: WebAdapter) -> None:
    page = await stranger.get(HERE + links.enter_path(SECRET, "ana"))
    adapter.hang_up()
    assert (await stranger.get(page.url.join("events"))).status_code == 503


async def test_when_running_ends_open_streams_end(stranger: httpx.AsyncClient, adapter: WebAdapter) -> None:
    running = asyncio.create_task(adapter.run(Bot()))
    await asyncio.sleep(0)
    page = await stranger.get(HERE + links.enter_path(SECRET, "ana"))
    stream = asyncio.create_task(stranger.get(page.url.join("events")))
    await asyncio.sleep(0)
    running.cancel()
    assert (await asyncio.wait_for(stream, 5)).status_code in {200, 503}
    await asyncio.gather(running, return_exceptions=True)


async def test_without_a_cookie_no_stream_is_opened(stranger: httpx.AsyncClient, bot: Bot) -> None:
    assert (await stranger.get("/chat/x/events")).status_code == 403


# Sending, as a plain form does it.


async def _send(client: httpx.AsyncClient, **form: str | list[str]) -> httpx.Response:
    return await client.post("./", data={name.replace("__", "."): value for name, value in form.items()}, headers=OURS)


async def test_a_reply_is_gone_after_a_reload(ana: httpx.AsyncClient, bot: Bot) -> None:
    bot.reply = Reply(Card("maple drift seven lantern"))
    shown = _words(await _send(ana, says="1", text="ask"))
    assert ("maple" in shown, "maple" in _words(await ana.get("./"))) == (True, False)


async def test_a_line_stands_above_its_reply(ana: httpx.AsyncClient, bot: Bot) -> None:
    bot.reply = Reply(Card("You can write: ask"))
    assert "You: what now? You can write: ask" in _words(await _send(ana, says="1", text="what now?"))


async def test_a_button_of_the_menu_stands_above_its_reply(ana: httpx.AsyncClient, bot: Bot) -> None:
    bot.reply = Reply(Card("You can write: ask"))
    assert "You: Help me You can write: ask" in _words(await _send(ana, form="menu", presses="help"))


async def test_a_menu_button_that_does_not_exist_has_no_words(ana: httpx.AsyncClient, bot: Bot) -> None:
    bot.reply = Reply(Card("Pardon?"))
    assert "You:" not in _words(await _send(ana, form="menu", presses="forged"))


async def test_when_the_bot_says_nothing_the_page_still_answers(ana: httpx.AsyncClient) -> None:
    assert "Got it, thank you." in _words(await _send(ana, says="1", text="hello"))


async def test_what_was_typed_stays_in_the_form_that_is_answered(
    ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter
) -> None:
    message = await adapter.send(ANA, QUESTION, key="k")
    bot.reply = Reply(Card("That looks like it names a patient."))
    response = await _send(ana, message=message, submits="send", ref="r1", f__more="typed already")
    assert ">\ntyped already</textarea>" in response.text


async def test_what_was_typed_does_not_appear_in_another_form(
    ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter
) -> None:
    message = await adapter.send(ANA, QUESTION, key="k")
    await adapter.send(ANA, QUESTION, key="another with the same field")
    bot.reply = Reply(Card("Please say it without."))
    response = await _send(ana, message=message, submits="send", ref="r1", f__more="typed already")
    assert response.text.count("typed already") == 1


async def test_an_answer_to_a_form_stands_right_under_it(ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter) -> None:
    message = await adapter.send(ANA, QUESTION, key="k")
    await adapter.send(ANA, Card("A later message"), key="later")
    bot.reply = Reply(Card("Please say it without."))
    words = _words(await _send(ana, message=message, submits="send", ref="r1"))
    assert words.index("Ask Please say it without.") < words.index("A later message")


async def test_an_answer_to_an_answer_takes_its_place(ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter) -> None:
    message = await adapter.send(ANA, QUESTION, key="k")
    await adapter.send(ANA, Card("A later message"), key="later")
    bot.reply = Reply(Card("Sure?"))
    words = _words(await _send(ana, slot=f"reply-{message}", submits="send", ref="draft"))
    assert words.index("Sure?") < words.index("A later message")


async def test_a_button_that_carries_no_fields_is_answered_at_the_bottom(
    ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter
) -> None:
    message = await adapter.send(ANA, QUESTION, key="k")
    await adapter.send(ANA, Card("A later message"), key="later")
    bot.reply = Reply(Card("What would you like to know?"))
    words = _words(await _send(ana, message=message, presses="ask", ref="r1"))
    assert words.index("A later message") < words.index("What would you like to know?")


async def test_a_thank_you_stays_after_a_reload(ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter) -> None:
    message = await adapter.send(ANA, QUESTION, key="k")
    bot.reply = Reply(Card("Thank you."), replaces=True)
    response = await _send(ana, message=message, submits="send", ref="r1")
    words = _words(await ana.get("./"))
    assert (response.history[0].status_code, "Thank you." in words, "How was it?" in words) == (303, True, False)


async def test_an_answer_with_the_ref_of_a_message_replaces_that_message(
    ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter
) -> None:
    await adapter.send(ANA, QUESTION, key="k")
    bot.reply = Reply(Card("Thank you."), replaces=True)
    await _send(ana, slot="reply", submits="confirm", ref="r1")
    assert "How was it?" not in _words(await ana.get("./"))


async def test_nobody_replaces_the_message_of_somebody_else(
    ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter, stranger: httpx.AsyncClient
) -> None:
    message = await adapter.send(BEN, QUESTION, key="k")
    bot.reply = Reply(Card("Thank you."), replaces=True)
    await _send(ana, message=message, submits="send", ref="r1")
    assert "How was it?" in _words(await stranger.get(HERE + links.enter_path(SECRET, "ben")))


async def test_a_message_without_a_ref_is_not_found_by_an_empty_one(
    ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter
) -> None:
    await adapter.send(ANA, Card("Just so you know."), key="k")
    bot.reply = Reply(Card("All right."), replaces=True)
    await _send(ana, presses="cancel")
    assert "Just so you know." in _words(await ana.get("./"))


async def test_a_form_sent_twice_carries_the_same_id(ana: httpx.AsyncClient, bot: Bot) -> None:
    for _ in range(2):
        await _send(ana, id="0123456789abcdef", says="1", text="help")
    assert [came.id for came in bot.came] == ["0123456789abcdef"] * 2


async def test_every_form_of_a_page_has_its_own_id(ana: httpx.AsyncClient, adapter: WebAdapter) -> None:
    for key in ("a", "b"):
        await adapter.send(ANA, QUESTION, key=key)
    ids = re.findall(r'name="id" id="[^"]+" value="([^"]+)"', (await ana.get("./")).text)
    assert (len(ids), len(set(ids))) == (4, 4)


async def test_what_is_forgotten_leaves_the_page(ana: httpx.AsyncClient, adapter: WebAdapter) -> None:
    await adapter.send(ANA, QUESTION, key="k")
    await adapter.forget("ana")
    assert "How was it?" not in _words(await ana.get("./"))


# Sending in place.


async def test_an_answer_in_place_renews_the_id_of_the_form(ana: httpx.AsyncClient, bot: Bot) -> None:
    bot.reply = Reply(Card("You can write: ask"))
    response = await ana.post("./", data={"form": "say", "says": "1", "text": "help"}, headers=IN_PLACE)
    assert ('id="once-say"' in response.text, "<html" in response.text) == (True, False)


async def test_a_thank_you_in_place_empties_the_place_where_it_was_confirmed(
    ana: httpx.AsyncClient, bot: Bot, adapter: WebAdapter
) -> None:
    message = await adapter.send(ANA, QUESTION, key="k")
    bot.reply = Reply(Card("Thank you."), replaces=True)
    form = {"form": "reply", "slot": "reply", "submits": "confirm", "ref": "r1"}
    response = await ana.post("./", data=form, headers=IN_PLACE)
    assert (f'id="m-{message}"' in response.text, re.search(r'id="reply" class="slot">\s*</div>', response.text)) != (
        True,
        None,
    )


# What is refused.


async def test_a_text_of_100_kb_gets_a_clear_sentence(ana: httpx.AsyncClient, bot: Bot) -> None:
    response = await _send(ana, says="1", text="x" * 100_000)
    assert (response.status_code, "shorten it" in _words(response), bot.came) == (413, True, [])


async def test_a_post_from_another_site_is_refused(ana: httpx.AsyncClient, bot: Bot) -> None:
    response = await ana.post("./", data={"says": "1", "text": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (response.status_code, bot.came) == (403, [])


async def test_a_post_that_is_none_of_our_forms_is_refused(ana: httpx.AsyncClient, bot: Bot) -> None:
    response = await ana.post("./", content=b'{"a": 1}', headers=OURS)
    assert (response.status_code, bot.came) == (400, [])


async def test_a_post_without_the_cookie_is_refused(stranger: httpx.AsyncClient, bot: Bot) -> None:
    response = await stranger.post(f"/chat/{links.chat_id(SECRET, 'ana')}/", data={"says": "1"}, headers=OURS)
    assert (response.status_code, bot.came) == (403, [])


async def test_the_bot_learns_who_acts_from_the_cookie_alone(ana: httpx.AsyncClient, bot: Bot) -> None:
    await _send(ana, says="1", text="help", sender="ben", account="ben")
    await _send(ana, presses="ask", sender="ben")
    await _send(ana, submits="send", sender="ben")
    assert [type(came) for came in bot.came if came.sender == ANA] == [Said, Pressed, Submitted]
