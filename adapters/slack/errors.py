"""What went wrong at Slack, in the terms of the outbox: gone for good, try later, or perhaps arrived.

Codes: https://docs.slack.dev/reference/methods/chat.postMessage#errors and the pages of the other methods we call.
"""

import asyncio
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.chat import DeliveryError

#: The person or the channel is gone, or does not take messages from an app. Sending again will never help.
UNREACHABLE: Final = frozenset(
    {
        *("user_not_found", "users_not_found", "user_disabled", "user_not_visible", "invalid_users"),
        *("channel_not_found", "is_archived", "not_in_channel", "user_not_in_channel"),
        *("cannot_dm_bot", "user_is_bot", "messages_tab_disabled", "restricted_action"),
        *("restricted_action_read_only_channel", "restricted_action_non_threadable_channel", "is_inactive"),
        *("no_such_subteam", "subteam_not_found", "method_not_supported_for_channel_type"),
    }
)
#: The app is no longer in this workspace, or its token no longer works.
INSTALL_GONE: Final = frozenset(
    {
        *("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        *("team_access_not_granted", "app_missing", "team_not_found", "enterprise_not_found"),
    }
)
#: Slack says itself that some of it may have happened before the error did.
UNKNOWN: Final = frozenset({"fatal_error", "internal_error"})
GONE: Final = "install_gone"
MESSAGE_GONE: Final = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"})
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_RETRY_AFTER: Final = 30.0  # seconds, where Slack asks for silence and forgets to say how long

#: What a call can end in, besides an answer.
FAILURES: Final = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)


def failure(error: BaseException) -> DeliveryError:
    """What an error of a call means for the message that was to be handed over."""
    if isinstance(error, SlackApiError):
        return _refused(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return DeliveryError("no_connection")  # it never left this machine
    # The connection broke, or no answer came in time: Slack may have taken it all the same.
    return DeliveryError("connection_lost", unknown=True)


def _refused(error: SlackApiError) -> DeliveryError:
    response: Any = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    code = code_of(error)
    if status == _TOO_MANY or code in {"ratelimited", "rate_limited"}:
        return DeliveryError("rate_limited", retry_after=_retry_after(response))
    if code in INSTALL_GONE:
        return DeliveryError(GONE, permanent=True)
    if code in UNREACHABLE:
        return DeliveryError(code, permanent=True)
    if code in UNKNOWN or not code or status >= _SERVER_ERROR:
        return DeliveryError(code or "no_answer", unknown=True)
    return DeliveryError(code)


def code_of(error: SlackApiError) -> str:
    """Slack's own word for what is wrong; "" where the answer was none of Slack's."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else ""


def _retry_after(response: Any) -> float:
    headers = getattr(response, "headers", None) or {}
    try:
        return max(float(headers.get("Retry-After", _RETRY_AFTER)), 1.0)
    except ValueError:
        return _RETRY_AFTER
