"""The installation's secrets: in a file of their own beside the database, never in it."""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.fernet import Fernet, MultiFernet

from bot.errors import KeysUnreadable


@dataclass(frozen=True, slots=True)
class Keys:
    texts: tuple[str, ...]  #: Fernet keys, the newest first
    receipts: bytes  #: the pepper of receipts; changing it closes every mailbox
    links: bytes  #: signs the links that open a chat

    @property
    def keyring(self) -> MultiFernet:
        return MultiFernet([Fernet(key) for key in self.texts])


def draw_keys() -> Keys:
    return Keys(
        texts=(Fernet.generate_key().decode(),), receipts=secrets.token_bytes(32), links=secrets.token_bytes(32)
    )


def read_or_create(path: Path) -> Keys:
    """Read the key file; on the first start draw new keys into it, readable by its owner alone.

    Raises
    ------
    KeysUnreadable
    """
    try:
        raw = json.loads(path.read_text())
        return Keys(
            texts=tuple(raw["texts"]), receipts=bytes.fromhex(raw["receipts"]), links=bytes.fromhex(raw["links"])
        )
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"The key file {path} cannot be read ({type(error).__name__}). Put your copy of it back."
        raise KeysUnreadable(message) from error
    keys = draw_keys()
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"texts": keys.texts, "receipts": keys.receipts.hex(), "links": keys.links.hex()}, indent=1)
    with NamedTemporaryFile("w", dir=path.parent) as file:  # made readable by its owner alone
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):  # another start was faster
            os.link(file.name, path)  # whole or not at all
    return read_or_create(path)
