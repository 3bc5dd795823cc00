"""The app as Slack is told of it: what it is called, what it may do and why, where Slack reaches it.

Fields and lengths: https://docs.slack.dev/reference/app-manifest and the published schema, version 2.0.0.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from adapters.slack.endpoints import EVENTS_PATH
from adapters.slack.install import REDIRECT_PATH

#: What the app may do, each with what goes missing without it. docs/slack.md tells the same to whoever installs it.
SCOPES: Final[Mapping[str, str]] = {
    "chat:write": "send pulses, digests and alerts, and put the thank-you in their place",
    "commands": "/ask, /pulse and the shortcut",
    "im:write": "find the chat with somebody, to see after a crash whether a message has arrived",
    "im:history": "get what somebody types to the bot, and see after a crash whether a message has arrived",
    "users:read": "time zones, and who is a guest, a bot or gone",
    "channels:read": "who is in a public channel that was chosen as a team",
    "groups:read": "who is in a private channel that the bot was invited to",
    "usergroups:read": "who is in a user group that was chosen as a team",
    "files:write": "show a chart as an image where Slack does not draw it",
}
#: What the app is told of, as the Events API names it.
EVENTS: Final = (
    *("app_home_opened", "app_uninstalled", "member_joined_channel", "member_left_channel", "message.im"),
    *("subteam_members_changed", "team_join", "tokens_revoked", "user_change"),
)
_DESCRIPTION = "Short, anonymous questions while a new system goes live, and anonymous questions back."
_LONG = (
    "Two to four short questions now and then, at the end of your shift, answered in the message itself. "
    "You can ask anything at any time, anonymously, and find the reply with four words that only you have. "
    "Leads see results for groups, never who said what."
)
_COMMANDS = (
    ("/ask", "Ask something anonymously", "leave it empty and press Enter"),
    ("/pulse", "What Pulse can do for you", "help, find, answers, pause, privacy"),
)


def manifest(*, url: str = "", name: str = "Pulse") -> str:
    """The manifest as YAML, ready to be pasted: for Socket Mode, or with a `url` for HTTP and installs by others."""
    url = url.rstrip("/")
    lines = _yaml(_manifest(url, name))
    return "\n".join(lines) + "\n"


def _manifest(url: str, name: str) -> dict[str, Any]:
    events = {"request_url": url + EVENTS_PATH} if url else {}
    return {
        "display_information": {
            "name": name,
            "description": _DESCRIPTION,
            "long_description": _LONG,
            "background_color": "#1f4e5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name.lower(), "always_online": True},
            "shortcuts": [
                {
                    "name": "Ask anonymously",
                    "type": "global",
                    "callback_id": "ask",
                    "description": "Ask something about the new system; nobody learns who asked",
                }
            ],
            "slash_commands": [
                {"command": command, **({"url": url + EVENTS_PATH} if url else {})}
                | {"description": description, "usage_hint": hint, "should_escape": False}
                for command, description, hint in _COMMANDS
            ],
        },
        "oauth_config": {
            **({"redirect_urls": [url + REDIRECT_PATH]} if url else {}),
            "scopes": {"bot": list(SCOPES)},
        },
        "settings": {
            "event_subscriptions": {**events, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **events},
            "org_deploy_enabled": bool(url),
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _yaml(value: Mapping[str, Any] | list[Any], *, indent: str = "") -> list[str]:
    """As much of YAML as a manifest needs: mappings, lists and single values."""
    lines: list[str] = []
    for name, one in value.items() if isinstance(value, Mapping) else ((None, one) for one in value):
        key = "-" if name is None else f"{name}:"
        if isinstance(one, Mapping | list):
            inner = _yaml(one, indent=f"{indent}  ")
            if name is None:
                lines += [f"{indent}- {inner[0].strip()}", *inner[1:]]
            else:
                lines += [f"{indent}{key}", *inner]
        else:
            lines.append(f"{indent}{key} {_scalar(one)}")
    return lines


def _scalar(value: str | bool | int) -> str:  # noqa: FBT001  # a value of the manifest, whatever its type
    return json.dumps(value, ensure_ascii=False)  # what JSON writes for these, YAML reads
