"""What a browser posts to the dashboard: read, and turned away when it came from anywhere but our own page."""

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from adapters.web.incoming import TooLarge, from_our_page, read_body

MOST_FIELDS = 200
CSRF = "csrf"

Form = Mapping[str, tuple[str, ...]]


class Refused(Exception):
    """Nothing is shown and nothing is changed; a page says why in one sentence."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key  #: of the sentence


async def read_form(request: Request) -> Form:
    """The fields of a form that one of our pages sent.

    Raises
    ------
    Refused
        413 when it is too large, 403 from another page, 400 when it is no form.
    """
    try:
        body = await read_body(request.stream())
    except TooLarge as error:
        raise Refused(413, "dash-too-large") from error
    if not from_our_page(request.headers):
        raise Refused(403, "dash-elsewhere")
    return parse(body)


def parse(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode("ascii", "replace"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise Refused(400, "dash-unclear") from error
    form: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        # PostgreSQL cannot store NUL, and browsers send line ends as two signs.
        form[name] = (*form.get(name, ()), value.replace("\0", "").replace("\r\n", "\n"))
    return form


def check_csrf(form: Form, expected: str) -> None:
    """Raises Refused when the form was not made for this session."""
    given = form.get(CSRF, ("",))[0]
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Refused(403, "dash-elsewhere")
