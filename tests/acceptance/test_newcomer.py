"""What a newcomer does, in a real browser: answer as staff, ask, reply as the lead, find the reply with four words."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

QUESTION = "Where do we note that a visit needs an interpreter?"
REPLY = "On the first tab, under language; the list for tomorrow shows it."


class Demo:
    """`pulse rehearse` in a process of its own, as `make demo` starts it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.printed = ""

    async def until(self, words: str) -> None:
        """Read on until the terminal says so."""
        assert self._process.stdout is not None
        begin = len(self.printed)
        while words not in self.printed[begin:]:
            line = await self._process.stdout.readline()
            assert line, self.printed
            self.printed += line.decode()

    async def press_enter(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()

    def link(self, name: str) -> str:
        found = re.search(rf"open (\S+)\s+{name}", self.printed)
        assert found, self.printed
        return found[1]


@pytest.fixture
async def demo(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[Demo]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.cli import app; app()",
        *("rehearse", "--until", "9"),
        cwd=tmp_path,
        env={**os.environ, "PULSE_PORT": str(unused_tcp_port), "COLUMNS": "300"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    yield Demo(process)
    process.terminate()
    await asyncio.wait_for(process.communicate(), timeout=20)


async def open_chat(browser: Browser, link: str) -> Page:
    context = await browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.goto(link)
    return page


async def ask(page: Page, question: str) -> str:
    """Ask, look at the preview, confirm; the four words come back."""
    await page.get_by_role("button", name="Ask", exact=True).click()
    await page.get_by_label("Your question").fill(question)
    await page.get_by_role("button", name="Show me how it will read").click()
    await page.get_by_role("button", name="Send it anonymously").click()
    await expect(page.get_by_text("Your question is in.")).to_be_visible()
    words = await page.get_by_text("keep these four words").locator("strong").inner_text()
    assert len(re.findall(r"[a-z]+", words)) == 4
    return words


async def find(page: Page, words: str) -> None:
    await page.get_by_role("button", name="Find a reply").click()
    await page.get_by_label("Your four words").fill(words)
    await page.get_by_role("button", name="Find it").click()


async def test_a_newcomer_takes_part(demo: Demo, browser: Browser) -> None:
    await demo.until("Enter: on to the next working day.")

    nurse = await open_chat(browser, demo.link("Nurse 1"))
    prompt = nurse.get_by_role("article").filter(has=nurse.get_by_role("button", name="Send", exact=True)).last
    await expect(prompt).to_contain_text("Nobody sees who said what")
    for group in await prompt.get_by_role("group").all():
        await group.locator("label").first.click()
    await prompt.get_by_role("button", name="Send", exact=True).click()
    await expect(nurse.get_by_text("Thank you.").last).to_be_visible()
    await nurse.reload()
    await expect(nurse.get_by_text("Thank you.").last).to_be_visible()

    words = await ask(nurse, QUESTION)
    await nurse.reload()
    assert QUESTION not in await nurse.inner_text("body")
    assert words not in await nurse.inner_text("body")
    await find(nurse, words)
    await expect(nurse.get_by_text("It is on its way to your lead")).to_be_visible()

    lead = await open_chat(browser, demo.link("Transition lead"))
    assert QUESTION not in await lead.inner_text("body")
    await demo.press_enter()
    await demo.until("It is the evening of")
    card = lead.get_by_role("article").filter(has_text=QUESTION)
    await card.get_by_label("Your reply").fill(REPLY)
    await card.get_by_role("button", name="Reply and publish").click()
    await expect(lead.get_by_text("Answered, for everybody")).not_to_have_count(0)

    elsewhere = await open_chat(browser, demo.link("Biller 1"))
    await find(elsewhere, words.upper().replace(" · ", "-"))
    await expect(elsewhere.get_by_text(REPLY)).to_be_visible()
    await elsewhere.get_by_role("button", name="Yes, that solved it").click()
    await expect(elsewhere.get_by_text("Thank you for telling us")).to_be_visible()
    await elsewhere.get_by_role("button", name="Answers", exact=True).click()
    await expect(elsewhere.get_by_text(REPLY)).to_be_visible()
