"""A file that a person wrote, as text; or the one sentence that says why it cannot be read."""

from pathlib import Path

from surveys.mistakes import FileMistakes, Mistake

LARGEST_FILE = 5_000_000  #: bytes; ten thousand people take about one million


def read_text(path: Path) -> str:
    """The text without a byte-order mark. Raises FileMistakes with exactly one mistake."""
    raw = _bytes(path)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _mistake(path, 1, "The file is saved as Unicode text (UTF-16).", _AS_UTF_8)
    if (nul := raw.find(b"\0")) >= 0:
        raise _mistake(
            path, _line(raw, nul), "There is a character here that no text has (NUL).", "Save the file again as text."
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _mistake(path, _line(raw, error.start), "This line has letters that are not UTF-8.", _AS_UTF_8) from error
    if not text.strip():
        raise _mistake(path, 1, "The file is empty.", "Begin with a copy of the one in docs/example.")
    return text


_AS_UTF_8 = 'Save it again as UTF-8; in a spreadsheet choose "CSV UTF-8".'


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _mistake(path, 1, "This is a folder.", "Give the file in it instead.")
        if not path.exists():
            raise _mistake(path, 1, f"There is no file {path.name} in {path.parent}.", "Check the name and the folder.")
        if not path.is_file():
            raise _mistake(path, 1, "This is not an ordinary file.", "Give a text file.")
        if (size := path.stat().st_size) > LARGEST_FILE:
            found = f"The file has {size / 1e6:.1f} MB."
            raise _mistake(path, 1, found, f"Give one of at most {LARGEST_FILE // 1_000_000} MB.")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        found = "The file cannot be opened."
        raise _mistake(path, 1, found, "Check its name, and that the bot may read it.") from error


def _line(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1


def _mistake(path: Path, line: int, found: str, expected: str) -> FileMistakes:
    return FileMistakes([Mistake(path.name or str(path), line, found, expected)])
