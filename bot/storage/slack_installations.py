"""Where the Slack app is installed, kept in the database: tokens concealed, and nobody's name who installed it."""

from sqlmodel import Field, Session, col, delete, select

from adapters.slack.installations import Installation
from bot.storage.database import Database
from surveys.records import UNORDERED, Record
from surveys.secrecy import conceal, reveal


class SlackInstallation(Record, table=True):
    __tablename__ = "slack_installation"
    __table_args__ = UNORDERED

    workspace: str = Field(primary_key=True)  #: the workspace's id, or the organisation's
    token: bytes  #: concealed
    team: str = ""
    enterprise: str = ""
    bot: str = ""
    scopes: str = ""  #: with commas


class DatabaseInstallations:
    """Fulfils `adapters.slack.installations.Installations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, workspace: str) -> Installation | None:
        return await self._database.read(find, workspace)

    async def save(self, installation: Installation) -> None:
        await self._database.transact(save, installation)

    async def remove(self, workspace: str) -> None:
        await self._database.transact(remove, workspace)


def find(session: Session, workspace: str) -> Installation | None:
    """The app in this workspace; without one, the app in the only one there is."""
    if workspace:
        row = session.get(SlackInstallation, workspace)
    else:
        rows = session.exec(select(SlackInstallation).limit(2)).all()
        row = rows[0] if len(rows) == 1 else None
    if row is None:
        return None
    return Installation(
        workspace=row.workspace,
        token=reveal(session, row.token),
        team=row.team,
        enterprise=row.enterprise,
        bot=row.bot,
        scopes=tuple(scope for scope in row.scopes.split(",") if scope),
    )


def save(session: Session, installation: Installation) -> None:
    session.merge(
        SlackInstallation(
            workspace=installation.workspace,
            token=conceal(session, installation.token),
            team=installation.team,
            enterprise=installation.enterprise,
            bot=installation.bot,
            scopes=",".join(installation.scopes),
        )
    )


def remove(session: Session, workspace: str) -> None:
    session.exec(delete(SlackInstallation).where(col(SlackInstallation.workspace) == workspace))
