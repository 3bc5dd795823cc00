"""The manifest against Slack's rules for manifests, and against what the adapter really uses.

The rules are those of the published schema 2.0.0 (github.com/slackapi/manifest-schema), as far as our manifest goes:
which keys there are, how long what is, what an address looks like. The schema itself is in no package we could install.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.slack.incoming import ASK
from adapters.slack.incoming import EVENTS as READ
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from adapters.slack.pacing import METHODS

ROOT = Path(__file__).parents[3]
URL = re.compile(r"https?://")
#: Path -> what may stand there. Two numbers: the shortest and the longest text, or the fewest and most of a list.
RULES: dict[str, Any] = {
    "": {"display_information", "features", "oauth_config", "settings"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4_000),
    "display_information.background_color": re.compile(r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?"),
    "features": {"app_home", "bot_user", "shortcuts", "slash_commands"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.app_home.home_tab_enabled": bool,
    "features.app_home.messages_tab_enabled": bool,
    "features.app_home.messages_tab_read_only_enabled": bool,
    "features.bot_user": {"display_name", "always_online"},
    "features.bot_user.display_name": (1, 80),
    "features.bot_user.always_online": bool,
    "features.shortcuts": (1, 10),
    "features.shortcuts[]": {"name", "type", "callback_id", "description"},
    "features.shortcuts[].name": (1, 24),
    "features.shortcuts[].type": re.compile("message|global"),
    "features.shortcuts[].callback_id": (1, 255),
    "features.shortcuts[].description": (1, 150),
    "features.slash_commands": (1, 50),
    "features.slash_commands[]": {"command", "url", "description", "usage_hint", "should_escape"},
    "features.slash_commands[].command": re.compile(r"/.{1,31}"),
    "features.slash_commands[].url": URL,
    "features.slash_commands[].description": (1, 2_000),
    "features.slash_commands[].usage_hint": (1, 1_000),
    "features.slash_commands[].should_escape": bool,
    "oauth_config": {"redirect_urls", "scopes"},
    "oauth_config.redirect_urls": (0, 1_000),
    "oauth_config.redirect_urls[]": URL,
    "oauth_config.scopes": {"bot"},
    "oauth_config.scopes.bot": (0, 255),
    "oauth_config.scopes.bot[]": (1, 50),
    "settings": {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
    "settings.event_subscriptions": {"request_url", "bot_events"},
    "settings.event_subscriptions.request_url": URL,
    "settings.event_subscriptions.bot_events": (0, 100),
    "settings.event_subscriptions.bot_events[]": (1, 50),
    "settings.interactivity": {"is_enabled", "request_url"},
    "settings.interactivity.is_enabled": bool,
    "settings.interactivity.request_url": URL,
    "settings.org_deploy_enabled": bool,
    "settings.socket_mode_enabled": bool,
    "settings.token_rotation_enabled": bool,
}
#: Event -> the scopes of which Slack wants one before it tells of it, as each event's page says.
NEEDED: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "message.im": {"im:history"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "subteam_members_changed": {"usergroups:read"},
}
#: Method -> the scope it needs, as each method's page says.
CALLED: dict[str, str] = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.open": "im:write",
    "conversations.history": "im:history",
    "conversations.members": "channels:read",
    "files.completeUploadExternal": "files:write",
    "files.getUploadURLExternal": "files:write",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "users.info": "users:read",
    "users.list": "users:read",
}


def broken(found: Any, path: str = "") -> Iterator[str]:
    """Every place that the rules do not allow."""
    rule = RULES.get(path)
    fits = {
        dict: isinstance(rule, set) and isinstance(found, dict) and set(found) <= rule,
        list: isinstance(rule, tuple) and rule[0] <= len(found) <= rule[1] if isinstance(found, list) else False,
        bool: rule is bool,
        str: isinstance(found, str)
        and (rule[0] <= len(found) <= rule[1] if isinstance(rule, tuple) else bool(rule and re.match(rule, found))),
    }[type(found)]
    if not fits:
        yield path
    if isinstance(found, dict):
        for name, one in found.items():
            yield from broken(one, f"{path}.{name}".lstrip("."))
    elif isinstance(found, list):
        for one in found:
            yield from broken(one, f"{path}[]")


@pytest.mark.parametrize("url", ["", "https://pulse.example.org"])
def test_the_manifest_keeps_slacks_rules(url: str) -> None:
    assert list(broken(yaml.safe_load(manifest(url=url)))) == []


def test_what_breaks_the_rules_is_seen() -> None:
    wrong = yaml.safe_load(manifest())
    wrong["features"]["shortcuts"][0]["name"] = "x" * 25
    wrong["settings"]["extra"] = True
    assert list(broken(wrong)) == ["features.shortcuts[].name", "settings", "settings.extra"]


def test_every_event_has_its_scope() -> None:
    assert set(NEEDED) == set(EVENTS)
    assert [event for event, scopes in NEEDED.items() if scopes and not scopes & set(SCOPES)] == []


def test_every_scope_is_needed_by_something() -> None:
    needed = set().union(*NEEDED.values(), CALLED.values(), {"commands"})
    assert set(SCOPES) == needed


def test_every_paced_method_has_its_scope() -> None:
    assert set(METHODS) - {"views.publish"} == set(CALLED)
    assert set(CALLED.values()) <= set(SCOPES)


def test_the_adapter_reads_every_event_that_slack_tells_it() -> None:
    assert {event.partition(".")[0] for event in EVENTS} == set(READ)


def test_the_commands_that_are_buttons_are_in_the_manifest() -> None:
    commands = {one["command"] for one in yaml.safe_load(manifest())["features"]["slash_commands"]}
    assert set(ASK) < commands


def test_no_list_names_anything_twice() -> None:
    found = yaml.safe_load(manifest())
    for listed in (found["oauth_config"]["scopes"]["bot"], found["settings"]["event_subscriptions"]["bot_events"]):
        assert len(listed) == len(set(listed))


def test_the_guide_explains_every_scope() -> None:
    guide = (ROOT / "docs" / "slack.md").read_text("utf-8")
    assert [scope for scope in SCOPES if f"`{scope}`" not in guide] == []
