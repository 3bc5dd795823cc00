"""An office with a loaded go-live, for tests that type commands."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from tests.integration.conftest import Files

DAY = datetime.now(UTC).date() + timedelta(days=120)  # a go-live lies ahead, whenever this runs


@dataclass(frozen=True, slots=True)
class Office:
    """Says what a command printed; fails when it left with another code than it should."""

    folder: Path
    golive: str

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'pulse.db'}"

    @property
    def keys(self) -> Path:
        return self.folder / "pulse.keys"

    def says(self, *words: str) -> str:
        result = CliRunner().invoke(app, list(words), env=self.environment)
        assert result.exit_code == 0, result.output
        return result.stdout

    def says_all(self, *words: str) -> str:
        """Standard error as well."""
        result = CliRunner().invoke(app, list(words), env=self.environment)
        assert result.exit_code == 0, result.output
        return result.output

    def refused(self, *words: str, said: str | None = None) -> str:
        result = CliRunner().invoke(app, list(words), env=self.environment, input=said)
        assert result.exit_code == 2, result.output
        assert "Traceback" not in result.output
        return result.output

    @property
    def environment(self) -> dict[str, str]:
        return {"PULSE_DATABASE_URL": self.url, "PULSE_KEYS": str(self.keys)}


def open_office(folder: Path) -> Office:
    files = Files(folder / "files", date=str(DAY))
    files.addresses = {"Ana Ruiz": "web:ana", "Ben Okafor": "web:ben"}
    office = Office(folder, str(files.write()))
    office.says("load", office.golive)
    return office
