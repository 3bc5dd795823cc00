"""A go-live that is being put together step by step, and the file that it would be: one set of rules for both."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date

from surveys.golive_file import GoLiveFile, parse_golive
from surveys.mistakes import FileMistakes, Mistake
from surveys.roster_file import COLUMNS

FILE, ROSTER = "golive.toml", "roster.csv"


@dataclass(frozen=True, slots=True)
class DraftTeam:
    """A team whose people come from a channel or group, or were typed, one a line: name, address, role."""

    name: str
    source: str = ""
    people: str = ""


@dataclass(frozen=True, slots=True)
class DraftLead:
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was said so far, as it was written; nothing of it is checked yet."""

    organisation: str = ""
    system: str = ""
    on: str = ""
    timezone: str = ""
    plan: str = "practice"
    language: str = "en"
    platform: str = "web"  #: of addresses that name none
    workspace: str = ""
    teams: tuple[DraftTeam, ...] = field(default=())
    leads: tuple[DraftLead, ...] = field(default=())

    def as_file(self, *, today: date, known_date: date | None = None) -> GoLiveFile:
        """Read the draft as if it stood in files. Raises FileMistakes with everything that is wrong in it."""
        return parse_golive(
            self.as_toml(),
            file=FILE,
            today=today,
            known_date=known_date,
            beside=lambda _: self.as_csv(),
            is_beside=lambda _: any(team.people.strip() for team in self.teams),
        )

    def head_mistakes(self, *, today: date) -> list[Mistake]:
        """What is wrong with the names, the date, the zone and the plan, whatever else is still missing."""
        whole = replace(
            self,
            teams=(DraftTeam("Team", people=f"Somebody, {self.platform}:somebody"),),
            leads=(DraftLead("Lead", "web:lead"),),
        )
        try:
            whole.as_file(today=today)
        except FileMistakes as wrong:
            return [mistake for mistake in wrong.mistakes if mistake.file == FILE]
        return []

    def as_toml(self) -> str:
        """Write golive.toml."""
        values = {
            "name": f"{self.system} at {self.organisation}"[:120],
            "organisation": self.organisation,
            "system": self.system,
            "timezone": self.timezone,
            "language": self.language,
            "plan": self.plan,
        }
        lines = [f"{key} = {quoted(value)}" for key, value in values.items()]
        lines.append(f"date = {self.on if re.fullmatch('[0-9]{4}-[0-9]{2}-[0-9]{2}', self.on) else quoted(self.on)}")
        for lead in self.leads:
            lines += ["[[lead]]", f"name = {quoted(lead.name)}", f"address = {quoted(lead.address)}"]
        lines.append("[teams]")
        for team in self.teams:
            source = f"source = {quoted(team.source)}" if team.source else ""
            lines.append(f"{quoted(team.name)} = {{ {source} }}")
        return "\n".join(lines) + "\n"

    def as_csv(self) -> str:
        """Write roster.csv."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for team in self.teams:
            for line in team.people.splitlines():
                if line.strip():
                    name, address, role = self.person(line)
                    writer.writerow([name, team.name, address, role, "", "", ""])
        return out.getvalue()

    def person(self, line: str) -> tuple[str, str, str]:
        """Name, address and role of a typed line; a name alone has the address that it makes in the web chat."""
        parts = [part.strip() for part in re.split(r"[,;\t]", line)] + ["", ""]
        name, address, role = parts[:3]
        if not address and self.platform == "web":
            address = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
        return name, self.address(address), role

    def address(self, written: str) -> str:
        """An address as files have it; an account alone is one of the platform on which it was written."""
        mail = "@" in written and ":" not in written  # a team in Teams has both
        if not written or mail or written.partition(":")[0] in {"web", "slack", "teams", "memory"}:
            return written
        return f"{self.platform}:{self.workspace}/{written}" if self.workspace else f"{self.platform}:{written}"


def quoted(text: str) -> str:
    """Write a TOML string."""
    escaped = "".join(
        char if char.isprintable() and char not in '"\\' else f"\\U{ord(char):08X}"
        for char in text
        if unicodedata.category(char) != "Cs"  # half of a pair is no character
    )
    return f'"{escaped}"'
