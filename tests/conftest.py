"""For all tests: patience, and a browser where one is installed."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

# A busy machine is no failure: neither for examples that take long nor for pages that do.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
expect.set_options(timeout=15_000)

_QUIET = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the installed Chromium; without one its tests are skipped, but not in CI."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium for the browser tests")
        pytest.skip("Chromium is not installed")
    return path


@pytest.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """A fresh browser in the loop of the test, so that a server may run beside it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser) -> BrowserContext:
    """A browser the size of a phone that keeps its animations to itself."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce", locale="en-US")
    context.set_default_timeout(15_000)
    return context


@pytest.fixture
async def page(phone: BrowserContext) -> Page:
    return await phone.new_page()
