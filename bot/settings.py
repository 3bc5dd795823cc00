"""What can be set from outside, each with a default that works on one machine."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.keep import Keep
from surveys.mistakes import Unreadable
from surveys.written import address

PREFIX = "PULSE_"
AZURE_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Settings(BaseSettings):
    """Environment variables with the prefix PULSE_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid")

    database_url: str = Field(
        default="sqlite:///var/pulse.db", description="Where rows are kept: sqlite:///PATH or postgresql://…"
    )
    keys: Path = Field(
        default=Path("var/pulse.keys"), description="The file with the installation's secrets; never beside a backup"
    )
    host: str = Field(default="127.0.0.1", description="The address that the web chat listens on")
    port: int = Field(default=8470, ge=0, le=65535, description="The port that the web chat listens on")
    public_url: str = Field(
        default="",
        description="How people reach the web chat, such as https://pulse.example.org; else host and port",
        examples=["https://pulse.example.org"],
    )
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="The port that Prometheus asks for figures; 0 serves none",
        examples=[9470],
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged")

    setup: str = Field(
        default="",
        description=(
            "Who may set up a go-live in a chat: addresses with commas between them, or nobody; "
            "else whoever comes first, and then those who lead one"
        ),
        examples=["slack:U0123ABCD,web:lead"],
    )

    slack_bot_token: SecretStr = Field(
        default=SecretStr(""), description="Slack: the app's token in one workspace", examples=["xoxb-…"]
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""),
        description="Slack: the token with which the bot calls Slack, so that nobody has to reach it (Socket Mode)",
        examples=["xapp-…"],
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Slack: what its requests are signed with, where it reaches the bot over HTTP",
    )
    slack_client_id: str = Field(
        default="", description="Slack: the app's id, for installs into several workspaces", examples=["1234.5678"]
    )
    slack_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Slack: the app's secret, for installs into several workspaces"
    )

    teams_app_id: str = Field(
        default="",
        description="Teams: the app's id, as Azure shows it (Application ID)",
        examples=["0b9c1a52-5f0e-4a6e-9a55-0c7d8f0a1b2c"],
    )
    teams_tenant: str = Field(
        default="",
        description="Teams: the directory that the app is in (Directory or tenant ID)",
        examples=["7d1f6c1e-2b43-4f0a-8a44-9d5d3a3b1e00"],
    )
    teams_app_secret: SecretStr = Field(default=SecretStr(""), description="Teams: the app's secret (its Value)")
    teams_managed_identity: bool = Field(
        default=False,
        description="Teams: the app is the managed identity of the machine in Azure, which needs no secret",
        examples=["true"],
    )
    teams_registrations: Path | None = Field(
        default=None, description="Teams: a file of registrations, where the bot is in several directories"
    )
    teams_unsigned: bool = Field(
        default=False,
        description="Teams, for development: believe whoever writes from this machine, without any signature",
        examples=["true"],
    )

    keep_answers: int = Field(default=400, ge=30, description="Days after which answers and figures go")
    keep_texts: int = Field(default=180, ge=30, description="Days after which everything that was written goes")
    keep_contacts: int = Field(default=30, ge=1, description="Days after a plan's end on which people and contacts go")
    keep_audit: int = Field(default=800, ge=30, description="Days after which entries of the audit log go")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        try:
            backend = make_url(url).get_backend_name()
        except ArgumentError as error:
            raise ValueError("is not a database URL, for example sqlite:///var/pulse.db") from error
        if backend not in {"sqlite", "postgresql"}:
            raise ValueError("names neither SQLite nor PostgreSQL, for example sqlite:///var/pulse.db")
        if backend == "sqlite" and make_url(url).database in {None, "", ":memory:"}:
            raise ValueError("names no file, so nothing would be kept, for example sqlite:///var/pulse.db")
        return url

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _right_token(cls, token: SecretStr, info: ValidationInfo) -> SecretStr:
        kind = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if token and not token.get_secret_value().startswith(kind):
            raise ValueError(f"does not begin with {kind}, so it is another kind of token")
        return token

    @field_validator("teams_app_id", "teams_tenant")
    @classmethod
    def _azure_id(cls, written: str) -> str:
        if written and not AZURE_ID.fullmatch(written.strip()):
            raise ValueError("is no id as Azure shows them")
        return written.strip().lower()

    @field_validator("setup")
    @classmethod
    def _addresses(cls, written: str) -> str:
        for one in filter(None, (part.strip() for part in written.split(","))):
            if one != "nobody":
                try:
                    address(one)
                except Unreadable as problem:
                    raise ValueError(f"{problem.found} {problem.expected}") from problem
        return written

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, url: str) -> str:
        if not url:
            return url
        scheme, _, rest = url.partition("://")
        if scheme not in {"http", "https"}:
            raise ValueError("begins with neither https:// nor http://, for example https://pulse.example.org")
        if not rest.strip("/"):
            raise ValueError("names no host, for example https://pulse.example.org")
        return url

    @property
    def platforms(self) -> set[str]:
        """The platforms that are set up; the web chat always is."""
        slack = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret, self.slack_client_id)
        teams = (self.teams_app_id, self.teams_app_secret, self.teams_registrations, self.teams_unsigned)
        return {"web", *(["slack"] if any(slack) else []), *(["teams"] if any(teams) else [])}

    @property
    def keep(self) -> Keep:
        return Keep(
            answers=self.keep_answers, texts=self.keep_texts, contacts=self.keep_contacts, audit=self.keep_audit
        )

    @property
    def base_url(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"
