"""Folders from elsewhere: what they say is read, and what is wrong in them is named with file and line."""

from pathlib import Path

import pytest

from analytics.own_data import LONGEST_FIELD, Flawed, OwnData, read_folder

GOOD = {
    "golive.toml": 'name = "Larkspur"\ndate = 2026-03-02\ntimezone = "America/New_York"\n',
    "teams.csv": "team,size\nDesk,9\nWard,7\n",
    "items.csv": "item,construct,right\nclear,clarity,\ncheck,knowledge,b\nway,route,\nsay,comment,\n",
    "participation.csv": "date,team,invited,answered\n2026-03-02,Desk,9,2\n",
    "answers.csv": (
        "date,team,response,item,value\n"
        "2026-03-02,Desk,r1,clear,4\n"
        "2026-03-02,Desk,r1,check,a\n"
        '2026-03-02,Desk,r1,say,"two\nlines, and a comma"\n'
        "2026-03-02,Desk,r2,check,ns\n"
    ),
    "questions.csv": "date,team,text\n2026-03-02,,Where is the refill queue?\n",
}


def read(folder: Path, **changed: str | bytes | None) -> OwnData:
    for name, text in (GOOD | {key.replace("_", "."): text for key, text in changed.items()}).items():
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_folder(folder)


def flaws(folder: Path, **changed: str | bytes | None) -> list[str]:
    with pytest.raises(Flawed) as wrong:
        read(folder, **changed)
    return [str(flaw) for flaw in wrong.value.flaws]


def test_a_folder_is_read_as_it_is_written(tmp_path: Path) -> None:
    own = read(tmp_path)
    assert (own.name, own.golive.isoformat(), own.sizes) == ("Larkspur", "2026-03-02", {"Desk": 9, "Ward": 7})
    assert own.participation[["invited", "answered"]].to_numpy().tolist() == [[9, 2]]
    assert own.answers["value"].tolist() == ["4", "a", "two\nlines, and a comma", "ns"]
    assert own.answers["right"].isna().tolist() == [True, False, True, True]
    assert own.questions["team"].tolist() == [""]


def test_a_row_said_twice_counts_once(tmp_path: Path) -> None:
    doubled = {
        name.replace(".", "_"): text + text.splitlines(keepends=True)[-1]
        for name, text in GOOD.items()
        if name in {"teams.csv", "items.csv", "participation.csv", "answers.csv"}
    }
    assert len(read(tmp_path, **doubled).answers) == 4


def test_columns_may_stand_in_any_order_beside_others_and_after_a_mark_of_utf_8(tmp_path: Path) -> None:
    own = read(tmp_path, teams_csv="\ufeffplace,size,team\r\n\r\nNorth, 9 , Desk\r\n".encode())
    assert own.sizes == {"Desk": 9}


def test_without_questions_nobody_asked(tmp_path: Path) -> None:
    assert read(tmp_path, questions_csv=None).questions.empty


def test_a_date_may_stand_in_quotation_marks(tmp_path: Path) -> None:
    told = 'name = "L"\ndate = "2026-03-02"\ntimezone = "UTC"\n'
    assert read(tmp_path, golive_toml=told).golive.isoformat() == "2026-03-02"


def test_a_text_may_be_very_long(tmp_path: Path) -> None:
    long = "x" * 100_000
    assert read(tmp_path, questions_csv=f"date,team,text\n2026-03-02,,{long}\n").questions["text"].item() == long


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("golive.toml", "2026-03-02", "2026-13-02", "line 2: this is not TOML: "),
        ("golive.toml", "2026-03-02", '"soon"', "line 2: date is missing, or is not a day"),
        ("golive.toml", "America/New_York", "EST5", "line 3: timezone is missing, or is not a place"),
        ("golive.toml", 'name = "Larkspur"', "name = 3", "line 1: name is missing, or is no text"),
        ("golive.toml", 'name = "Larkspur"', "name = ", "line 1: this is not TOML"),
        ("teams.csv", "Desk,9", "Desk,nine", 'line 2: size is "nine", not a number of people'),
        ("teams.csv", "Ward,7", "Ward,-7", 'line 3: size is "-7", not a number'),
        ("teams.csv", "Ward,7", "Desk,8", 'line 3: team "Desk" was said before, with another size'),
        ("teams.csv", "Ward,7", ",8", "line 3: team is empty"),
        ("teams.csv", "team,size", "team,people", "line 1: there is no column size"),
        ("teams.csv", "Ward,7", "Ward,7,8", "line 3: this row has 3 values, the first line has 2"),
        ("items.csv", "clarity", "mood", 'line 2: construct is "mood", not one of clarity, confidence'),
        ("items.csv", "knowledge,b", "knowledge,", 'line 3: knowledge check "check" has no right answer'),
        ("items.csv", "way,route", "clear,route", 'line 4: item "clear" was said before, and differently'),
        ("items.csv", "way,route", ",route", "line 4: item is empty"),
        ("participation.csv", "9,2", "9,x", 'line 2: answered is "x", not a number'),
        ("participation.csv", "9,2", "9.5,2", 'line 2: invited is "9.5", not a number'),
        ("participation.csv", "9,2", "1,2", "line 2: 2 answered, but only 1 were invited"),
        ("participation.csv", "Desk", "Attic", 'line 2: team "Attic" does not stand in teams.csv'),
        ("participation.csv", "9,2\n", "9,2\n2026-03-02,Desk,9,3\n", 'line 3: team "Desk" was said before on'),
        ("answers.csv", "2026-03-02,Desk,r1,clear", "2.3.2026,Desk,r1,clear", 'line 2: date is "2.3.2026"; write'),
        ("answers.csv", "clear,4", "clear,6", 'line 2: value is "6", not 1 to 5 or ns'),
        ("answers.csv", "check,a", "check,", "line 3: value is empty"),
        ("answers.csv", "r1,clear", ",clear", "line 2: response is empty"),
        ("answers.csv", "r2,check", "r2,chekc", 'line 6: item "chekc" does not stand in items.csv'),
        ("answers.csv", "Desk,r2", f"{'x' * 99},r2", f'line 6: team "{"x" * 40}…" does not stand'),
        ("answers.csv", '"two', '"two" ', "line 4: this is not CSV"),
        ("questions.csv", "2026-03-02", "2026-02-30", 'line 2: date is "2026-02-30"'),
        ("questions.csv", "02,,", "02,Attic,", 'line 2: team "Attic" does not stand'),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_and_line(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    assert old in GOOD[file]
    found = flaws(tmp_path, **{file.replace(".", "_"): GOOD[file].replace(old, new, 1)})
    assert found[0].startswith(f"{file}, {said}")


@pytest.mark.parametrize("file", sorted(set(GOOD) - {"questions.csv"}))
def test_a_missing_file_is_named(tmp_path: Path, file: str) -> None:
    assert f"{file}, line 1: there is no such file" in flaws(tmp_path, **{file.replace(".", "_"): None})


@pytest.mark.parametrize("file", sorted(GOOD))
def test_bytes_that_are_no_text_are_named_with_their_line(tmp_path: Path, file: str) -> None:
    first, rest = GOOD[file].encode().split(b"\n", 1)
    found = flaws(tmp_path, **{file.replace(".", "_"): first + b"\n\xff" + rest})
    assert f"{file}, line 2: this is not UTF-8" in found


def test_an_empty_file_says_what_its_first_line_is(tmp_path: Path) -> None:
    assert "teams.csv, line 1: the file is empty; its first line says team,size" in flaws(tmp_path, teams_csv="")


def test_a_value_without_end_is_no_csv(tmp_path: Path) -> None:
    endless = f"date,team,text\n2026-03-02,,{'x' * (LONGEST_FIELD + 1)}\n"
    assert "questions.csv, line 2: this is not CSV" in flaws(tmp_path, questions_csv=endless)[0]


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    found = flaws(tmp_path, teams_csv="team,size\nDesk,x\nWard,y\n", golive_toml='name = "L"\n')
    assert [flaw.partition(":")[0] for flaw in found[:4]] == [
        "golive.toml, line 1", "golive.toml, line 1", "teams.csv, line 2", "teams.csv, line 3",
    ]  # fmt: skip
