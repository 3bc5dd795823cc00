"""New keys for every kept text: drawn first, everything encrypted anew, and only then the old ones let go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import ColumnElement, and_, update
from sqlmodel import Session, col, select

from bot.api.webhooks import Webhook
from bot.audit import ADMINISTRATOR, About, Act, append
from bot.errors import KeysUnreadable
from bot.storage.database import Database
from bot.storage.keychain import Keychain, newest, with_new_keys, with_newest_alone
from bot.storage.slack_installations import SlackInstallation
from bot.storage.transcript import ChatMessage
from surveys.actions import Action
from surveys.errors import NoLongerKept
from surveys.questions import Question
from surveys.records import Record
from surveys.responses import GivenRemark
from surveys.secrecy import apart, renewed

BATCH = 200  # texts encrypted anew in one transaction: some milliseconds, so that nobody who answers waits


@dataclass(frozen=True, slots=True)
class Text:
    """Where a concealed text is kept."""

    table: type[Record]
    key: Any  #: the primary key's column
    column: Any


#: Every column that `surveys.secrecy` conceals.
TEXTS = (
    Text(GivenRemark, col(GivenRemark.key), col(GivenRemark.text)),
    Text(Question, col(Question.key), col(Question.text)),
    Text(Question, col(Question.key), col(Question.published_reply)),
    Text(Question, col(Question.key), col(Question.return_address)),
    Text(Action, col(Action.id), col(Action.text)),
    Text(Webhook, col(Webhook.id), col(Webhook.url)),
    Text(Webhook, col(Webhook.id), col(Webhook.secret)),
    Text(ChatMessage, col(ChatMessage.id), col(ChatMessage.card)),
    Text(SlackInstallation, col(SlackInstallation.workspace), col(SlackInstallation.token)),
)


def rotate(database: Database, *, now: datetime, told: Callable[[int], None] = lambda _: None) -> int:
    """Draw new keys for all texts and encrypt every text anew; how many there were.

    Interrupted at any point, nothing is lost: old and new keys stay side by side, and calling it again goes on from
    there. A running bot takes the new keys with its next transaction. The old ones go while nobody writes.

    Raises
    ------
    KeysUnreadable
        when a text opens with none of the keys; then no key is let go.
    """
    keychain = database.keychain
    keychain.change(lambda keys: with_new_keys(keys, today=now.date()))
    total = 0
    for text in TEXTS:
        last: Any = None
        while True:
            with database.begin() as session:
                found, last = renew_batch(session, keychain, text, after=last)
            total += found
            told(found)
            if last is None:
                break
    with database.begin_alone() as session:
        for text in TEXTS:  # what came in with an older key while the batches ran
            renew_all(session, keychain, text)
        append(session, Act.KEYS_ROTATED, About("keys"), by=ADMINISTRATOR, now=now, count=total)
    # Only after the commit. Whoever writes from now on began after the new keys were in the file.
    keychain.change(with_newest_alone)
    return total


def renew_batch(session: Session, keychain: Keychain, text: Text, *, after: Any) -> tuple[int, Any]:
    """Encrypt the next texts anew; how many they were, and the last of their keys, None after the end."""
    rows = select(text.key, text.column).where(text.column.is_not(None)).order_by(text.key).limit(BATCH)
    if after is not None:
        rows = rows.where(text.key > after)
    found = list(session.exec(rows))
    for key, concealed in found:
        renew(session, keychain, text, key, concealed)
    return len(found), found[-1][0] if len(found) == BATCH else None


def renew_all(session: Session, keychain: Keychain, text: Text) -> None:
    last: Any = None
    while True:
        _, last = renew_batch(session, keychain, text, after=last)
        if last is None:
            return


def renew(session: Session, keychain: Keychain, text: Text, key: Any, concealed: bytes) -> None:
    drawer, token = apart(concealed)
    if not token:
        return
    try:
        fresh = renewed(concealed, ring=keychain.opens(drawer), newest=newest(keychain.current(), drawer))
    except NoLongerKept:
        return  # nobody can read it any more, and the night's round takes it away
    except InvalidToken as error:
        message = "A kept text opens with none of the keys. Put your copy of the key file back; no key was let go."
        raise KeysUnreadable(message) from error
    if fresh is not None:  # compared, so that a text written meanwhile is never overwritten
        same = and_(text.key == key, text.column == concealed)
        session.execute(update(text.table).where(same).values({text.column.key: fresh}))


def lies_in(column: Any, drawer: str) -> ColumnElement[bool]:
    """Whether a concealed text lies in a drawer, by the name that stands before it."""
    return and_(column >= f"{drawer}:".encode(), column < f"{drawer};".encode())  # ";" comes next after ":"
