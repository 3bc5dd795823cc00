"""The keys as they are now: read again when another process has changed the file, and changed under a lock."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import structlog
from cryptography.fernet import Fernet, MultiFernet

from bot.errors import KeysUnreadable
from bot.storage.keys import Keys, as_fernet, draw_ring, locked, read, read_or_create, write
from surveys.errors import NoLongerKept

log = structlog.get_logger()

Stamp = tuple[int, int, int]


class Keychain:
    """Fulfils `surveys.secrecy.Keyring`. Without a path the keys live in memory alone."""

    def __init__(self, keys: Keys, *, path: Path | None = None) -> None:
        self.path = path
        self._keys = keys
        self._stamp = stamp(path)
        self._rings: dict[str, MultiFernet] = {}
        self._lock = threading.RLock()

    def current(self) -> Keys:
        """What the file says now. A look at its inode costs two microseconds."""
        found = stamp(self.path)
        if found is not None and found != self._stamp:
            with self._lock:
                self._reload(found)
        return self._keys

    def opens(self, drawer: str) -> MultiFernet:
        """To read what lies in a drawer. Raises NoLongerKept."""
        keys = self.current()
        with self._lock:
            ring = keys.ring(drawer)
            if ring is None:
                raise NoLongerKept
            if drawer not in self._rings:
                self._rings[drawer] = as_fernet(ring)
            return self._rings[drawer]

    def closes(self, drawer: str) -> MultiFernet:
        """To put something into a drawer; drawn into the file before anything can be written under it.

        Raises
        ------
        NoLongerKept
            when the drawer was destroyed: nothing may come back under its name.
        """
        keys = self.current()
        if drawer in keys.destroyed:
            raise NoLongerKept
        if keys.ring(drawer) is None:
            self.change(lambda found: with_drawer(found, drawer))
        return self.opens(drawer)

    def change(self, change: Callable[[Keys], Keys]) -> Keys:
        """Change the keys as they are in the file at that moment; on disk when this returns.

        Raises
        ------
        KeysUnreadable
        """
        with self._lock:
            if self.path is None:
                self._take(change(self._keys), None)
                return self._keys
            try:
                with locked(self.path):
                    before = read(self.path)
                    after = change(before)
                    if after != before:
                        write(self.path, after)
                    self._take(after, stamp(self.path))
            except OSError as error:
                message = f"The key file {self.path} cannot be changed ({error.strerror}). The bot must own it."
                raise KeysUnreadable(message) from error
            return self._keys

    def _reload(self, found: Stamp) -> None:
        assert self.path is not None
        try:
            self._take(read(self.path), found)
        except (KeysUnreadable, FileNotFoundError):
            # Somebody is copying by hand: going on with what we have loses nothing, and `pulse doctor` says it.
            log.warning("keys not reloaded")
            self._stamp = found

    def _take(self, keys: Keys, found: Stamp | None) -> None:
        self._keys, self._stamp, self._rings = keys, found, {}


def open_keychain(path: Path) -> Keychain:
    """The keys in a file, drawn on the first start. Raises KeysUnreadable."""
    return Keychain(read_or_create(path), path=path)


def stamp(path: Path | None) -> Stamp | None:
    """What changes whenever the file is replaced."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size) if found else None


def with_drawer(keys: Keys, drawer: str) -> Keys:
    if keys.ring(drawer) is not None or drawer in keys.destroyed:
        return keys
    return replace(keys, drawers=(*keys.drawers, (drawer, draw_ring())))


def without_drawer(keys: Keys, drawer: str) -> Keys:
    """Destroyed for good: its name is remembered, so that nothing is ever put under it again."""
    kept = tuple((name, ring) for name, ring in keys.drawers if name != drawer)
    return replace(keys, drawers=kept, destroyed=tuple(sorted({*keys.destroyed, drawer})))


def with_new_keys(keys: Keys, *, today: date) -> Keys:
    """A new key first in every ring; a rotation that was interrupted goes on with the one it drew."""
    if keys.in_rotation:
        return keys
    drawers = tuple((name, draw_ring() + ring) for name, ring in keys.drawers)
    return replace(keys, texts=draw_ring() + keys.texts, drawers=drawers, drawn=today)


def with_newest_alone(keys: Keys) -> Keys:
    return replace(keys, texts=keys.texts[:1], drawers=tuple((name, ring[:1]) for name, ring in keys.drawers))


def newest(keys: Keys, drawer: str) -> MultiFernet:
    """The first key of a ring. Raises NoLongerKept."""
    ring = keys.ring(drawer)
    if ring is None:
        raise NoLongerKept
    return MultiFernet([Fernet(ring[0])])
