"""What the catalogues owe to the code that speaks from them, and to the people who read them."""

import ast
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent

from analytics.disclosure import bands
from analytics.family import CONFUSION
from analytics.readiness import MEASURES
from analytics.routes import ROUTES
from bot.conversation.home import FOR_LEADS
from bot.dashboard.visit import MENU as PAGES
from bot.delivery.news import TWICE, UNREAD
from bot.insight.alerts import AlertState, Dismissal
from bot.setup import MENU
from bot.texts import FALLBACK, MissingText, Texts, languages, sources, texts
from surveys.bank import Phase
from surveys.errors import SurveyError
from surveys.plans import plan_names
from surveys.questions import Reason

STAFF_BUTTONS = ("pause", "resume", "leave", "stop", "start", "quiet", "language", "delete", "privacy")
ROOT = Path(__file__).parents[2]
KINDS = (*CONFUSION, "workaround")
#: What callers hand over, with a value each; a message may mention any of them.
FACTS: dict[str, str | float] = {
    "answered": 29,
    "before": "Monday 1 March",
    "between": "30 to 80 %",
    "because": "Since 5 March, 7 of 11 knowledge checks got a wrong first step.",
    "count": 3,
    "date": "Friday 5 March",
    "day": 4,
    "days": 12,
    "example": "2027-03-01",
    "asked": 12,
    "first": "Monday 1 March",
    "from": "20:00",
    "helped": 9,
    "high": 80,
    "invited": 38,
    "last": "Friday 5 March",
    "length": 1001,
    "list": "paper lists (Nursing)",
    "longest": 1000,
    "low": 30,
    "minimum": 5,
    "month": 3,
    "months": 4,
    "name": "Grace Okafor",
    "move": "ask in the next huddle.",
    "oldest": "Monday 1 March",
    "organisation": "Riverside Family Practice",
    "people": 12,
    "platform": "slack",
    "number": 1,
    "page": 2,
    "pages": 3,
    "reminder": "unanswered",
    "reply": "On the left.",
    "route": "paper lists",
    "said": "about half",
    "since": "Friday 5 March",
    "state": "acted_on",
    "system": "Northstar",
    "team": "Front desk",
    "teams": 5,
    "time": "17:05",
    "title": "Workflow",
    "timezone": "America/New_York",
    "text": "Where is the refill queue?",
    "until": "Monday 8 March",
    "url": "https://pulse.example.org/dashboard/in/x",
    "weekday": 1,
    "words": "maple · drift · seven · lantern",
}
NOT_OURS = re.compile(
    r"surveil|\b(compliance|adoption|users?|submit\w*|feedback|monitor\w*|stakeholders?|lazy|fail(ed|ure)?|fault"
    r"|should have|mandatory|click|KPI|onboard\w*|rollout)\b",
    re.IGNORECASE,
)
SAID_BY_PAGES = re.compile(r"say\('([\w-]+)'( ~ )?([^()]*(?:\([^()]*\)[^()]*)*)\)")
NEEDS_A_SCREEN = re.compile(r"\b(buttons?|below|above|underneath|green|red)\b", re.IGNORECASE)


@cache
def source() -> list[ast.AST]:
    """Every node of the bot's own code."""
    paths = [path for path in sorted((ROOT / "bot").rglob("*.py")) if "migrations" not in path.parts]
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]


def key_pattern(node: ast.expr) -> str | None:
    """A key as it stands in a call, with * for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
    return None


@cache
def spoken() -> dict[str, set[str]]:
    """Key pattern -> names of the facts, for every call of `say(...)`, `texts(...)` or `turn.say(...)`."""
    found = spoken_by_pages()
    for node in source():
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        if isinstance(called, ast.Call):  # texts(language)("key")
            said = getattr(called.func, "id", "") == "texts"
        else:
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            said = name == "say" or (name == "texts" and isinstance(called, ast.Attribute))
        if not said:
            continue
        options = node.args[0]
        for branch in (options.body, options.orelse) if isinstance(options, ast.IfExp) else (options,):
            pattern = key_pattern(branch)
            if pattern is not None:
                found.setdefault(pattern, set()).update(k.arg for k in node.keywords if k.arg)
    return found


def families() -> dict[str, tuple[str, ...]]:
    """What fills the stars, by family."""
    return {
        "alert-title-*": KINDS,
        "alert-closed-*": KINDS,
        "alert-state-*": (AlertState.SANCTIONED, AlertState.DISMISSED),
        "digest-alert-*": KINDS,
        "dismiss-*": tuple(Dismissal),
        "move-*": KINDS,
        "route-*": ROUTES,
        "find-*": ("held", "released"),
        "find-aside-*": tuple(Reason),
        "aside-*": tuple(Reason),
        "news-*": (TWICE, UNREAD),
        "measure-*": ("answered", *MEASURES),
        "figure-band-*": bands(20),
        "dash-alert-*": tuple(AlertState),
        "dash-file-*": ("figures-csv", "figures-parquet", "questions-csv", "plan-ics"),
        "dash-stage-*": ("emerging", "spreading", "settled", "agreed", "gone"),
        "dash-audit-*": ("number", "at", "who", "act", "about"),
        "dash-nav-*": tuple(name for name, *_ in PAGES),
        "phase-*": tuple(Phase),
        "setup-plan-*": plan_names(),
        "pause-*": ("day", "week", "month"),
        "leave-*": ("first", "last"),
        "menu-*": (*MENU, *FOR_LEADS, *STAFF_BUTTONS),
    }


@cache
def errors() -> list[type[SurveyError]]:
    for path in sorted((ROOT / "bot").rglob("*.py")) + sorted((ROOT / "surveys").rglob("*.py")):
        if "migrations" not in path.parts and "__" not in path.name:
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    waiting, found = [SurveyError], []
    while waiting:
        found.append(one := waiting.pop())
        waiting += one.__subclasses__()
    return sorted(set(found), key=lambda error: error.__name__)


@cache
def messages(language: str) -> dict[str, fluent.Message]:
    body = FluentParser().parse("\n".join(sources(language))).body
    return {entry.id.name: entry for entry in body if isinstance(entry, fluent.Message)}


def spoken_by_pages() -> dict[str, set[str]]:
    """The same for the templates of the dashboard, which may put a key together."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "bot" / "dashboard" / "templates").glob("*.html"):
        for key, more, rest in SAID_BY_PAGES.findall(path.read_text("utf-8")):
            found.setdefault(f"{key}*" if more else key, set()).update(re.findall(r"(\w+)=", rest))
    return found


def keys() -> set[str]:
    """Every key of the catalogue that all others fall back to."""
    return set(messages(FALLBACK))


def named() -> set[str]:
    """Keys of the dashboard that code hands on by their name; a notice has a title as well."""
    constants = {node.value for node in source() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    found = {value for value in constants if value in keys() and value.startswith("dash-")}
    return found | {f"{key}-title" for key in found if f"{key}-title" in keys()}


@cache
def all_keys() -> set[str]:
    """Every key that code can ask for."""
    asked = {pattern for pattern in spoken() if "*" not in pattern}
    for pattern, values in families().items():
        asked |= {pattern.replace("*", value) for value in values}
    return asked | named() | {error.key for error in errors()}


@cache
def variants(key: str) -> tuple[str, ...]:
    """A message with every fact, and with the small numbers that have words of their own."""
    counts = ("count", "days", "months", "teams")
    return tuple(texts(FALLBACK)(key, **FACTS | dict.fromkeys(counts, number)) for number in (1, 2, 3, 4, 5))


def those_that(word: re.Pattern[str], said: Iterable[str]) -> list[str]:
    """The keys of messages that use such a word."""
    return sorted(key for key in said if any(word.search(text) for text in variants(key)))


@pytest.mark.parametrize("language", languages())
def test_every_catalogue_parses(language: str) -> None:
    body = FluentParser().parse("\n".join(sources(language))).body
    assert [entry.content for entry in body if isinstance(entry, fluent.Junk)] == []


@pytest.mark.parametrize("language", languages())
def test_no_message_stands_there_twice(language: str) -> None:
    body = FluentParser().parse("\n".join(sources(language))).body
    names = [entry.id.name for entry in body if isinstance(entry, fluent.Message)]
    assert sorted(names) == sorted(set(names))


def test_code_was_found_that_speaks() -> None:
    assert len(spoken()) > 80


def test_every_family_of_keys_is_known_here() -> None:
    assert {pattern for pattern in spoken() if "*" in pattern} <= set(families())


def test_every_key_that_code_asks_for_exists() -> None:
    assert all_keys() - keys() == set()


def test_every_message_is_asked_for_by_code() -> None:
    referred = set(re.findall(r"\{ ([a-z][\w-]*) \}", "\n".join(sources(FALLBACK))))
    phases = {f"phase-{phase}" for phase in Phase}
    assert keys() - all_keys() - referred - phases - {"day"} == set()


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_name(phase: Phase) -> None:
    assert texts(FALLBACK)(f"phase-{phase}")


def test_every_message_formats_with_what_callers_give() -> None:
    assert [key for key in sorted(keys()) if not all(text.strip() for text in variants(key))] == []


def test_every_call_gives_the_facts_that_its_message_mentions() -> None:
    """Where facts come as `**facts`, the integration tests say the sentence instead."""
    calls = [node for node in source() if isinstance(node, ast.Call) and node.args and has_star(node)]
    elsewhere = {key_pattern(call.args[0]) for call in calls}
    patterns = [pattern for pattern in spoken() if "*" not in pattern and pattern not in elsewhere]
    missing = {pattern: mentioned(pattern) - spoken()[pattern] for pattern in patterns}
    assert {pattern: facts for pattern, facts in missing.items() if facts} == {}


def has_star(call: ast.Call) -> bool:
    return any(keyword.arg is None for keyword in call.keywords)


def mentioned(key: str) -> set[str]:
    """The facts of a message and of the messages that it refers to."""
    catalogue, found, waiting = messages(FALLBACK), set(), [key]
    while waiting:
        text = fluent_source(catalogue[waiting.pop()])
        found |= set(re.findall(r"\$(\w+)", text))
        waiting += re.findall(r"\{ ([a-z][\w-]*) \}", text)
    return found


def fluent_source(message: fluent.Message) -> str:
    from fluent.syntax import FluentSerializer

    return FluentSerializer().serialize_entry(message)


def test_every_error_has_its_sentence() -> None:
    assert [error.key for error in errors() if not texts(FALLBACK)(error.key, **FACTS)] == []


def test_every_error_says_a_full_sentence_of_its_own() -> None:
    said = {error.__name__: (error.__dict__.get("__doc__") or "").strip() for error in errors()}
    assert [name for name, doc in said.items() if not re.fullmatch(r"[A-Z].+\.", doc, re.DOTALL)] == []


def test_no_message_uses_words_that_are_not_ours() -> None:
    assert those_that(NOT_OURS, keys()) == []


def test_no_error_uses_words_that_are_not_ours() -> None:
    assert [error.__name__ for error in errors() if NOT_OURS.search(error.__doc__ or "")] == []


def test_every_message_stands_without_its_screen() -> None:
    """Screen readers and notifications get the text alone. The privacy text tells of buttons, and needs none."""
    assert those_that(NEEDS_A_SCREEN, keys() - {"privacy"}) == []


def test_no_number_is_glued_to_a_wrong_plural() -> None:
    glued = re.compile(r"\b1 (questions|days|teams|months|alerts|people|things)\b")
    assert [key for key in sorted(keys()) if glued.search(variants(key)[0])] == []


def test_a_date_is_said_as_one_says_it() -> None:
    monday = date(2027, 3, 1)
    assert [texts("en").day(monday + timedelta(days=n)) for n in (0, 6, 40)] == [
        "Monday 1 March",
        "Sunday 7 March",
        "Saturday 10 April",
    ]


def test_a_language_without_a_catalogue_speaks_english() -> None:
    assert Texts("eo")("thank-you") == "Thank you."


def test_a_sentence_that_nobody_wrote_is_missed_loudly() -> None:
    with pytest.raises(MissingText):
        texts(FALLBACK)("no-such-sentence")


def test_a_fact_that_nobody_gave_is_missed_loudly() -> None:
    with pytest.raises(MissingText):
        texts(FALLBACK)("paused")


def test_no_mark_stands_around_a_fact() -> None:
    assert texts(FALLBACK)("digest-day", day=4) == "Day 4."
