"""What every question of the bank owes to the people who answer it."""

import re
from collections import Counter

import pytest

from surveys.bank import Item, Phase, load_bank
from surveys.instruments import AskedQuestion
from surveys.knowledge_checks import load_templates
from surveys.plans import CONSTRUCTS

BANK = load_bank()
ITEMS = BANK.items()
TEMPLATES = load_templates()
CHECKS = [template.check(system="Northstar", team=None) for template in TEMPLATES]
AREAS = {"check-in", "insurance", "prescriptions", "referrals", "results", "billing"}
ROTATED = [(phase, construct) for phase in ("cutover", "hypercare") for construct in ("clarity", "ease", "got_through")]
LASTING = [
    (phase, construct)
    for phase in ("cutover", "hypercare", "stabilisation")
    for construct in ("clarity", "stuck", "route", "route_new", "cause", "peers")
]
NOT_OURS = re.compile(
    r"\b(users?|compliance|adoption|submit|feedback|monitor\w*|leverage|stakeholders?|utili[sz]e|resistan\w+"
    r"|fail(ed|ure)?|fault|mistakes?|wrong|lazy|should have|end.users?|KPI|onboard\w*|rollout|workaround\w*)\b",
    re.IGNORECASE,
)
ONE_SENTENCE = re.compile(r"[A-Z].{20,140}[a-z]\.")
OURS = re.compile(r"\b(I|me|my|we|our|us|Northstar)\b", re.IGNORECASE)
TWO_THINGS = re.compile(r"\b(and|or) (I|do|does|did|is|are|was|were|how|when|why|whether)\b")


def question(item: Item) -> str:
    return item.text("en", system="Northstar")


def test_there_are_enough_items_in_every_phase() -> None:
    counts = Counter(item.phase for item in ITEMS)
    assert min(counts[phase] for phase in Phase) >= 8
    assert len(ITEMS) >= 48


def test_every_pillar_is_asked_about_in_every_phase() -> None:
    assert all(len({item.pillar for item in BANK.items(phase=phase)}) == 4 for phase in Phase)


@pytest.mark.parametrize("phase", CONSTRUCTS)
def test_whatever_a_plan_may_ask_has_an_item(phase: str) -> None:
    assert CONSTRUCTS[phase] - {"knowledge"} <= set(BANK.constructs(Phase(phase)))


@pytest.mark.parametrize(("phase", "construct"), ROTATED)
def test_what_is_asked_often_has_three_wordings(phase: str, construct: str) -> None:
    assert len(BANK.items(phase=Phase(phase), construct=construct)) >= 3


@pytest.mark.parametrize(("phase", "construct"), LASTING)
def test_what_is_compared_over_time_is_asked_in_every_phase_from_cutover(phase: str, construct: str) -> None:
    assert BANK.items(phase=Phase(phase), construct=construct)


@pytest.mark.parametrize("phase", Phase)
def test_the_lead_is_asked_about_time_and_backing_in_every_phase(phase: Phase) -> None:
    assert {"time", "backing"} <= {item.construct for item in BANK.items(phase=phase, audience="manager")}


def test_no_two_items_of_a_phase_say_the_same() -> None:
    said = Counter((item.phase, question(item).casefold()) for item in ITEMS)
    assert [text for text, times in said.items() if times > 1] == []


def test_every_item_has_a_source_that_can_be_looked_up() -> None:
    own = ("founding document", "you said, we did")
    assert [i.name for i in ITEMS if not (re.search(r"\b(19|20)\d\d\b", i.source) or i.source.startswith(own))] == []


def test_every_item_says_in_one_sentence_why_it_is_asked() -> None:
    assert [item.name for item in ITEMS if not ONE_SENTENCE.fullmatch(item.why)] == []


def test_an_item_fits_on_two_lines_of_a_phone() -> None:
    assert [item.name for item in ITEMS if len(question(item)) >= 110] == []


def test_an_item_uses_no_word_that_blames_or_bores() -> None:
    assert [item.name for item in ITEMS if NOT_OURS.search(question(item))] == []


def test_a_statement_is_said_in_the_first_person_or_of_the_system() -> None:
    statements = {item.name: question(item) for item in ITEMS if item.scale == "agree5"}
    assert [name for name, text in statements.items() if not (OURS.search(text) and text.endswith("."))] == []


def test_an_item_asks_one_thing() -> None:
    assert [item.name for item in ITEMS if TWO_THINGS.search(question(item))] == []


def test_an_item_takes_less_than_25_seconds() -> None:
    asked = [
        AskedQuestion(item.name, item.construct, question(item), item.scale, BANK.scale(item.scale).options)
        for item in ITEMS
    ]
    assert [one.name for one in asked if one.seconds >= 25] == []


@pytest.mark.parametrize("scale", ["agree5", "yes_no", "frequency", "knowledge"])
def test_not_sure_is_the_last_option_of_every_scale_that_asks_for_a_judgement(scale: str) -> None:
    assert BANK.scale(scale).options[-1] == ("ns", "not sure")


def test_the_values_of_the_scales_are_what_is_stored_and_stay() -> None:
    values = {name: " ".join(value for value, _ in BANK.scale(name).options) for name in BANK.labels}
    assert values == {
        "agree5": "1 2 3 4 5 ns",
        "yes_no": "yes no ns",
        "frequency": "never once often still ns",
        "routes": "none paper own_spreadsheet old_system copy_paste word_of_mouth someone_elses_login later_entry "
        "skipped_step other",
        "causes": "too_slow cannot_find_it no_correct_path no_access system_down do_not_trust_it nobody_told_us other",
        "knowledge": "ns",
        "text": "",
    }


def test_only_routes_take_several_answers() -> None:
    assert {item.scale for item in ITEMS if item.several} == {"routes"}


def test_there_are_enough_templates_over_the_work_of_a_practice() -> None:
    assert len(TEMPLATES) >= 14
    assert {template.area for template in TEMPLATES} >= AREAS


def test_a_template_says_in_one_sentence_why_it_is_asked() -> None:
    assert [template.name for template in TEMPLATES if not ONE_SENTENCE.fullmatch(template.why)] == []


def test_a_template_offers_three_wrong_answers() -> None:
    assert {len(check.wrong) for check in CHECKS} == {3}


def test_the_right_answer_is_often_not_the_longest() -> None:
    """Whoever picks the longest answer without knowing must not be right much more often than by chance."""
    longest = sum(len(check.right) >= max(map(len, check.wrong)) for check in CHECKS)
    assert longest <= 0.4 * len(CHECKS)


def test_the_right_answer_is_often_not_the_shortest() -> None:
    shortest = sum(len(check.right) <= min(map(len, check.wrong)) for check in CHECKS)
    assert shortest <= 0.4 * len(CHECKS)
