"""The app as Teams is told of it, and the file that is uploaded there.

Fields and lengths: the published schema, https://developer.microsoft.com/json-schemas/teams/v1.30/
MicrosoftTeams.schema.json.
"""

import io
import json
from typing import Any, Final
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from adapters.teams.icons import colour, outline

SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json"
LONGEST_NAME = 30  #: characters
COLOUR_ICON, OUTLINE_ICON = "color.png", "outline.png"
STAMP = (1980, 1, 1, 0, 0, 0)  # the same content makes the same file

_SHORT = "Short, anonymous questions while a new system goes live, and yours back."
_LONG = (
    "Two to four short questions now and then, at the end of your shift, answered in the message itself. "
    "You can ask anything at any time, anonymously, and find the reply with four words that only you have. "
    "Leads see results for groups, never who said what."
)
#: What can be written in the chat with the bot, most wished for first: Teams offers twelve at the most.
COMMANDS: Final = (
    ("ask", "Ask something; nobody learns who asked"),
    ("find", "Find the reply with your four words"),
    ("answers", "What others asked, and the replies"),
    ("pause", "No pulses for a while"),
    ("resume", "Have the pulses back"),
    ("leave", "No pulses while you are away"),
    ("language", "Be written to in another language"),
    ("privacy", "Who sees what"),
    ("stop", "No pulses at all"),
    ("delete", "Forget what is held about you"),
    ("help", "All that you can write"),
)


def manifest(
    *, app_id: str, url: str, privacy: str = "", terms: str = "", name: str = "Pulse", version: str = "1.0.0"
) -> dict[str, Any]:
    """The manifest: a bot in personal chats, and in teams to read who is in them. The pages are the organisation's."""
    address = url.rstrip("/")
    return {
        "$schema": SCHEMA,
        "manifestVersion": "1.30",
        "version": version,
        "id": app_id,
        "developer": {
            "name": "golive-pulse",
            "websiteUrl": address,
            "privacyUrl": privacy or address,
            "termsOfUseUrl": terms or address,
        },
        "name": {"short": name, "full": f"{name} for go-lives"},
        "description": {"short": _SHORT, "full": _LONG},
        "icons": {"color": COLOUR_ICON, "outline": OUTLINE_ICON},
        "accentColor": "#0D655E",
        "defaultInstallScope": "personal",
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [
                    {
                        "scopes": ["personal"],
                        "commands": [{"title": word, "description": says} for word, says in COMMANDS],
                    }
                ],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [urlsplit(address).netloc],
    }


def package(described: dict[str, Any]) -> bytes:
    """The zip that is uploaded: the manifest and both icons at its root."""
    files = {
        "manifest.json": (json.dumps(described, indent=2, ensure_ascii=False) + "\n").encode(),
        COLOUR_ICON: colour(),
        OUTLINE_ICON: outline(),
    }
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(ZipInfo(name, STAMP), content, ZIP_DEFLATED)
    return packed.getvalue()
