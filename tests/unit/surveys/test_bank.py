"""The item bank reads what is right and names what is not."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from surveys.bank import Bank, BankError, Phase, load_bank

ITEM = """
[[item]]
name = "made_up"
construct = "clarity_of_test"
pillar = "people"
scale = "agree5"
direction = 1
audience = "staff"
source = "role clarity"
why = "To see what the bank says."
[item.text]
en = "I know {system}."
de = "Ich kenne {system}."
"""


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for source in files("surveys").joinpath("items").iterdir():
        shutil.copy(str(source), tmp_path)
    return tmp_path


def with_item(folder: Path, item: str, *, phase: str = "eve") -> Path:
    with (folder / f"{phase}.toml").open("a", encoding="utf-8") as file:
        file.write(item)
    return folder


def test_an_item_is_found_by_its_name(bank: Bank) -> None:
    assert bank.item("got_through_as_before").construct == "got_through"


def test_an_unknown_name_is_a_key_error(bank: Bank) -> None:
    with pytest.raises(KeyError):
        bank.item("nobody_asked")


def test_items_are_chosen_by_phase_construct_and_audience(bank: Bank) -> None:
    chosen = bank.items(phase=Phase.EVE, construct="time", audience="manager")
    assert [(item.phase, item.construct, item.audience) for item in chosen] == [("eve", "time", "manager")]


def test_constructs_of_a_phase_come_once_each(bank: Bank) -> None:
    constructs = bank.constructs(Phase.CUTOVER)
    assert len(constructs) == len(set(constructs))


def test_the_name_of_the_system_stands_in_the_text(bank: Bank) -> None:
    assert bank.item("ease_today").text("en", system="Northstar") == "Northstar was easy to work with today."


def test_braces_in_the_name_of_the_system_are_left_alone(bank: Bank) -> None:
    assert bank.item("ease_today").text("en", system="{0.__class__}").startswith("{0.__class__} was")


def test_a_language_without_text_falls_back_to_english(bank: Bank) -> None:
    item = bank.item("ease_today")
    assert item.text("fi", system="X") == item.text("en", system="X")


def test_a_regional_language_takes_the_text_of_its_language(folder: Path) -> None:
    item = load_bank(with_item(folder, ITEM)).item("made_up")
    assert item.text("de-AT", system="X") == "Ich kenne X."


def test_a_scale_has_labels_in_its_language_or_in_english(bank: Bank) -> None:
    assert bank.scale("yes_no", language="fi") == bank.scale("yes_no")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('pillar = "people"\n', "", "pillar missing"),
        ('pillar = "people"', 'pillar = "weather"', "pillar is 'weather', expected one of people"),
        ("direction = 1", "direction = 0", "direction is 0"),
        ('scale = "agree5"', 'scale = "agree7"', "scale is 'agree7'"),
        ('audience = "staff"', 'audience = "dogs"', "audience is 'dogs'"),
        ('why = "To see what the bank says."', 'why = " "', "why is empty"),
        ('source = "role clarity"', "source = 3", "source is empty"),
        ('construct = "clarity_of_test"', 'construct = "Clarity of test"', "expected small letters"),
        ('construct = "clarity_of_test"', 'construct = "practice"', "takes turns"),
        ("direction = 1", "direction = 1\ncolour = 'red'", "nobody knows colour"),
        ('en = "I know {system}."', "", "there is no English text"),
        ('en = "I know {system}."', 'en = " "', "the text in 'en' is empty"),
        ('en = "I know {system}."', 'en = "I know {lead}."', "may hold {system} and no other blank"),
        ('en = "I know {system}."', 'en = "I know {}."', "may hold {system} and no other blank"),
        ('en = "I know {system}."', 'en = "I know {system."', "a brace without its partner"),
        ('en = "I know {system}."', f'en = "{"long " * 30}"', "has 150 characters, 110 at most"),
        ('name = "made_up"', 'name = "ease_today"', "already taken in cutover.toml"),
    ],
)
def test_a_mistake_in_an_item_is_named_with_its_place(folder: Path, before: str, after: str, says: str) -> None:
    assert before in ITEM
    with pytest.raises(BankError) as caught:
        load_bank(with_item(folder, ITEM.replace(before, after), phase="hypercare" if "ease_today" in after else "eve"))
    assert says in str(caught.value)
    assert str(caught.value).startswith(("eve.toml, item 'made_up'", "hypercare.toml, item 'ease_today'"))


def test_an_item_without_a_name_is_told_by_its_number(folder: Path) -> None:
    with pytest.raises(BankError, match=r"eve.toml, item 'number \d+': name missing"):
        load_bank(with_item(folder, ITEM.replace('name = "made_up"', "")))


def test_a_file_that_is_missing_is_named(folder: Path) -> None:
    (folder / "hypercare.toml").unlink()
    with pytest.raises(BankError, match=r"hypercare.toml: the file is missing"):
        load_bank(folder)


def test_a_file_that_is_not_toml_is_named_with_the_line(folder: Path) -> None:
    (folder / "eve.toml").write_text("[[item]\n")
    with pytest.raises(BankError, match=r"eve.toml: .*line 1"):
        load_bank(folder)


@pytest.mark.parametrize(
    ("scale", "says"),
    [
        ('[[scale]]\nname = "pair"\n', "scale 'pair': name or option missing"),
        ('[[scale]]\nname = "pair"\n[[scale.option]]\nvalue = "a"\n', "an option needs a value and a label"),
        ('[[scale]]\nname = "pair"\n[[scale.option]]\nvalue = "a"\nlabel.de = "ja"\n', "there is no English text"),
        (
            '[[scale]]\nname = "pair"\noption = [{value="a", label={en="x"}}, {value="a", label={en="y"}}]\n',
            "a value stands there twice",
        ),
    ],
)
def test_a_mistake_in_a_scale_is_named_with_its_place(folder: Path, scale: str, says: str) -> None:
    with (folder / "scales.toml").open("a", encoding="utf-8") as file:
        file.write(scale)
    with pytest.raises(BankError, match=f"scales.toml, .*{says}"):
        load_bank(folder)
