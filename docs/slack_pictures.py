"""Make the pictures of docs/slack.md: the bot's own cards as Slack's blocks, drawn by somebody else's renderer.

Run it with `.venv/bin/python docs/slack_pictures.py`. It plays two weeks of the family practice, asks a question, and
needs Chromium, Node, and npm once for `slack-blocks-to-jsx` and React, which it puts into var/.
"""

import asyncio
import json
import shutil
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, async_playwright

from adapters.chat import Address, Card, Incoming, Opened, Submitted
from adapters.slack.blocks import message
from adapters.slack.charts import chart
from adapters.slack.rich_text import Block
from adapters.slack.views import home, modal
from adapters.slack.words import ENGLISH
from bot import logs
from bot.rehearsal.play import PRACTICE, Play, Rehearsal, as_web, date_in, in_the_web_chat
from bot.settings import Settings
from bot.setup import open_database
from bot.storage.transcript import messages
from surveys.bank import load_bank
from surveys.golive_file import read_golive

PICTURES = Path(__file__).parent / "img"
PACKAGES = Path("var") / "pictures"
PINNED = ("slack-blocks-to-jsx@1.1.1", "react@19.2.0", "react-dom@19.2.0")
DRAW = """
const { createElement } = require('react');
const { renderToStaticMarkup } = require('react-dom/server');
const { Message } = require('slack-blocks-to-jsx');
const views = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const LOGO = 'data:image/svg+xml,' + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36"><rect width="36" height="36" rx="7" fill="#1f4e5f"/>'
  + '<path d="M5 19h7l3-8 5 15 4-11 2 4h5" fill="none" stroke="#fff" stroke-width="2.4"/></svg>');
const draw = (blocks, whole) => renderToStaticMarkup(createElement(Message, {
  blocks, name: 'Pulse', logo: LOGO, theme: 'light', time: new Date('2027-03-04T17:00:00Z'), withoutWrapper: !whole,
}));
process.stdout.write(JSON.stringify(Object.fromEntries(
  Object.entries(views).map(([name, view]) => [name, draw(view.blocks, view.type === 'message')]))));
"""
STYLE = """
body { margin: 0; padding: 20px; width: 520px; background: #eef1f0; font-family: Lato, 'Liberation Sans', sans-serif }
.card { background: #fff; border-radius: 10px; box-shadow: 0 2px 12px rgb(0 0 0 / 14%); padding: 16px 20px; }
.bar { display: flex; align-items: center; font-weight: 900; font-size: 18px; padding-bottom: 12px }
.bar::before { content: ''; width: 26px; height: 26px; border-radius: 6px; background: #1f4e5f; margin-right: 10px }
.foot { display: flex; gap: 10px; justify-content: flex-end; padding-top: 16px }
.foot span { border: 1px solid #b5bdbb; border-radius: 4px; padding: 7px 14px; font-weight: 700; font-size: 15px }
.foot .own { background: #007a5a; border-color: #007a5a; color: #fff }
"""


async def gathered() -> dict[str, Block]:
    """What stands before somebody at the front desk and before the lead, as Slack gets it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/pulse.db", keys=Path(folder) / "pulse.keys")
        file = in_the_web_chat(read_golive(PRACTICE, today=date_in(PRACTICE)))
        database = open_database(settings)
        play = Play(Rehearsal(until=14), file, database=database, bank=load_bank())
        staff, lead = Address("web", "desk-1"), as_web(play.file.leads[0].address)
        asked: Card | None = None
        alert: Card | None = None
        digest: Card | None = None
        async with play.application.running():
            for moment in play.moments(until=play.file.date + timedelta(days=14)):
                await play.step(moment)
                asked = asked or newest(play, lead, ref="question:")
                alert = alert or newest(play, lead, ref="alert:")
                digest = with_charts(play, lead) or digest
            question = {"question": ("Where is the refill queue now? You can call me at 555-867-5309.",)}
            preview = await said(play, Submitted(staff, "1", "ask-preview", "", question))
            confirmed = {"question": (preview.fields[0].value,)}
            receipt = await said(play, Submitted(staff, "2", "ask-confirm", "", confirmed))
            page = await said(play, Opened(staff, "3", "home"))
        pulse = newest(play, staff, action="answer")
        database.close()
    assert pulse is not None
    assert alert is not None
    assert asked is not None
    assert digest is not None
    posted = {"pulse": pulse, "alert": alert, "question": asked, "digest": digest}
    forms = {"preview": preview, "receipt": receipt}
    return {
        **{name: {"type": "message", "blocks": message(card).blocks} for name, card in posted.items()},
        **{name: modal(card, words=ENGLISH) for name, card in forms.items()},
        "home": home(page, words=ENGLISH),
    }


async def said(play: Play, incoming: Incoming) -> Card:
    reply = await play.application.conversation.hear(incoming)
    assert reply is not None
    return reply.card


def newest(play: Play, who: Address, *, ref: str = "", action: str = "") -> Card | None:
    """The last message that speaks of this, or offers it, and can still be acted on."""
    with play.database.session() as session:
        cards = [card for _, card in messages(session, who.account)]
    fits = [
        card
        for card in cards
        if card.actions and card.ref.startswith(ref) and (not action or any(one.name == action for one in card.actions))
    ]
    return fits[-1] if fits else None


def with_charts(play: Play, who: Address) -> Card | None:
    """The last message with pictures that Slack draws itself; here nobody can upload the others."""
    with play.database.session() as session:
        cards = [card for _, card in messages(session, who.account)]
    return next((card for card in reversed(cards) if card.pictures and all(map(chart, card.pictures))), None)


def drawn(views: dict[str, Block]) -> dict[str, str]:
    """The same as HTML."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise SystemExit("The pictures need Node and npm; install them and run this again.")
    PACKAGES.mkdir(parents=True, exist_ok=True)
    if not (PACKAGES / "node_modules" / "slack-blocks-to-jsx").exists():
        subprocess.run([npm, "install", "--prefix", str(PACKAGES), "--silent", "--no-save", *PINNED], check=True)  # noqa: S603  # our own words
    (PACKAGES / "draw.js").write_text(DRAW)
    given = json.dumps(views)
    ran = subprocess.run([node, "draw.js"], cwd=PACKAGES, input=given, capture_output=True, text=True, check=True)  # noqa: S603  # as above
    found: dict[str, str] = json.loads(ran.stdout)
    hint = "<p>\u21b5 Please &#x27;enter&#x27; to submit</p>"  # the renderer's own, which Slack does not show
    return {name: html.replace(hint, "") for name, html in found.items()}


def framed(view: dict[str, Any], html: str) -> str:
    """A modal has its title above, and its own buttons below."""
    bar = foot = ""
    if view["type"] == "modal":
        bar = f'<div class="bar">{view["title"]["text"]}</div>'
        own = f'<span class="own">{view["submit"]["text"]}</span>' if "submit" in view else ""
        foot = f'<div class="foot"><span>{view["close"]["text"]}</span>{own}</div>'
    css = (PACKAGES / "node_modules" / "slack-blocks-to-jsx" / "dist" / "style.css").read_text("utf-8")
    return f'<meta charset="utf-8"><style>{css}{STYLE}</style><div class="card">{bar}{html}{foot}</div>'


async def photograph(browser: Browser, name: str, page_source: str) -> None:
    page = await browser.new_page(viewport={"width": 560, "height": 400}, device_scale_factor=1.5)
    await page.set_content(page_source)
    await page.locator("body").screenshot(path=PICTURES / f"slack-{name}.png")
    await page.close()


async def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("The pictures need Chromium; install it and run this again.")
    logs.configure("error")
    views = await gathered()
    pages = drawn(views)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--headless=new", "--no-sandbox"])
        for name, view in views.items():
            await photograph(browser, name, framed(view, pages[name]))
        await browser.close()
    print(f"Wrote {len(views)} pictures to {PICTURES}")


if __name__ == "__main__":
    asyncio.run(main())
