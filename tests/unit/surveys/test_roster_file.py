"""Every way in which a roster goes wrong is a sentence with its line, and every ordinary file is read."""

import re
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.file_text import LARGEST_FILE
from surveys.mistakes import FileMistakes, Mistake
from surveys.roster_file import LeaveRange, RosterLine, read_roster

HEADER = "person,team,address,role,timezone,shift_end,leave\n"
TEAMS = ("Front desk", "Nursing")
NO_MISTAKE = Mistake("", 0, "", "")  # refused without a reason
GOOD = "Nurse 1,Nursing,web:nurse-1,staff,,17:00,\n"


def read(path: Path, content: str | bytes, *, teams: tuple[str, ...] | None = TEAMS) -> tuple[RosterLine, ...]:
    file = path / "roster.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(file, teams=teams, timezone="America/New_York")


def mistakes(path: Path, content: str | bytes, *, teams: tuple[str, ...] | None = TEAMS) -> list[str]:
    with pytest.raises(FileMistakes) as refused:
        read(path, content, teams=teams)
    return [str(mistake).removeprefix("roster.csv, ") for mistake in refused.value.mistakes]


def test_a_line_becomes_a_person(tmp_path: Path) -> None:
    line = "Nurse 1,Nursing,web:nurse-1,Manager,America/Chicago,19:30,2027-03-08..2027-03-12 2027-04-01..2027-04-01\n"
    assert read(tmp_path, HEADER + line) == (
        RosterLine(
            person="Nurse 1",
            team="Nursing",
            address="web:nurse-1",
            role="manager",
            timezone="America/Chicago",
            shift_end=time(19, 30),
            leave=(
                LeaveRange(date(2027, 3, 8), date(2027, 3, 12)),
                LeaveRange(date(2027, 4, 1), date(2027, 4, 1)),
            ),
            line=2,
        ),
    )


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    (person,) = read(tmp_path, "person,team,address\nNurse 1,Nursing,web:nurse-1\n")
    assert (person.role, person.timezone, person.shift_end, person.leave) == ("staff", "America/New_York", None, ())


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + HEADER + GOOD,
        (HEADER + GOOD).replace("\n", "\r\n"),
        (HEADER + GOOD).replace("\n", "\r"),
        (HEADER + GOOD).replace(",", ";"),
        (HEADER + GOOD).replace(",", "\t"),
        "\n\n" + HEADER + "\n,,,,,,\n" + GOOD + "\n\n",
        (HEADER + GOOD).replace("Nurse 1", '"Nurse 1"'),
        HEADER.replace("\n", ",,\n") + GOOD.replace("\n", ",,\n"),
        HEADER.title() + GOOD,
        HEADER.replace("shift_end", "Shift end") + GOOD.replace("17:00", " 17:00:00 "),
        "team,person,leave,shift_end,timezone,role,address\nNursing,Nurse 1,,17:00,,,web:nurse-1\n",
    ],
    ids=["bom", "crlf", "cr", "semicolons", "tabs", "empty", "quotes", "trailing", "capitals", "excel", "order"],
)
def test_what_spreadsheets_make_of_it_is_read_all_the_same(tmp_path: Path, content: str) -> None:
    (person,) = read(tmp_path, content)
    assert (person.person, person.team, person.shift_end) == ("Nurse 1", "Nursing", time(17))


def test_lines_are_counted_over_empty_ones_and_over_breaks_in_cells(tmp_path: Path) -> None:
    text = HEADER + "\n" + GOOD + '"Nurse\n2",Nursing,web:nurse-2,,,,\n' + "Nurse 3,Nursing,nowhere,,,,\n"
    assert [said.split(":")[0] for said in mistakes(tmp_path, text)] == ["line 4", "line 6"]


def test_without_a_list_of_teams_any_team_may_occur(tmp_path: Path) -> None:
    (person,) = read(tmp_path, HEADER + GOOD.replace("Nursing", "Labs"), teams=None)
    assert person.team == "Labs"


@pytest.mark.parametrize(
    ("cell", "written", "said"),
    [
        ("Nurse 1", "", "The person is missing. Write something under person, or take the line out."),
        ("Nurse 1", "=cmd|x", 'person "=cmd|x" begins like a formula. Begin a name with a letter or a digit, not'),
        ("Nurse 1", "x" * 81, "is 81 characters long. Say it in at most 80."),
        ("Nurse 1", '"Nurse\n1"', r'person "Nurse\u000a1" holds a line break or another character'),
        ("Nursing", "nursing", 'team "nursing" is not one of the teams. Did you mean "Nursing"?'),
        ("Nursing", "Labs", 'team "Labs" is not one of the teams. Write a team as it stands under [teams].'),
        ("web:nurse-1", "nurse-1", 'address "nurse-1" is not an address. Write it as "web:desk-1", "slack:U0123ABCD"'),
        ("web:nurse-1", "wep:nurse-1", 'Did you mean "web"? Write it as'),
        ("web:nurse-1", "web:nurse 1", 'After "web:" write letters, digits, dots, dashes or underscores'),
        ("web:nurse-1", "slack:nurse", 'After "slack:" write the member ID'),
        ("staff", "boss", 'role "boss" is not known here. Write "staff", "manager" or "lead".'),
        ("staff,", "staff,EST", 'timezone "EST" is not a place. Write a city\'s zone, for example "America/New_York".'),
        ("staff,", "staff,Europe/Berln", 'timezone "Europe/Berln" is not a place. Did you mean "Europe/Berlin"?'),
        ("17:00", "5pm", 'shift_end "5pm" is not a time. Write hours and minutes from "00:00" to "23:59"'),
        ("17:00", "24:00", 'shift_end "24:00" is not a time.'),
        ("17:00", "03:59", 'shift_end "03:59" is before 04:00, and nobody is asked that early.'),
        (",\n", ",2027-03-08\n", 'leave "2027-03-08" is not a range of days. Write the first and the last day, as in'),
        (",\n", ",2027-03-12..2027-03-08\n", "ends before it begins. Write 2027-03-08..2027-03-12, if that is"),
        (",\n", ",2027-02-30..2027-03-08\n", "is a day that no calendar has. Check the month and the day."),
        (",\n", ",8 March..12 March\n", 'leave "8 March..12 March" is not a range of days.'),
        (",\n", "\n", "This line has 6 cells. The first line names 7 columns; every line needs as many cells."),
        (",\n", ",,more\n", "This line has 8 cells."),
        ("Nurse 1", '"Nurse 1', "A quote is opened and not closed, or a cell goes on after it."),
        ("Nurse 1", "x" * 140_000, "A cell is longer than 100 000 characters; a quote may be open."),
    ],
)
def test_a_wrong_cell_is_said_with_its_line(tmp_path: Path, cell: str, written: str, said: str) -> None:
    (only,) = mistakes(tmp_path, HEADER + GOOD.replace(cell, written, 1))
    assert only.startswith("line 2: ")
    assert said in only


def test_somebody_who_is_there_twice_is_said_with_both_lines(tmp_path: Path) -> None:
    (said,) = mistakes(tmp_path, HEADER + GOOD + GOOD.replace("Nurse 1", "NURSE 1").replace("nurse-1", "nurse-2"))
    assert said == (
        'line 3: person "NURSE 1" is already in line 2. Everybody is there once: change one of the two, or take it out.'
    )


def test_an_address_that_is_there_twice_is_said_with_both_lines(tmp_path: Path) -> None:
    (said,) = mistakes(tmp_path, HEADER + GOOD + GOOD.replace("Nurse 1", "Nurse 2"))
    assert said.startswith('line 3: address "web:nurse-1" is already in line 2.')


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = HEADER + "Nurse 1,Labs,nowhere,boss,EST,late,soon\n" + GOOD.replace("17:00", "25:00")
    assert [said.split()[2] for said in mistakes(tmp_path, text)] == [
        "team", "address", "role", "timezone", "shift_end", "leave", "shift_end", "person",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (HEADER.replace("person,", "persn,"), 'The column "persn" is not known. Did you mean "person"?'),
        (HEADER.replace("person,", "persn,"), 'The column "person" is missing. Add it to the first line'),
        (HEADER.replace("leave", "role"), 'The column "role" is there 2 times. Keep one of them.'),
        (HEADER.replace("leave", "phone"), 'The column "phone" is not known. The columns are "person", "team",'),
        (HEADER.replace("role,", "ro,le,").replace("team,", ""), 'The column "team" is missing.'),
        (GOOD, "The first line does not name the columns. Begin the file with person,team,address"),
    ],
)
def test_a_wrong_header_is_said(tmp_path: Path, header: str, said: str) -> None:
    assert any(f"line 1: {said}" in one for one in mistakes(tmp_path, header + GOOD))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "line 1: The file is empty. Begin with a copy of the one in docs/example."),
        (b"\n \n", "line 1: The file is empty."),
        (HEADER.encode(), "line 1: There is nobody in this file. Write one line for each person under the first one."),
        (HEADER.encode() + b"Nurse \xe9,", "line 2: This line has letters that are not UTF-8. Save it again as UTF-8"),
        ((HEADER + GOOD).encode("utf-16"), "line 1: The file is saved as Unicode text (UTF-16). Save it again as"),
        (HEADER.encode() + b"Nurse\0", "line 2: There is a character here that no text has (NUL)."),
        (b"x" * (LARGEST_FILE + 1), "line 1: The file has 5.0 MB. Give one of at most 5 MB."),
    ],
    ids=["empty", "blank", "nobody", "latin-1", "utf-16", "nul", "large"],
)
def test_a_file_that_is_no_roster_is_said(tmp_path: Path, content: bytes, said: str) -> None:
    (only,) = mistakes(tmp_path, content)
    assert only.startswith(said)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileMistakes, match=re.escape(f"There is no file roster.csv in {tmp_path}.")):
        read_roster(tmp_path / "roster.csv", teams=None, timezone="UTC")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileMistakes, match=r"This is a folder\. Give the file in it instead\."):
        read_roster(tmp_path, teams=None, timezone="UTC")


def test_something_that_is_never_read_to_its_end_is_no_file() -> None:
    with pytest.raises(FileMistakes, match=r"This is not an ordinary file\."):
        read_roster(Path("/dev/null"), teams=None, timezone="UTC")


@pytest.mark.parametrize("name", ["ros\0ter.csv", "x" * 5000])
def test_a_name_that_no_file_can_have_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileMistakes, match=r"line 1: (The file cannot be opened|There is no file)"):
        read_roster(tmp_path / name, teams=None, timezone="UTC")


def test_ten_thousand_people_are_read(tmp_path: Path) -> None:
    lines = "".join(f"Nurse {one},Nursing,web:nurse-{one},staff,America/Chicago,17:00,\n" for one in range(10_000))
    assert len(read(tmp_path, HEADER + lines)) == 10_000


def test_ten_thousand_mistakes_are_found(tmp_path: Path) -> None:
    lines = "".join(f"Nurse {one},nursing,web:nurse-{one},staff,Chicago,17:00,\n" for one in range(10_000))
    assert len(mistakes(tmp_path, HEADER + lines)) == 20_000


rows = st.lists(
    st.lists(
        st.one_of(
            st.sampled_from([*HEADER.strip().split(","), *GOOD.strip().split(","), '"', "'", "\r", "=1+1", "\ufffe"]),
            st.text(max_size=12),
        ),
        max_size=9,
    ).map(",".join),
    max_size=6,
).map("\n".join)
anything = st.one_of(st.binary(max_size=200), rows.map(str.encode), rows.map(lambda text: (HEADER + text).encode()))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything)
def test_any_bytes_are_a_roster_or_sentences(tmp_path: Path, content: bytes) -> None:
    found: tuple[Mistake, ...] = ()
    try:
        assert read(tmp_path, content, teams=None)
    except FileMistakes as refused:
        found = refused.mistakes or (NO_MISTAKE,)
    for mistake in found:
        assert mistake.line >= 1
        assert mistake.found.strip()
        assert mistake.expected.strip()
        assert str(mistake).isprintable()
