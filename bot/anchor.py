"""Where the audit log ended, kept beside the key file: whoever cuts its end off in the database cannot cut it here."""

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlmodel import Session

from bot.audit import AuditEntry, entries, first_break, newest
from bot.storage.keychain import Keychain
from bot.storage.keys import locked, replace_file

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class End:
    number: int
    mac: str  #: hex


class Ledger:
    """The secrets of the log and of what was erased, and where the log ended. Sessions carry it in `info["ledger"]`."""

    def __init__(self, keychain: Keychain) -> None:
        self._keychain = keychain
        self._held: End | None = None  #: where there is no file
        self._lock = threading.Lock()
        self.grown = False  #: something was appended that the file does not know of yet

    @property
    def secret(self) -> bytes:
        return self._keychain.current().audit

    @property
    def pepper(self) -> bytes:
        """Under which erased addresses are known again."""
        return self._keychain.current().erased

    @property
    def path(self) -> Path | None:
        return self._keychain.path.with_suffix(".audit") if self._keychain.path else None

    def anchor(self, reading: Callable[[], AbstractContextManager[Session]]) -> None:
        """After a commit: write down where the log ends now, unless what was written down before has gone from it."""
        if not self.grown:
            return
        self.grown = False
        alone = locked(self._keychain.path) if self._keychain.path else nullcontext()
        try:
            with self._lock, alone, reading() as session:
                last, before = newest(session), self.end()
                if last is not None and (before is None or is_there(session, before)):
                    self._write(last)
        except OSError as error:
            # What was recorded is committed; the next entry tries again, and `pulse audit` speaks of it meanwhile.
            self.grown = True
            log.warning("audit not anchored", reason=type(error).__name__)

    def accept(self, session: Session) -> None:
        """Take the log as it stands: after a backup was put back, for example."""
        last = newest(session)
        if last is not None:
            self._write(last)

    def end(self) -> End | None:
        if self.path is None:
            return self._held
        try:
            raw = json.loads(self.path.read_text())
            return End(number=int(raw["entries"]), mac=str(raw["last"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, last: AuditEntry) -> None:
        self._held = End(last.number, bytes(last.mac).hex())
        if self.path is not None:
            replace_file(self.path, json.dumps({"entries": self._held.number, "last": self._held.mac}))


def is_there(session: Session, end: End) -> bool:
    entry = session.get(AuditEntry, end.number)
    return entry is not None and bytes(entry.mac).hex() == end.mac


def what_is_wrong(session: Session, ledger: Ledger) -> str:
    """A sentence that names the first entry concerned; empty when the log is whole."""
    found = entries(session)
    if broken := first_break(ledger.secret, found):
        return broken
    end = ledger.end()
    if end is None:
        where = f" ({ledger.path})" if ledger.path else ""
        return f"The file that says where the audit log ends{where} is missing or damaged." if found else ""
    last = found[-1].number if found else 0
    if end.number > last:
        return f"Entries {last + 1} to {end.number} of the audit log are missing at its end."
    if not is_there(session, end):
        return f"Entry {end.number} of the audit log is not as it was written."
    return ""
