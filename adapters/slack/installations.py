"""Where the app is installed, and with which token: given by the settings, or kept by the bot after an install."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one workspace, or in all workspaces of one organisation."""

    workspace: str  #: the workspace's id, or the organisation's
    token: str = field(repr=False)
    team: str = ""  #: the workspace's id; "" for a whole organisation
    enterprise: str = ""  #: the organisation's id, where there is one
    bot: str = ""  #: the bot's own account
    scopes: tuple[str, ...] = ()


class Installations(Protocol):
    """What the bot keeps of installs. Tokens are secrets: whoever keeps them conceals them."""

    async def find(self, workspace: str) -> Installation | None:
        """Look up one by the id of a workspace or an organisation; "" means the only one there is."""
        ...

    async def save(self, installation: Installation) -> None:
        """Keep one, in place of an earlier one of the same workspace."""
        ...

    async def remove(self, workspace: str) -> None:
        """Forget one, with its token."""
        ...


class MemoryInstallations:
    """Lost when the program ends; for tests."""

    def __init__(self, *installations: Installation) -> None:
        self._found = {installation.workspace: installation for installation in installations}

    async def find(self, workspace: str) -> Installation | None:
        if not workspace and len(self._found) == 1:
            return next(iter(self._found.values()))
        return self._found.get(workspace)

    async def save(self, installation: Installation) -> None:
        self._found[installation.workspace] = installation

    async def remove(self, workspace: str) -> None:
        self._found.pop(workspace, None)
