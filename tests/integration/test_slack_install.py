"""The app put into a workspace by its own page: Slack's question and answer from the emulator, the token kept."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from adapters.chat import Address, Card, Incoming, Installed, Removed
from adapters.slack.adapter import SlackAdapter
from adapters.slack.install import Install, SignedStates
from adapters.slack.installations import Installation, MemoryInstallations
from tests.slack.desk import SIGNING_SECRET, Desk
from tests.slack.emulator import TEAM, Emulator, Gateway, emulator

# The SDK hands Slack the app's secret in a way that aiohttp will drop one day.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")

PUBLIC = "https://pulse.example.org"


@pytest.fixture(scope="module")
def installable(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A Slack of its own, because an install changes it for everybody."""
    folder = tmp_path_factory.mktemp("install")
    with emulator(node_modules, folder, redirect=f"{PUBLIC}/slack/oauth_redirect") as running:
        yield running


@dataclass
class Site:
    """The bot's server, a browser before it, and what the bot heard."""

    slack: Gateway
    adapter: SlackAdapter
    installations: MemoryInstallations
    browser: httpx.AsyncClient
    came: list[Incoming] = field(default_factory=list)

    async def listen(self, incoming: Incoming) -> None:
        self.came.append(incoming)

    async def ask(self) -> tuple[str, str]:
        """Follow the button to Slack: its address, and the state's cookie."""
        answer = await self.browser.get("/slack/install")
        cookie = answer.headers["set-cookie"].split(";")[0]
        return answer.headers["location"], cookie

    async def agree(self, question: str) -> str:
        """Say yes on Slack's page, as somebody does; the address that Slack sends the browser back to."""
        async with httpx.AsyncClient() as slack:
            page = (await slack.get(question)).text
            [(action, inner), *_] = re.findall(r'<form[^>]*action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL)
            form = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)"\s+value="([^"]*)"', inner)}
            answer = await slack.post(urljoin(question, unescape(action)), data=form)
        return answer.headers["location"]

    async def back(self, address: str, cookie: str) -> httpx.Response:
        self.browser.cookies.clear()
        return await self.browser.get(address.removeprefix(PUBLIC), headers={"Cookie": cookie} if cookie else {})


@pytest.fixture
async def site(installable: Emulator) -> AsyncIterator[Site]:
    async with Gateway(installable) as gateway:
        kept = MemoryInstallations()
        adapter = SlackAdapter(
            installations=kept,
            secret=b"s" * 32,
            signing_secret=SIGNING_SECRET,
            install=Install("12345.67890", "secret", PUBLIC, authorize_url=f"{installable.url}/oauth/v2/authorize"),
            url=gateway.url,
        )
        app = FastAPI()
        app.include_router(adapter.routes())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as browser:
            site = Site(gateway, adapter, kept, browser)
            running = asyncio.create_task(adapter.run(site.listen))
            await asyncio.sleep(0)
            yield site
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_whoever_agrees_has_the_app_and_the_bot_hears_of_it(site: Site) -> None:
    question, cookie = await site.ask()
    answer = await site.back(await site.agree(question), cookie)
    assert (answer.status_code, "Pulse is in your workspace" in answer.text) == (200, True)
    installed = await site.installations.find(TEAM)
    assert installed is not None
    assert installed.token.startswith("xoxb-")
    [came] = site.came
    assert isinstance(came, Installed)
    assert came.sender == Address("slack", "", TEAM)


async def test_with_the_new_token_people_are_reached(site: Site) -> None:
    question, cookie = await site.ask()
    await site.back(await site.agree(question), cookie)
    ana = Address("slack", site.slack.emulator.people[0], TEAM)
    assert await site.adapter.send(ana, Card("Hello."), key="k")


async def test_slack_is_asked_for_no_more_than_the_manifest_says(site: Site) -> None:
    from adapters.slack.manifest import SCOPES

    question, _ = await site.ask()
    asked = parse_qs(urlsplit(question).query)
    assert asked["scope"] == [",".join(SCOPES)]
    assert asked.get("user_scope", [""]) == [""]
    assert asked["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"]


async def refused(site: Site, address: str, cookie: str) -> int:
    answer = await site.back(address, cookie)
    assert "nothing was installed" in answer.text
    assert (await site.installations.find(TEAM), site.came) == (None, [])
    return answer.status_code


async def test_somebody_elses_browser_installs_nothing(site: Site) -> None:
    question, _ = await site.ask()
    assert await refused(site, await site.agree(question), "") == 400


async def test_a_state_that_is_not_ours_installs_nothing(site: Site) -> None:
    assert await refused(site, "/slack/oauth_redirect?code=x&state=forged", "slack-app-oauth-state=forged") == 401


async def test_the_same_answer_installs_once(site: Site) -> None:
    question, cookie = await site.ask()
    address = await site.agree(question)
    await site.back(address, cookie)
    await site.installations.remove(TEAM)
    site.came.clear()
    assert await refused(site, address, cookie) == 401


@pytest.mark.parametrize("rest", ["&error=access_denied", "&code=never-given", ""])
async def test_whoever_does_not_agree_installs_nothing(site: Site, rest: str) -> None:
    question, cookie = await site.ask()
    [state] = parse_qs(urlsplit(question).query)["state"]
    assert await refused(site, f"/slack/oauth_redirect?state={state}{rest}", cookie) in {400, 401}


async def test_a_slack_that_cannot_be_reached_installs_nothing(site: Site) -> None:
    question, cookie = await site.ask()
    address = await site.agree(question)
    await site.slack._server.close()
    assert await refused(site, address, cookie) == 502


async def test_a_state_is_good_for_one_use_and_one_secret() -> None:
    states = SignedStates(b"one" * 11)
    state = await states.async_issue()
    other = SignedStates(b"two" * 11)
    assert [await other.async_consume(state), await states.async_consume(state), await states.async_consume(state)] == [
        False,
        True,
        False,
    ]


async def test_in_a_whole_organisation_each_workspace_is_reached_through_it(site: Site) -> None:
    from slack_sdk.oauth.installation_store.models.installation import Installation as Given

    from adapters.slack.install import _Keeping

    kept: list[Installation] = []

    async def keep(installation: Installation) -> None:
        kept.append(installation)

    await _Keeping(keep).async_save(
        Given(
            app_id="A1",
            enterprise_id="E1",
            team_id=None,
            user_id="U1",
            bot_token="xoxb-org",
            bot_id="B1",
            bot_user_id="UB1",
            is_enterprise_install=True,
        )
    )
    assert kept == [Installation("E1", "xoxb-org", team="", enterprise="E1", bot="UB1")]


async def test_one_bot_serves_several_workspaces_and_forgets_the_one_that_leaves(site: Site) -> None:
    for team in ("T1", "T2"):
        await site.installations.save(Installation(team, f"xoxb-{team}", team=team, bot=f"UB{team}"))
    desk = Desk(site.slack, site.adapter)
    await desk.post_event({"type": "app_uninstalled"}, team="T1")
    await desk.close()
    assert (await site.installations.find("T1"), await site.installations.find("T2") is not None) == (None, True)
    [came] = site.came
    assert isinstance(came, Removed)
    assert came.sender.workspace == "T1"
