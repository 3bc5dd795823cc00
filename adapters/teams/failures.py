"""What went wrong when something was handed to Teams, in the words of the chat port."""

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import aiohttp
from msrest.exceptions import ClientException, HttpOperationError

from adapters.chat import DeliveryError

#: Codes of 403 and 404 that will not change by sending again: Microsoft, "Status codes from bot conversational APIs".
GONE = frozenset(
    {
        "ConversationBlockedByUser",
        "BotNotInConversationRoster",
        "BotDisabledByAdmin",
        "ConversationNotFound",
        "ForbiddenOperationException",  # the app is not installed for this person
        "MessageSizeTooBig",
    }
)
BUSY = frozenset({412, 429, 502, 503, 504})  # the same page: try again later
TOO_BIG = 413
#: What asking again in a moment does not change, though it may be different another day.
CLOSED = frozenset({"status_400", "status_403", "status_404"})


class MessageGone(Exception):
    """The message that was to be changed is no longer there."""


@contextmanager
def told(*, sending: bool) -> Iterator[None]:
    """Turn what the library and the network raise into DeliveryError.

    With `sending`, a line that broke after something was said leaves open whether it arrived: *unknown*, never sent
    again blindly. Without, asking again does no harm.
    """
    try:
        yield
    except HttpOperationError as error:
        raise refused(error, sending=sending) from error
    except aiohttp.ClientConnectorError as error:
        raise DeliveryError("no_connection") from error  # nothing was said yet
    except aiohttp.ConnectionTimeoutError as error:
        raise DeliveryError("no_connection") from error
    except (aiohttp.ClientError, TimeoutError, ClientException) as error:
        raise DeliveryError("line_broke", unknown=sending) from error


def refused(error: HttpOperationError, *, sending: bool) -> DeliveryError:
    """What a status and a code mean for the message."""
    status = int(error.response.status_code)
    code = code_in(error.response.body())
    if code in GONE or status == TOO_BIG:
        return DeliveryError(code or f"status_{status}", permanent=True)
    if status in BUSY:
        return DeliveryError(f"status_{status}", retry_after=wait_in(error.response.headers))
    server = status >= 500  # noqa: PLR2004  # it broke there, perhaps after it had taken the message
    return DeliveryError(f"status_{status}", unknown=server and sending)


def code_in(body: bytes) -> str:
    """The code in an answer, where it has one that looks like one."""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return code if isinstance(code, str) and code.isalnum() and len(code) < 60 else ""  # noqa: PLR2004  # it is logged


def wait_in(headers: Mapping[str, str]) -> float | None:
    """Seconds that Teams asks us to wait."""
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return None
    return min(max(seconds, 0.5), 3600.0) if math.isfinite(seconds) else None
