"""Microsoft's side of the wire, on this machine: signs what it posts, publishes its keys, takes what the bot sends."""

import asyncio
import json
import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP, TENANT = "0b9c1a52-5f0e-4a6e-9a55-0c7d8f0a1b2c", "7d1f6c1e-2b43-4f0a-8a44-9d5d3a3b1e00"
ISSUER = "https://api.botframework.com"

Json = dict[str, Any]


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """A key of this name, drawn once for all tests: it takes longer than most of them."""
    assert name
    return rsa.generate_private_key(65537, 2048)


@dataclass(slots=True)
class Trouble:
    """One answer that is not as it should be."""

    status: int = 0
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    drops: bool = False  #: the line breaks instead of an answer
    arrives: bool = False  #: though the message was taken


class BotService:
    """Keys, sign-in, and the Bot Connector of one region."""

    def __init__(self) -> None:
        self.url = ""
        self.published = ["k1"]
        self.endorsements = ["msteams", "webchat"]
        self.chats: defaultdict[str, OrderedDict[str, Json]] = defaultdict(OrderedDict)
        self.opened: list[Json] = []
        self.teams: dict[str, list[Json]] = {}
        self.asked: list[str] = []  #: method and path of everything
        self.bearers: list[str] = []
        self.troubles: deque[Trouble] = deque()
        self.sign_in_takes = 0.0  #: seconds
        self._number = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator["BotService"]:
        app = web.Application()
        app.add_routes(
            [
                web.get("/openid", self._metadata),
                web.get("/keys", self._keys),
                web.get("/common/discovery/instance", self._instances),
                web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._authority),
                web.post("/{tenant}/oauth2/v2.0/token", self._token),
                web.get("/metadata/identity/oauth2/token", self._managed),
                web.post("/v3/conversations", self._open),
                web.post("/v3/conversations/{chat}/activities", self._post),
                web.put("/v3/conversations/{chat}/activities/{id}", self._put),
                web.get("/v3/conversations/{chat}/pagedmembers", self._members),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await runner.cleanup()

    @property
    def metadata(self) -> str:
        return f"{self.url}/openid"

    def bearer(self, key: str = "k1", *, kid: str = "", algorithm: str = "RS256", **claims: Any) -> str:
        """The Authorization header of a post; claims given take the place of the true ones, None leaves one out."""
        now = int(time.time())
        true = {"iss": ISSUER, "aud": APP, "exp": now + 600, "nbf": now - 10, "serviceurl": self.url}
        stated = {name: value for name, value in (true | claims).items() if value is not None}
        secret: Any = private_key(key) if algorithm == "RS256" else "a secret of at least thirty-two bytes"
        return "Bearer " + jwt.encode(stated, secret, algorithm, headers={"kid": kid or key})

    def activity(self, type_: str, *, sender: str = "ana", conversation: str = "", **rest: Any) -> Json:
        """An activity as Teams posts it from a personal chat."""
        self._number += 1
        return {
            "type": type_,
            "id": f"f:{self._number}",
            "channelId": "msteams",
            "serviceUrl": self.url,
            "from": {"id": f"29:{sender}", "aadObjectId": sender, "name": sender.title()},
            "recipient": {"id": f"28:{APP}"},
            "conversation": {
                "id": conversation or f"a:{sender}",
                "tenantId": TENANT,
                "conversationType": "personal",
            },
            "channelData": {"tenant": {"id": TENANT}},
        } | rest

    async def _metadata(self, _: web.Request) -> web.Response:
        self.asked.append("metadata")
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        def public(name: str) -> Json:
            key: Json = RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
            return key | {"kid": name, "endorsements": self.endorsements}

        return web.json_response({"keys": [public(name) for name in self.published]})

    async def _authority(self, request: web.Request) -> web.Response:
        tenant = request.match_info["tenant"]
        place = f"https://login.microsoftonline.com/{tenant}"
        return web.json_response(
            {
                "issuer": f"{place}/v2.0",
                "authorization_endpoint": f"{place}/oauth2/v2.0/authorize",
                "token_endpoint": f"{place}/oauth2/v2.0/token",
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.asked.append(f"token {form['client_id']} {form['scope']}")
        await asyncio.sleep(self.sign_in_takes)
        if form.get("client_secret") != "right":
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response({"token_type": "Bearer", "access_token": "out-1", "expires_in": 3600})

    async def _instances(self, _: web.Request) -> web.Response:
        known = {"preferred_network": "login.microsoftonline.com", "preferred_cache": "login.windows.net"}
        return web.json_response({"metadata": [known | {"aliases": ["login.microsoftonline.com"]}]})

    async def _managed(self, request: web.Request) -> web.Response:
        token = f"managed {request.query['client_id']}"
        return web.json_response({"access_token": token, "expires_in": "3600", "resource": request.query["resource"]})

    async def _open(self, request: web.Request) -> web.StreamResponse:
        parameters = await request.json()
        if (answer := self._trouble(request)) is not None:
            return answer
        self.opened.append(parameters)
        return web.json_response({"id": f"a:{parameters['members'][0]['id']}"}, status=201)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        activity = await request.json()
        trouble = self.troubles[0] if self.troubles else Trouble()
        answer = self._trouble(request)
        if answer is not None and not trouble.arrives:
            return answer
        self._number += 1
        message_id = f"m{self._number}"
        self.chats[request.match_info["chat"]][message_id] = activity
        return answer or web.json_response({"id": message_id}, status=201)

    async def _put(self, request: web.Request) -> web.StreamResponse:
        activity = await request.json()
        if (answer := self._trouble(request)) is not None:
            return answer
        chat, message_id = self.chats[request.match_info["chat"]], request.match_info["id"]
        if message_id not in chat:
            return web.json_response({"error": {"code": "ActivityNotFoundInConversation"}}, status=404)
        chat[message_id] = activity
        return web.json_response({"id": message_id})

    async def _members(self, request: web.Request) -> web.StreamResponse:
        if (answer := self._trouble(request)) is not None:
            return answer
        team = request.match_info["chat"]
        if team not in self.teams:
            return web.json_response({"error": {"code": "BotNotInConversationRoster"}}, status=403)
        size, start = int(request.query["pageSize"]), int(request.query.get("continuationToken", 0))
        size = min(size, 2)  # small pages, so that a team of five has three
        page: Json = {"members": self.teams[team][start : start + size]}
        if start + size < len(self.teams[team]):
            page["continuationToken"] = str(start + size)
        return web.json_response(page)

    def _trouble(self, request: web.Request) -> web.StreamResponse | None:
        self.asked.append(f"{request.method} {request.path}")
        self.bearers.append(request.headers.get("Authorization", ""))
        if not self.troubles:
            return None
        trouble = self.troubles.popleft()
        if trouble.drops:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        body = {"error": {"code": trouble.code, "message": "No."}} if trouble.code else {}
        return web.json_response(body, status=trouble.status, headers=trouble.headers)


def elements(card: Json) -> list[Json]:
    """Every element of an Adaptive Card, containers and what they hold."""
    found = []
    for element in card["body"]:
        found += [element, *elements({"body": element["items"]})] if "items" in element else [element]
    return found


def buttons(card: Json) -> list[Json]:
    return [action for element in elements(card) for action in element.get("actions", ())]


def inputs(card: Json) -> dict[str, Json]:
    return {element["id"]: element for element in elements(card) if element["type"].startswith("Input.")}


def card_in(activity: Json) -> Json | None:
    attachments = activity.get("attachments") or []
    return json.loads(json.dumps(attachments[0]["content"])) if attachments else None
