"""Make the README's picture: two phones side by side, from a rehearsal, in headless Chromium.

Run it with `make picture`. It plays the family practice to its last day and photographs the real chat.
"""

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from adapters.web.links import enter_path
from bot import logs
from bot.rehearsal.play import PRACTICE, Play, Rehearsal, as_web, date_in, in_the_web_chat
from bot.server import bind, serve, web_application
from bot.settings import Settings
from bot.setup import open_database
from surveys.bank import load_bank
from surveys.golive_file import read_golive

PICTURE = Path(__file__).parent / "img" / "chat.png"
PHONE = {"width": 390, "height": 760}
FRAME = """<style>
body {{ margin: 0; padding: 28px; display: flex; gap: 28px; background: #dfe7e3; width: max-content }}
img {{ width: 390px; height: 760px; border: 7px solid #22302d; border-radius: 28px }}
img {{ box-shadow: 0 6px 26px rgb(0 0 0 / 22%) }}
</style>{images}"""


async def photograph(browser: Browser, link: str, *, at: str, dark: bool, path: Path) -> None:
    """One phone, scrolled so that the last message with this text stands at the top."""
    context = await browser.new_context(
        viewport=PHONE, device_scale_factor=2, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    page: Page = await context.new_page()
    await page.goto(link)
    card = page.get_by_role("article").filter(has_text=at).last
    await card.evaluate("card => { scrollTo(0, card.getBoundingClientRect().top + scrollY - 76) }")
    await page.wait_for_timeout(300)
    await page.screenshot(path=path)
    await context.close()


async def take(play: Play, *, base_url: str, chromium: str, folder: Path) -> None:
    for moment in play.moments(until=play.file.date + timedelta(days=play.wish.until)):
        await play.step(moment)
    lead = as_web(play.file.leads[0].address).account
    links = [base_url + enter_path(play.database.keys.links, account) for account in ("desk-1", lead)]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--headless=new", "--no-sandbox"])
        await photograph(browser, links[0], at="quick ones", dark=False, path=folder / "staff.png")
        await photograph(browser, links[1], at="quietly confused, since", dark=False, path=folder / "lead.png")
        page = await browser.new_page(viewport={"width": 900, "height": 840}, device_scale_factor=1.5)
        await page.goto(folder.as_uri() + "/frame.html")
        await page.locator("body").screenshot(path=PICTURE)
        await browser.close()


async def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("The picture needs Chromium; install it and run `make picture` again.")
    PICTURE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(database_url=f"sqlite:///{folder / 'pulse.db'}", keys=folder / "pulse.keys", port=8471)
        images = "".join(f'<img src="{phone}.png">' for phone in ("staff", "lead"))
        (folder / "frame.html").write_text(FRAME.format(images=images))
        logs.configure("error")
        file = in_the_web_chat(read_golive(PRACTICE, today=date_in(PRACTICE)))
        database = open_database(settings)
        play = Play(Rehearsal(until=14), file, database=database, bank=load_bank())
        listener = bind(settings.host, settings.port)
        async with play.application.running():
            beside = take(play, base_url=settings.base_url, chromium=chromium, folder=folder)
            pages = web_application([play.web.routes()])
            await serve(pages, listener=listener, hang_up=play.web.hang_up, beside=beside)
        database.close()
    print(f"Wrote {PICTURE}")


if __name__ == "__main__":
    asyncio.run(main())
