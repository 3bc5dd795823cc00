"""Words for people: one Fluent catalogue per language, in one file for each place where they are read."""

from datetime import date
from functools import cache
from importlib import resources

from fluent.runtime import FluentBundle, FluentResource

FALLBACK = "en"


class MissingText(KeyError):
    """A sentence, or a fact that it mentions, is missing from every catalogue."""


class Texts:
    """Sentences of one language, with English where a sentence is missing."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._bundles = [bundle(name) for name in dict.fromkeys((language, FALLBACK)) if name in languages()]

    def __call__(self, key: str, **facts: str | float) -> str:
        for catalogue in self._bundles:
            if catalogue.has_message(key):
                pattern = catalogue.get_message(key).value
                assert pattern is not None
                text, errors = catalogue.format_pattern(pattern, facts)
                if errors:
                    raise MissingText(key) from errors[0]
                return str(text)
        raise MissingText(key)

    def day(self, day: date) -> str:
        """A date as one says it: Tuesday 9 March."""
        return self("day", weekday=day.isoweekday(), day=day.day, month=day.month)


@cache
def languages() -> tuple[str, ...]:
    """Every language that has a catalogue."""
    names = (file.name for file in resources.files(__name__).iterdir())
    return tuple(sorted({name.partition(".")[0] for name in names if name.endswith(".ftl")}))


def sources(language: str) -> list[str]:
    """What a language's files say: `en.ftl` for the chat, `en.dashboard.ftl` for the dashboard."""
    names = sorted(file.name for file in resources.files(__name__).iterdir() if file.name.endswith(".ftl"))
    mine = [name for name in names if name.partition(".")[0] == language]
    return [resources.files(__name__).joinpath(name).read_text("utf-8") for name in mine]


@cache
def bundle(language: str) -> FluentBundle:
    # Marks around every fact would keep screen readers and copied text from reading naturally.
    catalogue = FluentBundle([language], use_isolating=False)
    for source in sources(language):
        catalogue.add_resource(FluentResource(source))
    return catalogue


@cache
def texts(language: str) -> Texts:
    return Texts(language)
