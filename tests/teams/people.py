"""People in Teams: each with a chat on a screen, who see cards as words and press what stands there."""

from collections.abc import Mapping
from urllib.parse import quote

import httpx
from fastapi import FastAPI

from adapters.chat import Address
from adapters.teams.adapter import TeamsAdapter
from adapters.teams.credentials import Token
from adapters.teams.references import Reference
from adapters.teams.registrations import Registration, Registrations
from tests.teams.service import APP, TENANT, BotService, Json, buttons, card_in, elements

Values = Mapping[str, tuple[str, ...]]


def teams_adapter(service: BotService, **settings: object) -> TeamsAdapter:
    """An adapter that finds its Microsoft on this machine."""
    registrations = Registrations([Registration(APP, TENANT, "right")])
    given = {"metadata": service.metadata, "fetch": lambda _registration, _scope: Token("out", 3600)} | settings
    return TeamsAdapter(registrations, **given)  # type: ignore[arg-type]  # as the caller wishes


class TeamsPeople:
    """Acts for everybody: posts what their clients would, and keeps what only their screens show."""

    def __init__(self, service: BotService, adapter: TeamsAdapter, app: FastAPI | None = None) -> None:
        self.service = service
        self.adapter = adapter
        if app is None:
            app = FastAPI()
            app.include_router(adapter.routes())
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot")
        self.last: Json = {}  #: what the last press was answered
        self._screens: dict[tuple[str, str], Json] = {}  #: chat and message -> the card that stands over it

    def address(self, name: str) -> Address:
        return Address("teams", name, TENANT, str(Reference(f"a:{name}", self.service.url, f"29:{name}")))

    async def post(self, activity: Json, *, bearer: str | None = None) -> httpx.Response:
        headers = {"Authorization": self.service.bearer() if bearer is None else bearer}
        return await self._client.post("/api/messages", json=activity, headers=headers)

    async def see(self, who: Address) -> list[str]:
        await self.adapter.settle()
        chat = f"a:{who.account}"
        shown = []
        for message_id, activity in self.service.chats[chat].items():
            card = self._screens.get((chat, message_id)) or card_in(activity)
            shown += words(card) if card else [activity["text"]]
        return shown

    async def say(self, who: Address, text: str) -> None:
        activity = self.service.activity("message", sender=who.account, text=text)
        assert (await self.post(activity)).status_code == 200

    async def act(self, who: Address, action: str, *, ref: str, values: Values | None = None) -> Json:
        """Press a button, if it stands before somebody, with what they filled in; the answer goes over the card."""
        chat = f"a:{who.account}"
        for message_id, activity in reversed(self.service.chats[chat].items()):
            card = self._screens.get((chat, message_id)) or card_in(activity)
            for button in buttons(card) if card else ():
                data = button.get("data", {})
                wanted = (action, ref, values is not None)
                if (button.get("verb"), data.get("ref"), data.get("submits", False)) == wanted:
                    return await self._press(who, button, message_id, filled(card or {}, button, values or {}))
        if ref:
            return {}  # it stands there no more: they have answered, or the time is over
        stray = {"verb": action, "data": {"ref": ref, "part": "card", "submits": values is not None}}
        texts = {f"card.text.{name}": "\n".join(given) for name, given in (values or {}).items()}
        return await self._press(who, stray, "", texts)  # as from a form that they opened before

    async def _press(self, who: Address, button: Json, message_id: str, filled_in: Json) -> Json:
        pressed = {"type": "Action.Execute", "verb": button["verb"], "data": button["data"] | filled_in}
        activity = self.service.activity("invoke", sender=who.account, name="adaptiveCard/action", replyToId=message_id)
        response = await self.post(activity | {"value": {"action": pressed, "trigger": "manual"}})
        assert response.status_code == 200, response.status_code
        answer: Json = response.json()
        self.last = answer
        if answer["type"].endswith("card.adaptive"):
            self._screens[f"a:{who.account}", message_id] = answer["value"]
        return answer


def filled(card: Json, button: Json, values: Values) -> Json:
    """What a client sends along: nothing with a button that has no inputs, else every input of the card."""
    if button["associatedInputs"] == "none":
        return {}
    part, sent = button["data"]["part"], {}
    for element in elements(card):
        if element["type"].startswith("Input."):
            where, _, rest = element["id"].partition(".")
            kind, _, name = rest.partition(".")
            given = values.get(name.partition("#")[0], ()) if where == part else ()
            picked = ",".join(quote(one, safe="") for one in given)
            sent[element["id"]] = (picked if kind in {"one", "many"} else "\n".join(given)) or element.get("value", "")
    return sent


def words(card: Json) -> list[str]:
    """What a card says, line by line; what stands under a message as a reply counts as a card of its own."""
    shown = [""]
    for element in card["body"]:
        if element["type"] == "Container":
            shown += words({"body": element["items"]})
        else:
            shown[0] += line(element) if shown[0] else line(element).lstrip("\n")
    return shown


def line(element: Json) -> str:
    match element["type"]:
        case "RichTextBlock":
            close = element.get("spacing") in {"None", "Small"}
            return ("\n" if close else "\n\n") + "".join(run["text"] for run in element["inlines"])
        case "ActionSet":
            return "\n\n" + "\n".join(action["title"] for action in element["actions"])
        case "Image":
            return "\n" + str(element["altText"])
        case kind if kind.startswith("Chart."):
            return ""
        case _:
            choices = [one["title"] for one in element.get("choices", ())]
            return "\n\n" + "\n".join([element["label"], element.get("placeholder", ""), *choices])
