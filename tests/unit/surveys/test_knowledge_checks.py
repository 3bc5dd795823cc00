"""Knowledge checks keep their secret and can be pasted."""

import shutil
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.bank import BankError
from surveys.knowledge_checks import KnowledgeCheck, Template, as_toml, checks_for, fielded, load_templates

CHECK = KnowledgeCheck("Front desk", "What comes first?", "Coverage", ("Paper list", "Old card", "Come back"))
TEMPLATE = """
[[template]]
name = "made_up"
area = "check-in"
suits = ["Front desk"]
why = "To see what is said."
route = "paper"
text.en = "What in {system}?"
right.en = "This"
around.en = "That"
wrong.en = ["These", "Those"]
"""

options = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip),
    min_size=2,
    max_size=5,
    unique_by=lambda option: option.strip().casefold(),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for source in files("surveys").joinpath("items").iterdir():
        shutil.copy(str(source), tmp_path)
    return tmp_path


def with_template(folder: Path, template: str) -> Path:
    with (folder / "knowledge_checks.toml").open("a", encoding="utf-8") as file:
        file.write(template)
    return folder


@pytest.mark.parametrize(
    ("text", "right", "wrong", "says"),
    [
        (" ", "a", ("b",), "needs a question"),
        ("x" * 161, "a", ("b",), "161 characters; 160 fit"),
        ("What?", "a", (), "takes 1 to 4 wrong answers, not 0"),
        ("What?", "a", ("b", "c", "d", "e", "f"), "not 5"),
        ("What?", "a", ("b", " "), "An answer is empty"),
        ("What?", "", ("b",), "An answer is empty"),
        ("What?", "a", ("b" * 81,), "81 characters; 80 fit"),
        ("What?", "Call", ("call ",), "Two answers are the same"),
        ("What?", "a", ("b", "b"), "Two answers are the same"),
    ],
)
def test_a_check_that_cannot_be_asked_says_why(text: str, right: str, wrong: tuple[str, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        KnowledgeCheck(None, text, right, wrong)


def test_the_same_seed_gives_the_same_order_to_everybody() -> None:
    assert fielded(CHECK, seed=3) == fielded(CHECK, seed=3)


def test_the_order_in_which_the_lead_wrote_the_answers_changes_nothing() -> None:
    turned = KnowledgeCheck(CHECK.team, CHECK.text, CHECK.right, CHECK.wrong[::-1])
    assert fielded(turned, seed=3) == fielded(CHECK, seed=3)


def test_the_right_answer_stands_in_every_place_about_equally_often() -> None:
    places = Counter(fielded(CHECK, seed=seed).right for seed in range(2000))
    assert all(430 < places[value] < 570 for value in "abcd")


def test_the_name_gives_no_hint_at_the_right_answer() -> None:
    swapped = KnowledgeCheck(None, CHECK.text, CHECK.wrong[0], (CHECK.right, *CHECK.wrong[1:]))
    assert swapped.name == CHECK.name


def test_another_question_has_another_name() -> None:
    assert KnowledgeCheck(None, "And then?", CHECK.right, CHECK.wrong).name != CHECK.name


@given(options, st.integers() | st.text(max_size=20))
def test_every_answer_is_shown_once_under_a_letter(answers: list[str], seed: int | str) -> None:
    check = KnowledgeCheck(None, "What?", answers[0], tuple(answers[1:]))
    asked = fielded(check, seed=seed)
    assert sorted(label for _, label in asked.options) == sorted(answers)
    assert [value for value, _ in asked.options] == list("abcde"[: len(answers)])
    assert dict(asked.options)[asked.right] == check.right


def test_a_group_of_teams_has_its_own_checks_first() -> None:
    billing, everybody = KnowledgeCheck("Billing", "A?", "a", ("b",)), KnowledgeCheck(None, "B?", "a", ("b",))
    assert checks_for([everybody, billing, CHECK], teams={"Front desk"}) == (CHECK, everybody)


@pytest.mark.parametrize("template", load_templates(), ids=lambda template: template.name)
def test_a_template_can_be_pasted_into_the_file_of_a_golive(template: Template) -> None:
    (row,) = tomllib.loads(as_toml(template, system="Northstar EHR"))["knowledge_check"]
    pasted = KnowledgeCheck(row["team"], row["text"], row["right"], tuple(row["wrong"]))
    assert pasted == template.check(system="Northstar EHR", team=template.suits[0])


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_whatever_the_system_is_called_the_block_can_be_read(system: str) -> None:
    template = load_templates()[0]
    (row,) = tomllib.loads(as_toml(template, system=system, team="Desk"))["knowledge_check"]
    assert row["text"] == template.texts["en"].replace("{system}", system)


def test_a_template_takes_the_language_it_has_and_english_for_the_rest(folder: Path) -> None:
    german = TEMPLATE.replace('text.en = "What in {system}?"', 'text = {en = "What?", de = "Was?"}')
    template = load_templates(with_template(folder, german))[-1]
    assert template.check(language="de", system="S", team=None) == KnowledgeCheck(
        None, "Was?", "This", ("That", "These", "Those")
    )


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('area = "check-in"', "", "area missing or not known"),
        ('area = "check-in"', 'area = "x"\ncolour = "red"', "colour missing or not known"),
        ('name = "made_up"', 'name = "refill_by_phone"', "already taken"),
        ('route = "paper"', 'route = "pigeon"', "route is 'pigeon'"),
        ('"These"', '"{lead}"', "may hold {system} and no other blank"),
        ("What in {system}?", "w" * 161, "has 161 characters"),
        ('around.en = "That"', 'around.en = "this"', "Two answers are the same"),
        ("wrong.en", "wrong.de", "'en'"),
    ],
)
def test_a_mistake_in_a_template_is_named_with_its_place(folder: Path, before: str, after: str, says: str) -> None:
    assert before in TEMPLATE
    with pytest.raises(BankError) as caught:
        load_templates(with_template(folder, TEMPLATE.replace(before, after)))
    assert str(caught.value).startswith("knowledge_checks.toml, template")
    assert says in str(caught.value)
