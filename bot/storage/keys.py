"""The installation's secrets: in a file of their own beside the database, never in it."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.fernet import Fernet, MultiFernet

from bot.errors import KeysUnreadable
from surveys.receipts import FULL, Work

Ring = tuple[str, ...]  #: Fernet keys, the newest first; more than one while a rotation is not finished


@dataclass(frozen=True, slots=True)
class Keys:
    texts: Ring  #: of the drawer without a name
    receipts: bytes  #: the pepper of receipts; changing it closes every mailbox
    links: bytes  #: signs the links that open a chat
    audit: bytes  #: chains the entries of the audit log
    erased: bytes  #: the pepper under which erased addresses are known again
    drawn: date  #: when the newest of the text keys was drawn
    drawers: tuple[tuple[str, Ring], ...] = ()  #: keys that live for some months, by name
    destroyed: tuple[str, ...] = ()  #: names whose keys are gone for good
    guess: Work = FULL  #: what a guess at a receipt costs; in no file, so that nobody can make it cheap

    def ring(self, drawer: str) -> Ring | None:
        return dict(self.drawers).get(drawer) if drawer else self.texts

    @property
    def keyring(self) -> MultiFernet:
        return as_fernet(self.texts)

    @property
    def in_rotation(self) -> bool:
        return any(len(ring) > 1 for ring in (self.texts, *dict(self.drawers).values()))


def as_fernet(ring: Ring) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in ring])


def draw_ring() -> Ring:
    return (Fernet.generate_key().decode(),)


def draw_keys() -> Keys:
    return Keys(
        texts=draw_ring(),
        receipts=secrets.token_bytes(32),
        links=secrets.token_bytes(32),
        audit=secrets.token_bytes(32),
        erased=secrets.token_bytes(32),
        drawn=datetime.now(UTC).date(),  # drawing is an edge: it asks the machine for chance and for the day
    )


def read(path: Path) -> Keys:
    """Read the key file.

    Raises
    ------
    KeysUnreadable
    FileNotFoundError
        when there is none, which on a first start is as it should be.
    """
    try:
        raw = json.loads(path.read_text())
        keys = Keys(
            texts=tuple(raw["texts"]),
            receipts=bytes.fromhex(raw["receipts"]),
            links=bytes.fromhex(raw["links"]),
            audit=bytes.fromhex(raw["audit"]),
            erased=bytes.fromhex(raw["erased"]),
            drawn=date.fromisoformat(raw["drawn"]),
            drawers=tuple((name, tuple(ring)) for name, ring in raw["drawers"].items()),
            destroyed=tuple(raw["destroyed"]),
        )
        for ring in (keys.texts, *dict(keys.drawers).values()):
            as_fernet(ring)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"The key file {path} cannot be read ({type(error).__name__}). Put your copy of it back."
        raise KeysUnreadable(message) from error
    return keys


def read_or_create(path: Path) -> Keys:
    """Read the key file; on the first start draw new keys into it, readable by its owner alone.

    Raises
    ------
    KeysUnreadable
    """
    with suppress(FileNotFoundError):
        return read(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_beside(path, as_json(draw_keys())) as whole, suppress(FileExistsError):  # another start was faster
        os.link(whole, path)  # whole or not at all
    return read(path)


def write(path: Path, keys: Keys) -> None:
    """Replace the key file, whole or not at all, and still its owner's. Hold `locked` meanwhile."""
    replace_file(path, as_json(keys))


def replace_file(path: Path, text: str) -> None:
    """Write a small file anew, readable by its owner alone: after a crash it is the old one or the new one."""
    path = path.resolve()  # what a link points to is replaced, not the link
    with written_beside(path, text) as whole:
        with suppress(OSError):  # root may change what the bot's own account must go on reading
            owner = (path if path.exists() else path.parent).stat()
            os.chown(whole, owner.st_uid, owner.st_gid)
        whole.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def written_beside(path: Path, text: str) -> Iterator[Path]:
    """A whole file in the same folder, on disk, that goes when it is not taken away."""
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as file:  # made readable by its owner alone
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        yield Path(file.name)
    finally:
        Path(file.name).unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else who asks may change the file meanwhile, in this process or in another."""
    while True:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):  # else it was replaced while we waited
                yield
                return


def as_json(keys: Keys) -> str:
    return json.dumps(
        {
            "texts": keys.texts,
            "drawn": keys.drawn.isoformat(),
            "receipts": keys.receipts.hex(),
            "links": keys.links.hex(),
            "audit": keys.audit.hex(),
            "erased": keys.erased.hex(),
            "drawers": dict(keys.drawers),
            "destroyed": keys.destroyed,
        },
        indent=1,
    )
