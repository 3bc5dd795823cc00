"""The templates of the dashboard, and the few files that its pages load."""

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import PurePath

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from adapters.web.headers import HEADERS
from adapters.web.markup import inline, to_html
from bot.texts import FALLBACK, Texts, texts

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Pages:
    def __init__(self, *, root: str) -> None:
        self.root = root  #: the path before /dashboard, where a proxy serves several things on one host
        self._jinja = Environment(
            loader=PackageLoader("bot.dashboard"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(root=root, version=self.version)
        self._jinja.filters.update(card_text=to_html, inline=inline)

    @cached_property
    def assets(self) -> Mapping[str, tuple[bytes, str]]:
        """File name -> content and media type."""
        return {
            file.name: (file.read_bytes(), KINDS[PurePath(file.name).suffix])
            for file in files("bot.dashboard").joinpath("static").iterdir()
            if PurePath(file.name).suffix in KINDS
        }

    @cached_property
    def version(self) -> str:
        """Changes with any of the files, so that browsers may keep them."""
        return sha256(b"".join(content for content, _ in self.assets.values())).hexdigest()[:12]

    def html(self, template: str, *, say: Texts, status: int = 200, **context: object) -> Response:
        text = self._jinja.get_template(template).render(**{"visit": None, **context}, say=say)
        return HTMLResponse(text, status_code=status, headers=HEADERS)

    def notice(self, key: str, *, status: int) -> Response:
        """A page that only says something."""
        words = texts(FALLBACK)
        return self.html("notice.html", say=words, status=status, heading=words(f"{key}-title"), text=words(key))
