"""What the model as shipped reads: named examples, and what holds for every text."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.routes import ROUTES
from analytics.text.model import LABELS, MOST_WORDS, classify, joint, shipped

SAID = {
    "No idea which tab the referrals live under now.": "confusion",
    "Where do I enter the allergies?": "confusion",
    "I'm not sure whether the order went through.": "confusion",
    "nobody showed us how to close a visit": "confusion",
    "We still keep a paper list next to the phone.": "workaround",
    "i just log in with a colleague's badge": "workaround",
    "We enter everything at the end of the shift.": "workaround",
    "I track my denials in Excel because the report is wrong.": "workaround",
    "I can't find the order screen so I write it on a slip of paper.": "both",
    "The parking lot is full every morning.": "neither",
    "When is the next training?": "neither",
    "Love the new system, everything works well.": "neither",
    "The system is slow.": "neither",
    "The vending machine is broken again.": "neither",
    "": "neither",
}
#: how something is done, and the same no longer, agreed, or long ago
CHANGED = {
    "We write it on paper.": "We no longer write it on paper.",
    "I keep a spreadsheet of the denials.": "I no longer keep a spreadsheet of the denials.",
    "We share one login.": "We no longer share one login.",
    "Nurses still use the whiteboard.": "Nurses don't use the whiteboard any more.",
    "I look it up in the old system.": "I used to look it up in the old system.",
    "I'm confused by the new screens.": "I'm no longer confused by the new screens.",
    "We used paper forms.": "We used the downtime forms as the procedure says.",
}
ROUTED = {
    "I write the vitals on a sticky note.": "paper",
    "I keep my own Excel list of callbacks.": "own_spreadsheet",
    "We still look it up in the old system.": "old_system",
    "I copy and paste yesterday's note.": "copy_paste",
    "I just call the pharmacy instead of sending the order.": "word_of_mouth",
    "I use my coworker's login.": "someone_elses_login",
    "We enter everything after the shift.": "later_entry",
    "I skip the scan.": "skipped_step",
    "I put a fake phone number in to get past the field.": "other",
}


@pytest.mark.parametrize("text", SAID)
def test_a_plain_sentence_is_read_as_it_is_meant(text: str) -> None:
    assert classify(text).label == SAID[text]


@pytest.mark.parametrize("text", CHANGED)
def test_what_is_no_longer_so_or_was_agreed_is_neither(text: str) -> None:
    assert (classify(text).label != "neither", classify(CHANGED[text]).label) == (True, "neither")


@pytest.mark.parametrize("text", ROUTED)
def test_the_way_round_is_named(text: str) -> None:
    assert classify(text).route == ROUTED[text]


@pytest.mark.parametrize("text", SAID)
def test_case_apostrophes_and_blanks_make_no_difference(text: str) -> None:
    plain = classify(text)
    for other in (text.upper(), text.lower(), text.replace("'", "’"), text.replace("'", ""), f"  {text}\t "):
        assert classify(other).label == plain.label


@given(st.text(max_size=400))
def test_any_text_gets_a_reading(text: str) -> None:
    reading = classify(text)
    assert reading.label in LABELS
    assert sum(reading.probabilities.values()) == pytest.approx(1)
    assert min(reading.probabilities.values()) >= 0
    assert max(reading.probabilities, key=lambda name: reading.probabilities[name]) == reading.label
    assert (reading.route in ROUTES) == (reading.label in {"workaround", "both"})
    assert len(reading.words) <= MOST_WORDS
    assert all(words in text for words in reading.words)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "\0",
        "🤷",
        "?" * 1000,
        "אני לא יודעת איפה זה",
        "لا أعرف",
        "a" * 100_000,
        "paper " * 17_000,
        "\ud800",
        "\n" * 9,
    ],
)
def test_odd_texts_get_the_same_reading_every_time(text: str) -> None:
    assert classify(text) == classify(text)


def test_one_sentence_is_not_lost_among_many() -> None:
    idle = "The weather was fine and the canteen had soup. " * 40
    assert classify(idle).label == "neither"
    reading = classify(f"{idle}We still write all appointments on paper because the calendar is too slow. {idle}")
    assert (reading.label, reading.route) == ("workaround", "paper")


def test_the_words_that_decided_are_named_as_they_stand_in_the_text() -> None:
    assert any("Clipboard" in words for words in classify("There's a Clipboard at window 2 again.").words)


def test_probabilities_of_four_labels_follow_from_two_questions() -> None:
    assert joint(0.5, 0.2) == pytest.approx({"neither": 0.4, "confusion": 0.4, "workaround": 0.1, "both": 0.1})


def test_causes_are_those_that_the_product_offers() -> None:
    offered = (files("surveys") / "items" / "scales.toml").read_text("utf-8")
    assert all(f'value = "{cause}"' in offered for cause in shipped().causes)
    assert shipped().routes == ROUTES


def test_the_model_says_what_it_was_made_from() -> None:
    about = json.loads((files("analytics.text") / "trained" / "model.json").read_text("utf-8"))
    assert about["figures"]["confusion"]["f1"][0] > 0.8
    assert about["figures"]["workaround"]["f1"][0] > 0.8
