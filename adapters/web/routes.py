"""The addresses of the web chat: enter by a link, read, answer, be told what is new."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from adapters.chat import Address, Card, Listener, Opened, Pressed, Reply, Said, Submitted
from adapters.web import links
from adapters.web.headers import HEADERS
from adapters.web.incoming import Posted, TooLarge, Unclear, from_our_page, new_id, parse, read_body
from adapters.web.knocks import WITHIN, Knocks
from adapters.web.pages import BOTTOM, MENU, Answer, Message, Pages, slot_of
from adapters.web.streams import Messages, Streams, revision, state
from adapters.web.transcript import Transcript
from adapters.web.words import Words

FRAGMENT = "text/x-fragment"
"""What chat.js accepts: pieces of the page, in place of the page."""

_COOKIE = "chat"
_ASSETS = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


class Routes:
    """What the page asks for. Nothing here is logged: addresses hold opaque ids, `/enter/` holds a token."""

    def __init__(
        self,
        *,
        transcript: Transcript,
        secret: bytes,
        words: Words,
        pages: Pages,
        streams: Streams,
        link_lifetime: timedelta,
    ) -> None:
        self._transcript = transcript
        self._secret = secret
        self._words = words
        self._pages = pages
        self._streams = streams
        self._link_lifetime = link_lifetime
        self._knocks = Knocks()
        self.listener: Listener | None = None

    def router(self) -> APIRouter:
        """Build the router that the bot's server mounts."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/enter/{token}", self.enter)
        router.add_api_route("/chat/assets/{name}", self.asset)
        router.add_api_route("/chat/{chat}/", self.page)
        router.add_api_route("/chat/{chat}/", self.answer, methods=["POST"])
        router.add_api_route("/chat/{chat}/events", self.events)
        return router

    async def enter(self, token: str, request: Request) -> Response:
        """Let somebody in who holds a link; the cookie is for one chat, so that a browser can have several open."""
        account = links.verify(self._secret, token, max_age=self._link_lifetime)
        if account is None:
            return self._wrong_link()
        chat = links.chat_id(self._secret, account)
        response = RedirectResponse(f"../chat/{chat}/", status_code=303, headers=HEADERS)
        response.set_cookie(
            _COOKIE,
            links.sign(self._secret, account, purpose="cookie"),
            max_age=int(self._link_lifetime.total_seconds()),
            path=f"{request.scope.get('root_path', '')}/chat/{chat}/",
            secure=request.url.scheme == "https",
            httponly=True,
            # Strict would be withheld on the redirect when the link was clicked in a mail or another page, and the
            # person would stand before a closed door. Lax goes with such a visit, never with a post from elsewhere.
            samesite="lax",
        )
        return response

    def _wrong_link(self) -> Response:
        if self._knocks.too_many():
            wait = {"Retry-After": str(int(WITHIN))}
            return PlainTextResponse(self._words.knocks, status_code=429, headers=HEADERS | wait)
        return self._notice(self._words.link_title, self._words.link, status=403, assets="../chat/assets/")

    async def asset(self, name: str) -> Response:
        """Hand out styles, script and icon. The page names them with their version."""
        if name not in self._pages.assets:
            return Response(status_code=404, headers=HEADERS)
        content, kind = self._pages.assets[name]
        return Response(content, media_type=kind, headers=_ASSETS)

    async def page(self, chat: str, request: Request) -> Response:
        """Show the whole chat."""
        account = self._account(chat, request)
        if account is None:
            return self._closed_door(request)
        if self.listener is None:
            return self._away(request)
        return await self._chat(self.listener, account)

    async def answer(self, chat: str, request: Request) -> Response:
        """Take in one form and show what the bot answers."""
        account = self._account(chat, request)
        words = self._words
        if account is None:
            return self._closed_door(request)
        try:
            body = await read_body(request.stream())
        except TooLarge:
            return self._refuse(request, words.back, words.too_large, status=413)
        if not from_our_page(request.headers):
            return self._refuse(request, words.back, words.elsewhere, status=403)
        try:
            posted = parse(body, sender=Address("web", account))
        except Unclear:
            return self._refuse(request, words.back, words.unclear, status=400)
        if self.listener is None:
            return self._away(request)
        reply = await self.listener(posted.incoming) or Reply(Card(words.noted))
        return await self._show(request, posted, reply)

    async def events(self, chat: str, request: Request) -> Response:
        """Tell an open page what is new, as long as it stays open."""
        account = self._account(chat, request)
        if account is None or self._streams.are_hung_up:
            return Response(status_code=403 if account is None else 503, headers=HEADERS)
        shown = request.headers.get("last-event-id") or request.query_params.get("state", "")
        events = self._streams.follow(
            account,
            shown,
            look=lambda: self._transcript.messages(account),
            render=lambda messages: self._pages.messages(self._as_shown(messages)),
        )
        # Proxies that collect a response before they pass it on would hold back every event.
        headers = HEADERS | {"X-Accel-Buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)

    async def _show(self, request: Request, posted: Posted, reply: Reply) -> Response:
        account = posted.incoming.sender.account
        messages = await self._transcript.messages(account)
        target = _target(posted, messages) if reply.replaces else None
        in_place = request.headers.get("accept") == FRAGMENT
        if target is not None:
            await self._transcript.replace(target, reply.card)
            self._streams.wake(account)
            if not in_place:
                return RedirectResponse(f"./#m-{target}", status_code=303, headers=HEADERS)
            fresh = self._as_shown([(target, reply.card)])
            return _html(self._pages.messages(fresh) + self._pages.reply(None, slot=posted.slot, once=posted.form))
        slot = _slot(posted, messages)
        answer = Answer(reply.card, said=self._said(posted))
        if in_place:
            return _html(self._pages.reply(answer, slot=slot, once=posted.form))
        assert self.listener is not None  # it has just answered
        return await self._chat(self.listener, account, posted=posted, answer=answer, slot=slot)

    async def _chat(
        self,
        listener: Listener,
        account: str,
        *,
        posted: Posted | None = None,
        answer: Answer | None = None,
        slot: str = "",
    ) -> Response:
        welcome = await listener(Opened(Address("web", account), new_id()))
        found = await self._transcript.messages(account)
        html = self._pages.chat(
            self._as_shown(found, posted=posted, reply=answer.card if answer else None, slot=slot),
            state=state(self._secret, found),
            welcome=welcome.card if welcome else None,
            answer=answer if slot == BOTTOM else None,
        )
        return _html(html)

    def _as_shown(
        self, messages: Messages, *, posted: Posted | None = None, reply: Card | None = None, slot: str = ""
    ) -> list[Message]:
        return [
            Message(
                card,
                message_id,
                revision(self._secret, card),
                values=posted.values if posted and posted.message == message_id else {},
                reply=reply if slot == slot_of(message_id) else None,
            )
            for message_id, card in messages
        ]

    def _said(self, posted: Posted) -> str:
        match posted.incoming:
            case Said(text=text):
                return text
            case Pressed(action=action) if posted.form == MENU:
                return self._pages.menu_label(action)
            case _:
                return ""

    def _account(self, chat: str, request: Request) -> str | None:
        token = request.cookies.get(_COOKIE, "")
        account = links.verify(self._secret, token, purpose="cookie", max_age=self._link_lifetime)
        return account if account is not None and links.chat_id(self._secret, account) == chat else None

    def _closed_door(self, request: Request) -> Response:
        return self._refuse(request, self._words.door_title, self._words.door, status=403)

    def _away(self, request: Request) -> Response:
        return self._refuse(request, self._words.away_title, self._words.away, status=503)

    def _refuse(self, request: Request, heading: str, text: str, *, status: int) -> Response:
        if request.headers.get("accept") == FRAGMENT:
            return PlainTextResponse(text, status_code=status, headers=HEADERS)
        return self._notice(heading, text, status=status, assets="../assets/")

    def _notice(self, heading: str, text: str, *, status: int, assets: str) -> Response:
        return _html(self._pages.notice(heading, text, assets=assets), status=status)


def _target(posted: Posted, messages: Messages) -> str | None:
    """Find the message that a reply replaces: the one that was sent, else the one with the same ref."""
    ids = {message_id for message_id, _ in messages}
    if posted.message in ids:
        return posted.message
    ref = posted.incoming.ref if isinstance(posted.incoming, Submitted | Pressed) else ""
    return next((message_id for message_id, card in messages if ref and card.ref == ref), None)


def _slot(posted: Posted, messages: Messages) -> str:
    """Find a reply's place: where the reply stood that it answers, under the form that was sent, or the bottom."""
    slots = {slot_of(message_id) for message_id, _ in messages}
    if posted.slot in slots:
        return posted.slot
    under = slot_of(posted.message)
    return under if isinstance(posted.incoming, Submitted) and under in slots else BOTTOM


def _html(text: str, *, status: int = 200) -> Response:
    return HTMLResponse(text, status_code=status, headers=HEADERS)
