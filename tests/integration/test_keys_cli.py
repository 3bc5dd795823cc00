"""`pulse keys`: names them, draws them anew, destroys them, and never shows one."""

from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.keychain import open_keychain
from bot.storage.keys import read
from surveys import actions
from surveys.secrecy import drawer_of
from tests.integration.command_line import DAY, Office, open_office

NAME = drawer_of(1, DAY)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return open_office(tmp_path)


def written(office: Office) -> None:
    database = Database(office.url, keys=open_keychain(office.keys))
    with database.begin() as session:
        actions.act(session, 1, text="A second printer.", today=DAY)
    database.close()


def told(office: Office) -> list[str]:
    database = Database(office.url, keys=open_keychain(office.keys))
    with database.begin() as session:
        actions.tell(session, 1, on=DAY)
        found = actions.told(session, 1, on=DAY)
    database.close()
    return found


def test_keys_are_named_and_never_shown(office: Office) -> None:
    written(office)
    shown = office.says("keys", "list")
    keys = read(office.keys)
    assert f"{NAME}: the texts of go-live 1 in {DAY:%Y-%m}" in shown
    assert not any(key in shown for ring in (keys.texts, *dict(keys.drawers).values()) for key in ring)


def test_rotating_says_how_many_texts_and_leaves_them_readable(office: Office) -> None:
    written(office)
    before = read(office.keys)
    assert "Texts encrypted anew: 1." in office.says("keys", "rotate")
    assert read(office.keys).texts != before.texts
    assert told(office) == ["A second printer."]


def test_rotating_is_in_the_audit_log(office: Office) -> None:
    office.says("keys", "rotate")
    assert "administrator: keys rotated" in office.says("audit")


def test_new_links_shut_out_the_old_ones_and_it_says_so(office: Office) -> None:
    before = office.says("link", "Ana Ruiz")
    assert "no link and no open chat works that was made before" in office.says("keys", "rotate", "--links")
    assert office.says("link", "Ana Ruiz") != before


def test_new_links_leave_texts_alone(office: Office) -> None:
    before = read(office.keys)
    office.says("keys", "rotate", "--links")
    after = read(office.keys)
    assert (after.texts, after.receipts, after.audit) == (before.texts, before.receipts, before.audit)


def test_destroying_takes_the_texts_along(office: Office) -> None:
    written(office)
    assert "Texts that went with it: 1." in office.says("keys", "destroy", NAME, "--yes")
    assert told(office) == []
    assert f"{NAME}: destroyed" in office.says("keys", "list")


def test_without_a_yes_nothing_is_destroyed(office: Office) -> None:
    written(office)
    assert "Nothing was destroyed" in office.refused("keys", "destroy", NAME, said="n\n")
    assert told(office) == ["A second printer."]


def test_an_unknown_name_is_refused(office: Office) -> None:
    assert "There is no key 9.1999-01" in office.refused("keys", "destroy", "9.1999-01", "--yes")


def test_a_destroyed_key_cannot_be_destroyed_again(office: Office) -> None:
    written(office)
    office.says("keys", "destroy", NAME, "--yes")
    assert "has been destroyed already" in office.refused("keys", "destroy", NAME, "--yes")


def test_a_damaged_key_file_is_a_sentence(office: Office) -> None:
    Path(office.keys).write_text("{")
    assert "cannot be read" in office.refused("keys", "rotate")
