"""The file that is uploaded to Teams: as Microsoft's published schema wants it, with two icons of the right size."""

import json
import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema
import pytest
from typer.testing import CliRunner

from adapters.teams.icons import COLOUR, GROUND, OUTLINE, colour, outline
from adapters.teams.manifest import COMMANDS, manifest, package
from bot.cli import app
from bot.conversation.listen import COMMANDS as HEARD
from docs.teams_files import FOLDER, files

APP = "0b9c1a52-5f0e-4a6e-9a55-0c7d8f0a1b2c"
HERE = {"app_id": APP, "url": "https://pulse.example.org/"}


@pytest.fixture(scope="module")
def schema(node_modules: Path) -> Mapping[str, Any]:
    """Version 1.30, as Microsoft publishes it on npm."""
    folder = node_modules / "@microsoft" / "app-manifest" / "build" / "json-schemas" / "teams" / "v1.30"
    found: dict[str, Any] = json.loads((folder / "MicrosoftTeams.schema.json").read_text("utf-8-sig"))
    return found


def wrong(described: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    return [error.message for error in checker.iter_errors(described)]


def test_the_manifest_is_what_the_published_schema_wants(schema: Mapping[str, Any]) -> None:
    assert wrong(manifest(**HERE, name="P" * 30, version="2.1.0"), schema) == []


@pytest.mark.parametrize("change", [{"name": "P" * 31}, {"app_id": "pulse"}])
def test_the_schema_notices_what_is_wrong(schema: Mapping[str, Any], change: dict[str, str]) -> None:
    """Else the test above would say nothing."""
    assert wrong(manifest(**HERE | change), schema)


def test_every_command_that_teams_offers_is_one_that_the_bot_hears() -> None:
    assert {word for word, _ in COMMANDS} <= set(HEARD)
    assert len(COMMANDS) <= 12


def test_the_file_holds_the_manifest_and_both_icons_at_its_root() -> None:
    with ZipFile(BytesIO(package(manifest(**HERE)))) as zipped:
        assert zipped.namelist() == ["manifest.json", "color.png", "outline.png"]
        described = json.loads(zipped.read("manifest.json"))
        assert {name: bool(zipped.read(name)) for name in described["icons"].values()} == {
            "color.png": True,
            "outline.png": True,
        }


def test_the_same_manifest_makes_the_same_file() -> None:
    assert package(manifest(**HERE)) == package(manifest(**HERE))


def pixels(png: bytes) -> tuple[int, list[tuple[int, ...]]]:
    """The side of a square PNG, and its pixels as red, green, blue and opacity."""
    side = struct.unpack(">I", png[16:20])[0]
    at = png.index(b"IDAT")
    raw = zlib.decompress(png[at + 4 : at + 4 + struct.unpack(">I", png[at - 4 : at])[0]])
    rows = [raw[row * (4 * side + 1) + 1 : (row + 1) * (4 * side + 1)] for row in range(side)]
    return side, [tuple(row[x : x + 4]) for row in rows for x in range(0, 4 * side, 4)]


def test_the_icon_in_colour_fills_its_square() -> None:
    side, found = pixels(colour())
    assert (side, found[0], {opacity for *_, opacity in found}) == (COLOUR, (*GROUND, 255), {255})


def test_the_outline_is_white_on_nothing() -> None:
    side, found = pixels(outline())
    assert (side, {pixel[:3] for pixel in found}) == (OUTLINE, {(255, 255, 255)})
    assert {0, 255} <= {opacity for *_, opacity in found}


def test_what_lies_in_deploy_is_what_would_be_written_there() -> None:
    assert {name: (FOLDER / name).read_bytes() == content for name, content in files().items()} == {
        "manifest.json": True,
        "color.png": True,
        "outline.png": True,
    }


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    to = tmp_path / "pulse.zip"
    words = ["teams", "package", "--app-id", APP.upper(), "--url", "https://pulse.example.org", "--to", str(to)]
    ran = CliRunner().invoke(app, [*words, "--privacy", "https://example.org/privacy"])
    assert (ran.exit_code, "is ready" in ran.stdout) == (0, True)
    with ZipFile(to) as zipped:
        described = json.loads(zipped.read("manifest.json"))
    assert (described["id"], described["bots"][0]["botId"]) == (APP, APP)
    assert described["developer"]["privacyUrl"] == "https://example.org/privacy"
    assert described["developer"]["termsOfUseUrl"] == "https://pulse.example.org"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--url", "https://x.org"], "Say which app it is"),
        (["--app-id", "pulse", "--url", "https://x.org"], "Say which app it is"),
        (["--app-id", APP], "Teams takes https:// addresses only"),
        (["--app-id", APP, "--url", "http://x.org"], "Teams takes https:// addresses only"),
        (["--app-id", APP, "--url", "https://x.org", "--terms", "x.org"], "Teams takes https:// addresses only"),
        (["--app-id", APP, "--url", "https://x.org", "--name", "x" * 31], "Teams takes 1 to 30"),
    ],
)
def test_a_file_that_teams_would_refuse_is_not_written(tmp_path: Path, words: list[str], says: str) -> None:
    to = tmp_path / "pulse.zip"
    ran = CliRunner().invoke(app, ["teams", "package", *words, "--to", str(to)])
    assert (ran.exit_code, says in ran.output, to.exists()) == (2, True, False)
