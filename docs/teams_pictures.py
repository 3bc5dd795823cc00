"""Make the pictures of docs/teams.md: the real bot before Microsoft 365 Agents Playground, in headless Chromium.

Run it with `make teams`. It needs Node, what `make check` installs in tests/node, and Chromium.
"""

import asyncio
import shutil
import socket
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from adapters.chat import Address, Card, Picture, Series
from adapters.teams.references import Reference
from bot import logs
from bot.storage.database import Database
from bot.storage.keys import draw_keys
from bot.storage.migrate import upgrade
from tests.teams.clinic import TeamsClinic, write_golive
from tests.teams.playground import CHAT, DANA, STAFF, TENANT, Playground, account, playground

HERE = Path(__file__).parent
NODE = HERE.parent / "tests" / "node" / "node_modules"
QUESTION = "What do we do when Ana is away and the label printer and the screen disagree?"
REPLY = "The screen is right. Print the label again from the chart menu."
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri")
TREND = Picture(
    "Readiness, 1 to 5",
    "Over the week the front desk rose from 3.1 to 3.9, Nursing stayed between 3.3 and 3.6.",
    WEEK,
    (Series("Front desk", (3.1, 3.2, 3.4, 3.8, 3.9)), Series("Nursing", (3.4, 3.3, 3.4, 3.5, 3.6))),
)
DIGEST = Card(
    "**Day 6. Nothing needs you today.**\n\n31 of 38 answered the pulse of Friday 5 March.", pictures=(TREND,)
)


async def photograph(page: Page, name: str, *, says: str) -> None:
    """One message, as it stands in the chat."""
    card = page.locator(".ac-adaptiveCard").filter(has_text=says).last
    await card.wait_for()
    await page.wait_for_timeout(400)  # whatever fades in has faded in
    await card.screenshot(path=HERE / "img" / f"teams-{name}.png")
    print(f"docs/img/teams-{name}.png")


async def play(clinic: TeamsClinic, ground: Playground, page: Page) -> None:
    """Say and press what there is to be seen."""
    await page.goto(ground.url)
    await ground.install()
    await page.get_by_role("textbox").last.wait_for()
    await clinic.at("2027-02-28 12:30")
    await photograph(page, "hello", says="Hello.")
    await clinic.at("2027-03-04 17:05")
    await photograph(page, "pulse", says="Four quick ones")
    await page.get_by_role("radio").nth(3).check(force=True)
    await page.get_by_role("button", name="Send", exact=True).last.click()
    await photograph(page, "thanks", says="Thank you.")
    await ground.say("ask")
    await page.get_by_role("textbox", name="Your question").fill(QUESTION)
    await page.get_by_role("button", name="Show me how it will read").click()
    await photograph(page, "preview", says="This is how your question will read")
    await page.get_by_role("button", name="Send it anonymously").click()
    await photograph(page, "receipt", says="keep these four words")
    await clinic.at("2027-03-05 08:05")
    await page.get_by_role("textbox", name="Your reply").fill(REPLY)
    await photograph(page, "question", says="Somebody asked")
    way = Reference(CHAT, f"{ground.url}/_connector")
    await clinic.adapter.send(address(str(way)), DIGEST, key="digest")
    await page.locator("svg text").first.wait_for()
    await photograph(page, "digest", says="31 of 38 answered")


def address(way: str) -> Address:
    return Address("teams", account(DANA), TENANT, way)


async def main() -> None:
    logs.configure("error")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    folder = Path(tempfile.mkdtemp())
    people = [(name, f"teams:{account(name)}") for name in (DANA, *STAFF)]
    database = Database(f"sqlite:///{folder / 'pulse.db'}", keys=draw_keys())
    upgrade(database)
    clinic = TeamsClinic(database, write_golive(folder, lead=f"teams:{account(DANA)}", people=people))
    at = socket.create_server(("127.0.0.1", 0))
    bot = f"http://127.0.0.1:{at.getsockname()[1]}/api/messages"
    async with clinic.served(at), playground(NODE, folder, bot=bot) as ground, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(
            viewport={"width": 1000, "height": 1500}, device_scale_factor=1.5, reduced_motion="reduce"
        )
        await play(clinic, ground, page)
        await browser.close()
    database.close()
    shutil.rmtree(folder)


if __name__ == "__main__":
    asyncio.run(main())
