"""Whatever names a person is masked, and what does not is left alone, with figures for both."""

import re
import time
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.identifiers import mask, visible

ROSTER = (
    "Maria Lopez",
    "Will Carter",
    "Anne-Marie Dubois",
    "José Núñez",
    "Jo Ng",
    "Dr. Amy Wong",
    "May Chen",
    "Bill Page",
    "Grace Okafor",
    "Tomasz Wiśniewski",
    "Priya Raghunathan",
    "Sean O'Brien",
    "Front desk 1",
    "Nurse 2",
)
ALLOWED = ("Northstar EHR", "Riverside Family Practice", "Front desk", "Nursing", "Billing", "Clinicians")

CORPUS = Path(__file__).parent / "corpus"
PLANTED = tomllib.loads((CORPUS / "planted_identifiers.toml").read_text(encoding="utf-8"))
HARMLESS = (CORPUS / "harmless_sentences.txt").read_text(encoding="utf-8").splitlines()


def planted() -> list[tuple[str, str, list[str]]]:
    """Kind, sentence, what must not be left of it."""
    lines = [(kind, line) for kind, block in PLANTED.items() for line in block.splitlines()]
    return [(kind, re.sub("[«»]", "", line), re.findall("«(.*?)»", line)) for kind, line in lines]


def is_left(identifier: str, text: str) -> bool:
    """Whether any telling word of it still stands in the text."""
    text = re.sub(r"\[[a-z -]+\]", "", text)
    telling = [word for word in re.findall(r"[\w'’-]+", identifier) if len(word) >= 2 or word.isdigit()]
    title = {"mr", "mrs", "ms", "miss", "dr", "prof", "frau", "herr", "herrn", "sra", "mme", "of", "ext", "de", "med"}
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in telling if word.lower() not in title)


def test_the_corpora_are_large_enough() -> None:
    assert sum(len(identifiers) for _, _, identifiers in planted()) >= 120
    assert len(HARMLESS) >= 120


def test_planted_identifiers_are_found() -> None:
    """Measured: 201 of 202; the one left is a name that is also a word, in small letters.

    Of the last 41, written after the rules and tried once before the rules were changed again, 38 were found.
    """
    found, missed = defaultdict(list), []
    for kind, sentence, identifiers in planted():
        text = mask(sentence, names=ROSTER, allowed=ALLOWED).text
        for identifier in identifiers:
            found[kind].append(not is_left(identifier, text))
            missed += [f"{identifier} in {text!r}"] if is_left(identifier, text) else []
    assert {kind: sum(hits) / len(hits) for kind, hits in found.items() if sum(hits) < 0.9 * len(hits)} == {}, missed
    everything = [hit for hits in found.values() for hit in hits]
    assert sum(everything) >= 0.98 * len(everything), missed


def test_harmless_sentences_are_left_alone() -> None:
    """Measured: nothing masked in 201 sentences; the bar is 0.5 % of the characters.

    Of the last 40, tried once before the rules were changed again, 1 was touched: 0.9 % of their characters.
    """
    touched = [sentence for sentence in HARMLESS if mask(sentence, names=ROSTER, allowed=ALLOWED).text != sentence]
    assert sum(map(len, touched)) <= 0.005 * sum(map(len, HARMLESS)), touched


@pytest.mark.parametrize("kind", ["patient by name", "record number", "date of birth"])
def test_a_patient_is_noticed(kind: str) -> None:
    missed = [text for one, text, _ in planted() if one == kind and not mask(text, names=ROSTER).patient]
    assert missed == []


def test_a_colleague_is_not_taken_for_a_patient() -> None:
    colleagues = [text for kind, text, _ in planted() if kind == "colleague on the roster"]
    taken = [text for text in colleagues if mask(text, names=ROSTER).patient]
    assert taken == []


@pytest.mark.parametrize(
    ("text", "masked", "kinds", "patient"),
    [
        ("Mrs. Lopez can print", "Mrs. [name] can print", {"name"}, False),
        ("Mrs. Hale can wait", "Mrs. [name] can wait", {"name"}, True),
        ("Dr. Patel faxes", "Dr. [name] faxes", {"name"}, False),
        ("Maria and Will, or Jo Ng", "[name] and [name], or [name]", {"name"}, False),
        ("Lopez, Maria is out", "[name] is out", {"name"}, False),
        ("MRN 1234567", "MRN [record number]", {"record number"}, True),
        ("DOB 3/14/52", "DOB [date]", {"date"}, True),
        ("a@b.example", "[e-mail]", {"e-mail"}, False),
        ("@maria hi", "[name] hi", {"mention"}, False),
        ("call 555-123-4567 x12 now", "call [phone] now", {"phone"}, False),
        ("@here and @channel", "@here and @channel", set(), False),
        ("", "", set(), False),
        ("visit 12345 is open", "visit 12345 is open", set(), False),
        ("MRN 123 is short", "MRN 123 is short", set(), False),
        ("ring 49171234567", "ring [phone]", {"phone"}, False),
        ("is it 49171234567", "is it [phone]", {"phone"}, False),
        ("invoice 84930211 is open", "invoice 84930211 is open", set(), False),
        ("patient of Dr. Patel", "patient of Dr. [name]", {"name"}, False),
        ("the patient is Ali", "the patient is [name]", {"name"}, True),
        ("ms excel and mr", "ms excel and mr", set(), False),
        ("Miss Northstar? I miss it", "Miss Northstar? I miss it", set(), False),
        ("may I ask May? In May, yes", "may I ask [name]? In May, yes", {"name"}, False),
    ],
)
def test_what_is_masked_leaves_its_kind(text: str, masked: str, kinds: set[str], *, patient: bool) -> None:
    result = mask(text, names=ROSTER, allowed=ALLOWED)
    assert (result.text, result.kinds, result.patient) == (masked, kinds, patient)


@pytest.mark.parametrize(
    "text",
    ["Ma\u200bria", "Ma\u00adria", "M\u202earia", "\uff2d\uff41\uff52\uff49\uff41", "Ma\x00ria", "Mari\u0061\u200d"],
)
def test_a_name_does_not_hide_behind_what_cannot_be_seen(text: str) -> None:
    assert mask(text, names=ROSTER).text == "[name]"


def test_an_accent_written_apart_is_the_same_name() -> None:
    assert mask("Jose\u0301", names=ROSTER).text == "[name]"


def test_emoji_keep_their_joiners() -> None:
    assert visible("👩\u200d⚕\ufe0f") == "👩\u200d⚕\ufe0f"


def test_lines_end_in_one_way() -> None:
    assert visible("a\r\nb\rc\n") == "a\nb\nc\n"


def test_the_words_of_the_golive_are_no_names() -> None:
    assert mask("We miss Amber Ledger here.", names=(), allowed=("Amber Ledger",)).text == "We miss Amber Ledger here."


def test_a_roster_of_places_masks_no_places() -> None:
    text = "The front desk and the nurse in room 2 wait for billing."
    assert mask(text, names=("Front desk 1", "Nurse 2", "Billing 3")).text == text


def test_names_may_come_from_any_iterable() -> None:
    assert mask("ask maria", names=iter(["Maria"])).text == "ask [name]"


ADVERSARIAL = [
    "a", "a@", "1 ", "1", "A. ", "Maria Lopez ", "van ", "@A ", "MRN ", "<at>", "<at ", "<@", "born ", "born on ",
    "id: ", "Jan 1 ", "'", "a-", "1.", "+1(", "mr ", "patient ", "Aa ", "a.b", "12/", "A ", "name is ", "Ab de ",
    "- ", "12 12 ", "Dr. ", "MRN number is the ", "\u200d", "e\u0301", "\u0301", "Mr. A. ", "call 1 ", "ext. 1",
    "x@y.", ".", " ", "\n", "1-1-", "(1", "id id ", "ticket 1234567 ", "Front ", "O'", "Nurse Maria ", "dob 1/",
    "patient named ",
]  # fmt: skip


@pytest.mark.parametrize("bit", ADVERSARIAL)
def test_a_text_of_100_kb_takes_no_longer_than_its_length(bit: str) -> None:
    """Processor time, ten times what the slowest needs: a pattern that backtracks would take minutes."""
    text = (bit * 100_000)[:100_000] + "!"
    began = time.process_time()
    mask(text, names=ROSTER)
    assert time.process_time() - began < 5


def test_thousands_of_texts_are_masked_in_a_second() -> None:
    """Measured: 40 000 a second on one core; the bar is for busy machines."""
    began = time.process_time()
    for sentence in HARMLESS * 10:
        mask(sentence, names=ROSTER, allowed=ALLOWED)
    assert len(HARMLESS) * 10 / (time.process_time() - began) > 2000


@given(st.text(max_size=300))
def test_any_text_comes_back_without_what_cannot_be_seen(text: str) -> None:
    masked = mask(text, names=ROSTER).text
    assert masked == visible(masked)


PIECES = (
    "Mrs. patient MRN DOB 3/14/52 1234567 Will and the Tab ask Hale @here 555-123-4567 a@b.example O'Brien's named - ."
)
words = st.sampled_from([*" ".join(ROSTER).split(), *PIECES.split()])


@given(st.lists(words, max_size=12).map(" ".join))
def test_no_name_survives_among_any_words(text: str) -> None:
    once = mask(text, names=ROSTER).text
    assert not re.search(r"(?i)\b(maria|lopez|priya|1234567|wong)\b|@b\.example", once)


@given(st.lists(words, max_size=12).map(" ".join))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text, names=ROSTER).text
    assert mask(once, names=ROSTER).text == once


def test_a_number_beside_another_is_masked_as_well() -> None:
    assert not any(sign.isdigit() for sign in mask("1234567 555-123-4567", names=()).text)


@given(st.lists(words, max_size=12).map(" ".join), st.sampled_from(ROSTER[:10]))
def test_a_full_name_never_survives_wherever_it_stands(text: str, name: str) -> None:
    assert name not in mask(f"{text} {name} {text}", names=ROSTER).text
