"""The database alone opens no text, a new key shuts out the old one, and no interruption loses anything.

To see it fail: take `encrypt_at_time` out of `surveys.secrecy.conceal`, the loop over `TEXTS` out of
`bot.storage.rotation.rotate`, or `with_newest_alone` out of it.
"""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from sqlalchemy import LargeBinary
from sqlmodel import select

from adapters.chat import Card
from bot.errors import KeysUnreadable
from bot.storage import transcript
from bot.storage.database import Database
from bot.storage.keychain import Keychain, open_keychain, with_new_keys
from bot.storage.keys import as_fernet, read, write
from bot.storage.migrate import metadata
from bot.storage.rotation import TEXTS, renew_batch, rotate
from surveys import actions, questions
from surveys.golives import GoLive
from surveys.instruments import Remark
from surveys.receipts import Receipt
from surveys.responses import GivenRemark, submit
from surveys.secrecy import apart, reveal
from surveys.waves import Fielded, Wave
from tests.promises.on_disk import on_disk

TODAY = date(2027, 3, 1)
WRITTEN = ("The printer in room 2 eats labels.", "Where do refills go?", "To the left tab.", "A second printer.")
SEALED = {("question", "sealed_reply"), ("question", "public_key"), ("audit", "mac")}  #: under keys of their own


@pytest.fixture
def texts(database_url: str, golive: GoLive, wave: Wave, tmp_path: Path) -> Iterator[Database]:
    """A text in every place where texts are kept, under keys in a file."""
    database = Database(database_url, keys=open_keychain(tmp_path / "pulse.keys"))
    with database.begin() as session:
        stratum = session.exec(select(Fielded.stratum_id).where(Fielded.wave_id == wave.id)).first() or 0
        remark = Remark(item="remark", text=WRITTEN[0])
        submit(session, wave_id=wave.id or 0, stratum_id=stratum, answers=[], remarks=[remark])
        receipt = Receipt(words=(), mailbox="m" * 64, public_key=bytes(range(32)))
        questions.ask(session, golive_id=golive.id or 0, text=WRITTEN[1], receipt=receipt, today=TODAY)
        (question,) = questions.release(session, golive.id or 0, before=date(2027, 3, 2))
        questions.reply(session, question.key, golive_id=golive.id or 0, text=WRITTEN[2], today=TODAY)
        actions.act(session, golive.id or 0, text=WRITTEN[3], today=TODAY)
        transcript.put(session, "desk-1", "k", Card("Nobody else reads this."))
    yield database
    database.close()


def concealed(database: Database) -> list[bytes]:
    with database.session() as session:
        return [row for text in TEXTS for row in session.exec(select(text.column).where(text.column.is_not(None)))]


def opened(database: Database) -> list[str]:
    with database.session() as session:
        return [reveal(session, token) for token in concealed(database)]


def test_every_concealed_column_is_encrypted_anew() -> None:
    """A column that is added and forgotten in the list would be lost at the next rotation."""
    binary = {
        (table.name, column.name)
        for table in metadata().sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert {(text.table.__tablename__, text.column.key) for text in TEXTS} == binary - SEALED


def test_the_database_alone_opens_no_text(texts: Database, tmp_path: Path) -> None:
    folder = tmp_path / "stolen"
    folder.mkdir()
    stolen = on_disk(texts, folder)
    keys = texts.keys
    assert not any(word.encode() in stolen for word in WRITTEN)
    assert not any(key.encode() in stolen for ring in (keys.texts, *dict(keys.drawers).values()) for key in ring)


def test_after_a_rotation_every_text_still_opens(texts: Database, evening: datetime) -> None:
    before = opened(texts)
    rotate(texts, now=evening)
    assert sorted(opened(texts)) == sorted(before)
    assert set(WRITTEN) <= set(before)


def test_after_a_rotation_the_old_keys_open_nothing(texts: Database, evening: datetime) -> None:
    old = texts.keys
    rotate(texts, now=evening)
    for token in concealed(texts):
        drawer, raw = apart(token)
        with pytest.raises(InvalidToken):
            as_fernet(old.ring(drawer) or ()).decrypt(raw)


def test_after_a_rotation_the_old_keys_are_gone_from_the_file(texts: Database, evening: datetime) -> None:
    old = texts.keys
    rotate(texts, now=evening)
    assert texts.keychain.path is not None
    assert old.texts[0] not in texts.keychain.path.read_text()
    assert not texts.keys.in_rotation


def test_a_rotation_writes_no_time_into_a_token(texts: Database, evening: datetime) -> None:
    rotate(texts, now=evening)
    assert {urlsafe_b64decode(apart(token)[1])[1:9] for token in concealed(texts)} == {bytes(8)}


@pytest.mark.parametrize("done", range(len(TEXTS) + 1))
def test_a_rotation_that_was_interrupted_loses_nothing_and_goes_on(
    texts: Database, evening: datetime, done: int
) -> None:
    before = sorted(opened(texts))
    texts.keychain.change(lambda keys: with_new_keys(keys, today=evening.date()))
    drawn = texts.keys.texts[0]
    for text in TEXTS[:done]:
        with texts.begin() as session:
            renew_batch(session, texts.keychain, text, after=None)
    assert sorted(opened(texts)) == before
    rotate(texts, now=evening)
    assert sorted(opened(texts)) == before
    assert texts.keys.texts == (drawn,)


def test_with_a_text_that_no_key_opens_no_key_is_let_go(texts: Database, evening: datetime) -> None:
    with texts.begin() as session:
        remark = session.exec(select(GivenRemark)).first()
        assert remark is not None
        drawer, token = apart(remark.text)
        remark.text = drawer.encode() + b":" + token[:-8] + b"AAAAAA=="
        session.add(remark)
    old = texts.keys.texts
    with pytest.raises(KeysUnreadable, match="no key was let go"):
        rotate(texts, now=evening)
    assert texts.keys.texts[1:] == old


def test_a_running_bot_reads_on_while_another_process_rotates(texts: Database, evening: datetime) -> None:
    path = texts.keychain.path
    assert path is not None
    url = texts.engine.url.render_as_string(hide_password=False)
    running = Database(url, keys=Keychain(read(path), path=path))
    before = sorted(opened(running))
    rotate(texts, now=evening)
    assert sorted(opened(running)) == before
    running.close()


def test_what_a_running_bot_writes_after_a_rotation_takes_the_new_key(
    texts: Database, golive: GoLive, evening: datetime
) -> None:
    path = texts.keychain.path
    assert path is not None
    running = Database(texts.engine.url.render_as_string(hide_password=False), keys=Keychain(read(path), path=path))
    opened(running)
    rotate(texts, now=evening)
    with running.begin() as session:
        action = actions.act(session, golive.id or 0, text="New chairs.", today=TODAY)
    with texts.session() as session:
        assert reveal(session, action.text) == "New chairs."
    running.close()


def test_a_key_file_that_is_put_back_is_noticed(texts: Database, evening: datetime) -> None:
    path = texts.keychain.path
    assert path is not None
    copy = read(path)
    rotate(texts, now=evening)
    write(path, copy)
    with texts.session() as session, pytest.raises(InvalidToken):
        reveal(session, concealed(texts)[0])
