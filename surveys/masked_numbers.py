"""Dates of birth, record numbers and phone numbers, in the forms that people write."""

import re
from typing import Final

PHONE, DATE, RECORD = "[phone]", "[date]", "[record number]"

# Every pattern is linear: a repetition is bounded, possessive, or followed by what it cannot match itself.

_MONTH: Final = (
    r"(?:jan(?:uary|uar|vier)?|enero|feb(?:ruary|ruar|rero)?|f[ée]vrier|mar(?:ch|s|zo)?|m[äa]rz|apr(?:il)?|abril|avril"
    r"|may|mai|mayo|june?|juni|junio|juin|july?|juli|julio|juillet|aug(?:ust)?|agosto|ao[ûu]t"
    r"|sept?(?:ember|iembre|embre)?|o[ck]t(?:ober|ubre|obre)?|nov(?:ember|iembre|embre)?|de[cz](?:ember)?"
    r"|diciembre|d[ée]cembre)\.?"
)
_ORDINAL: Final = r"\d{1,2}(?:st|nd|rd|th|er|\.)?"
_OF: Final = r"(?:,? ?(?:of|de|del) |[ ,./-]{1,2})"


def _date(year: str) -> str:
    """A calendar date in the forms that people write, with a pattern for the year."""
    return (
        rf"(?:\d{{1,2}} ?[./-] ?\d{{1,2}} ?[./-] ?{year}|{year}[./-]\d{{1,2}}[./-]\d{{1,2}}|\d{{1,2}} \d{{1,2}} {year}"
        rf"|{_ORDINAL}{_OF}{_MONTH}{_OF}{year}|{_MONTH}[ ./-]?{_ORDINAL}{_OF}{year})(?!\d)"
    )


_ANY_YEAR: Final = r"(?:(?:19|20)\d\d|['\u2019]?\d\d)"
_BIRTH: Final = re.compile(
    r"\b(?:born|d\.? ?o\.? ?b\b\.?|date of birth|birth ?date|birthday|birth year|geb(?:oren)?\b\.?|geburts(?:datum|tag)"
    r"|n[ée]e? le|nacid[oa]|nacimiento|naissance)"
    r"(?:[^\w\n]{1,3}(?:on|is|was|in|am|the|el|le|of|date|a)\b){0,3}[^\w\n]{0,4}"
    rf"(?P<date>{_date(_ANY_YEAR)}|{_ORDINAL}{_OF}{_MONTH}|{_MONTH} {_ORDINAL}|{_MONTH},? (?:19|20)\d\d"
    r"|(?:19|20)\d\d(?!\d)|\d{6}(?!\d)|\d{8}(?!\d))",
    re.IGNORECASE,
)
# Without "born" beside it, a date counts when its year is past: dates of this project are not birthdays.
_OLD_DATE: Final = re.compile(rf"(?<![\d./-]){_date(r'(?:19[0-9][0-9]|20[01][0-9]|202[0-2])')}", re.IGNORECASE)

_RECORD: Final = re.compile(
    r"\b(?:(?P<strict>mrn|m\.r\.n\.|emrn|mpi|ssn|nhs|nss|social security|medical record|fallnummer|historia cl[ií]nica"
    r"|(?:patient(?:en)?|pt|chart|record)[- ]?(?:id|nr|no|num(?:ber)?|#))"
    r"|mr|chart|record|account|acct|member(?:ship)?|policy|subscriber|claim|encounter|visit|case|file|patient|pt|id|akte"
    r"|dossier|expediente)"
    r"(?:[^\w\n]{0,3}(?:\b(?:number|num|no|nr|id|is|was|for|of|the|has|with|patient|record|security)\b|[#:=])){0,4}"
    r"[^\w\n]{0,4}(?P<value>\b(?:[a-z]{1,4}-?|(?-i:[A-Z]{1,4}) )?\d(?:[ -]?\d){3,13}(?![\d:/]))",
    re.IGNORECASE,
)
_SOCIAL_SECURITY: Final = re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")
_BARE_NUMBER: Final = re.compile(r"(?<![\w#.,/-])\d{7,12}(?![\w,/-]|\.\d)")
_WORDS_OF_MACHINES: Final = re.compile(
    r"\b(?:ticket|incident|request|inc|error|order|invoice|build|version|serial|asset|model|part|batch|lot|code|npi|ndc|cpt)"
    r"\W{0,3}(?:number|num|no|nr|id|code)?\W{0,3}$",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?<![\w.])(?:\+|\(\+?)?\d(?:[ ./()\u2010-\u2015-]{0,2}\d){6,14}(?![\w/]|\.\d)"
    r"(?: ?(?:x|ext\.?|extension) ?\d{1,5})?",
    re.IGNORECASE,
)
_PHONE_SHAPE: Final = re.compile(
    r"\(?\+\d.{6,}|00\d.{8,}|\(\d{2,5}\).{5,}|\d{3}[-. ]\d{4}"  # with a country; with a code in brackets; local
    r"|(?:1[-. /]?)?\d{3}[-. /]{0,2}\d{3}[-. ]?\d{4}"  # North America
    r"|0\d{1,4}[-./ ]{1,2}\d{3,}.*|0\d(?:[ .]\d\d){4}|0\d{8,11}"  # Europe, with the leading nought
    r"|[6-9]\d\d[ .]\d{3}[ .]\d{3}|[6-9]\d\d(?:[ .]\d\d){3}"  # Spain
)
_CALL: Final = re.compile(
    r"\b(?:phone|tel|telephone|call|cell|mobile|fax|text|ring|dial|reach|handy|m[óo]vil)"
    r"(?:\W{1,3}(?:number|is|me|at|him|her|us|on|back|under)){0,2}\W{0,3}$",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"(?:19|20)\d\d[-./ ]{1,2}(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}[./-]\d\d?[./-]\d\d?"
)
_DASHES: Final = dict.fromkeys(range(0x2010, 0x2016), "-")
_LOOK_BACK: Final = 24  #: characters before a number that may say what it is
_FEWEST_DIGITS: Final = 4  #: of a record number that is called one
_FEWEST_LOOSE_DIGITS: Final = 6  #: after "claim", "visit" and the like, where five could be a code
_PHONE_DIGITS: Final = range(7, 16)  #: E.164 has 15 at most
_MOST_GROUPS: Final = 6
_LENGTHS_OF_BARE_PHONES: Final = (10, 11)
_DIGIT: Final = re.compile(r"\d")
_DIGITS: Final = re.compile(r"\d+")
_EXTENSION: Final = re.compile(r" ?[xe]", re.IGNORECASE)


def mask_numbers(text: str, found: dict[str, bool]) -> str:
    """Replace them, and note in `found` each kind with whether it tells who a patient is."""
    if _DIGIT.search(text) is None:
        return text

    def note(kind: str, token: str, *, patient: bool) -> str:
        found[kind] = found.get(kind, False) or patient
        return token

    def birth(match: re.Match[str]) -> str:
        return _before(match, "date") + note("date", DATE, patient=True)

    def record(match: re.Match[str]) -> str:
        digits = sum(map(str.isdigit, match["value"]))
        if digits < (_FEWEST_DIGITS if match["strict"] else _FEWEST_LOOSE_DIGITS):
            return match.group()
        return _before(match, "value") + note("record number", RECORD, patient=True)

    def phone(match: re.Match[str]) -> str:
        return note("phone", PHONE, patient=False) if _is_phone(match) else match.group()

    def bare(match: re.Match[str]) -> str:
        if _WORDS_OF_MACHINES.search(_looking_back(match)):
            return match.group()
        if len(match.group()) in _LENGTHS_OF_BARE_PHONES:
            return note("phone", PHONE, patient=False)
        return note("record number", RECORD, patient=True)

    text = _BIRTH.sub(birth, text)
    text = _RECORD.sub(record, text)
    text = _OLD_DATE.sub(lambda _: note("date", DATE, patient=True), text)
    text = _SOCIAL_SECURITY.sub(lambda _: note("record number", RECORD, patient=True), text)
    text = _PHONE.sub(phone, text)
    return _BARE_NUMBER.sub(bare, text)


def _before(match: re.Match[str], group: str) -> str:
    return match.string[match.start() : match.start(group)]


def _looking_back(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _LOOK_BACK) : match.start()]


def _is_phone(match: re.Match[str]) -> bool:
    before = _looking_back(match)
    if _WORDS_OF_MACHINES.search(before) or _DATE.fullmatch(match.group()):
        return False
    number = _EXTENSION.split(match.group().translate(_DASHES), maxsplit=1)[0]
    groups = _DIGITS.findall(number)
    if sum(map(len, groups)) not in _PHONE_DIGITS or len(groups) > _MOST_GROUPS:
        return False
    return bool(_CALL.search(before) or _PHONE_SHAPE.fullmatch(number))
