"""Every slip in a go-live file is a sentence with its line, all of them at once, and an ordinary file is read."""

import json
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from surveys.golive_file import Deliver, FileMistakes, GoLiveFile, Lead, Mistake, Quiet, TeamEntry, read_golive
from surveys.mistakes import shown
from surveys.toml_lines import key_lines

TODAY = date(2026, 1, 5)
EXAMPLE = Path(__file__).parents[3] / "docs" / "example"
NO_MISTAKE = Mistake("", 0, "", "")  # refused without a reason
GOOD = """\
name = "New charting system"
organisation = "Riverside"
system = "Northstar"
date = 2026-03-02
timezone = "America/New_York"

[[lead]]
name = "Transition lead"
address = "web:lead"

[deliver]
pulse = "16:30"
digest = "07:30"
quiet = ["20:00", "07:00"]

[teams]
"Front desk" = { manager = "web:desk-manager" }
Nursing = {}

[[knowledge_check]]
team = "Nursing"
text = "What comes first?"
right = "The queue"
wrong = ["Paper", "Later"]
"""
ROSTER = "person,team,address\n" + "".join(
    f"{team} {one},{team},web:{team[:1]}-{one}\n" for team in ("Front desk", "Nursing") for one in range(6)
)


def read(
    path: Path, text: str | bytes, *, roster: str | bytes | None = ROSTER, known_date: date | None = None
) -> GoLiveFile:
    file = path / "golive.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    if roster is not None:
        (path / "roster.csv").write_bytes(roster if isinstance(roster, bytes) else roster.encode())
    return read_golive(file, today=TODAY, known_date=known_date)


def mistakes(path: Path, text: str | bytes, *, roster: str | bytes | None = ROSTER) -> list[str]:
    with pytest.raises(FileMistakes) as refused:
        read(path, text, roster=roster)
    return [str(mistake) for mistake in refused.value.mistakes]


def with_top(key_and_value: str) -> str:
    return GOOD.replace("\n[[lead]]", f"{key_and_value}\n[[lead]]", 1)


def test_the_example_is_a_practice_of_42_people_in_5_teams() -> None:
    found = read_golive(EXAMPLE / "golive.toml", today=date(2027, 1, 4))
    assert found.team_sizes == {"Front desk": 11, "Nursing": 11, "Clinicians": 8, "Billing": 7, "Referrals": 5}
    assert found.warnings == ()
    assert [lead.address for lead in found.leads] == ["web:lead", "web:second-lead"]


def test_the_example_has_something_of_everything() -> None:
    found = read_golive(EXAMPLE / "golive.toml", today=date(2027, 1, 4))
    assert {person.shift_end for person in found.roster} == {time(13), time(16, 30), time(17), time(19, 30)}
    assert {person.timezone for person in found.roster} > {"America/New_York", "America/Chicago"}
    assert sum(bool(person.leave) for person in found.roster) >= 3
    for team in found.teams:
        assert sum(person.role == "manager" and person.team == team.name for person in found.roster) == 1
        assert sum(check.team == team.name for check in found.knowledge_checks) in (2, 3)
        assert any(person.address == team.manager for person in found.roster)


def test_a_file_with_everything_becomes_values(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert (found.name, found.organisation, found.system) == ("New charting system", "Riverside", "Northstar")
    assert (found.date, found.timezone) == (date(2026, 3, 2), "America/New_York")
    assert found.leads == (Lead("Transition lead", "web:lead"),)
    assert found.deliver == Deliver(pulse="16:30", digest=time(7, 30), quiet=Quiet(time(20), time(7)))
    assert found.teams == (TeamEntry("Front desk", manager="web:desk-manager"), TeamEntry("Nursing"))
    assert found.knowledge_checks[0].wrong == ("Paper", "Later")
    assert len(found.roster) == 12


def test_what_is_left_out_has_a_good_default(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD[: GOOD.index("[deliver]")])
    assert (found.language, found.plan) == ("en", "practice")
    assert (found.group_minimum, found.comment_minimum) == (5, 10)
    assert found.deliver == Deliver("end_of_shift", time(7, 30), Quiet(time(20), time(7)), "unanswered")
    assert found.closed == ()


def test_without_a_list_of_teams_the_roster_names_them(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD[: GOOD.index("[deliver]")])
    assert found.teams == (TeamEntry("Front desk"), TeamEntry("Nursing"))


def test_every_value_has_a_line(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD + '\n[[lead]]\nname = "Second lead"\naddress = "lead@example.org"\n')
    assert found.line("date") == 4
    assert found.line("lead", 1, "address") == 28
    assert found.line("teams", "Front desk", "manager") == 17
    assert found.line("nowhere") == 1


def test_a_team_is_found_by_its_name(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD).team("Front desk").manager == "web:desk-manager"


def test_a_roster_may_lie_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "all.csv").write_text(ROSTER)
    assert len(read(tmp_path, with_top('roster = "people/all.csv"'), roster=None).roster) == 12


def test_closed_days_are_sorted_and_there_once(tmp_path: Path) -> None:
    found = read(tmp_path, with_top('closed = [2026-05-25, "2026-04-03", 2026-05-25]'))
    assert found.closed == (date(2026, 4, 3), date(2026, 5, 25))


def test_a_date_in_quotes_and_a_time_without_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD.replace("2026-03-02", '"2026-03-02"').replace('"07:30"', "07:30:00"))
    assert (found.date, found.deliver.digest) == (date(2026, 3, 2), time(7, 30))


def test_a_larger_group_minimum_holds_for_comments_too(tmp_path: Path) -> None:
    assert read(tmp_path, with_top("group_minimum = 12")).comment_minimum == 12


def test_a_team_may_answer_at_a_time_of_its_own(tmp_path: Path) -> None:
    teams = read(tmp_path, GOOD.replace("Nursing = {}", 'Nursing = { deliver_pulse = "9:15" }')).teams
    assert teams[1].deliver_pulse == "09:15"


def test_a_mistake_reads_as_one_sentence(tmp_path: Path) -> None:
    assert mistakes(tmp_path, GOOD.replace("America/New_York", "EST5")) == [
        (
            'golive.toml, line 5: timezone = "EST5" is not a place. '
            'Write a city\'s zone, for example "America/New_York".'
        ),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ('"New charting system"', '"  "', 1, 'name = "  " is empty.'),
        ('"New charting system"', "7", 1, "name = 7 is not a text. Put it in quotes"),
        ('"New charting system"', "true", 1, "name = true is not a text."),
        ('"New charting system"', '"' + "x" * 121 + '"', 1, "is 121 characters long. Say it in at most 120."),
        ('"New charting system"', '"a\\u202eb"', 1, r'name = "a\u202eb" holds a line break or another character'),
        ('name = "New charting system"', "", 1, 'name is missing. Add name = "New charting system at Riverside".'),
        ("2026-03-02", '"soon"', 4, 'date = "soon" is not a date. Write year-month-day, for example 2027-03-01.'),
        ("2026-03-02", '"2026-02-30"', 4, 'date = "2026-02-30" is a day that no calendar has.'),
        ("2026-03-02", "2026-03-02T10:00:00", 4, "date = 2026-03-02T10:00:00 is not a date."),
        ("2026-03-02", "2026-01-04", 4, "date = 2026-01-04 is in the past. Write the first working day on the new"),
        ("2026-03-02", "2025-03-02", 4, "date = 2025-03-02 is 309 days ago. The plan ends 90 days after the go-live"),
        ("2026-03-02", "2062-03-02", 4, "date = 2062-03-02 is more than three years ahead. Check the year."),
        ("America/New_York", "EST5EDT", 5, 'is not a place. Write a city\'s zone, for example "America/New_York".'),
        ("America/New_York", "GMT+1", 5, 'timezone = "GMT+1" is not a place. Write a city\'s zone, for example'),
        ("America/New_York", "PST", 5, 'Write a city\'s zone, for example "America/Los_Angeles".'),
        ("America/New_York", "Etc/GMT+5", 5, 'timezone = "Etc/GMT+5" is not a place. Write a city\'s zone'),
        ("America/New_York", "New York", 5, 'timezone = "New York" is not a place. Did you mean "America/New_York"?'),
        ("America/New_York", "America/Chicgo", 5, 'Did you mean "America/Chicago"?'),
        ('"web:lead"', '"lead"', 9, 'address = "lead" is not an address. Write it as "web:desk-1"'),
        ('"web:lead"', '"teams:x y"', 9, 'After "teams:" write the person\'s ID, or give the e-mail instead.'),
        ('"web:lead"', '"memory:"', 9, 'After "memory:" write letters, digits, dots, dashes or underscores'),
        ('address = "web:lead"', "", 7, 'address is missing in [lead]. Add address = "web:lead".'),
        ('address = "web:lead"', 'adress = "web:lead"', 9, '"adress" in [lead] is not known. Did you mean "address"?'),
        ('"16:30"', '"shift end"', 12, 'pulse = "shift end" is not a time. Write "end_of_shift", or a local time'),
        ('"16:30"', '"3:30"', 12, 'pulse = "3:30" is before 04:00, and nobody is asked that early.'),
        ('"16:30"', '"21:00"', 12, 'pulse = "21:00" falls into the quiet hours, 20:00 to 07:00. Choose another time'),
        ('"07:30"', '"06:30"', 13, 'digest = "06:30" falls into the quiet hours'),
        ('"07:30"', '"7.30"', 13, 'digest = "7.30" is not a time. Write hours and minutes'),
        ('["20:00", "07:00"]', '"20:00"', 14, 'quiet = "20:00" is not a begin and an end.'),
        ('["20:00", "07:00"]', '["20:00", 7]', 14, 'quiet = ["20:00", 7] does not hold two times.'),
        ('["20:00", "07:00"]', '["20:00", "20:00"]', 14, "leaves no hour of the day."),
        ('["20:00", "07:00"]', '["06:00", "09:00"]', 13, 'digest = "07:30" falls into the quiet hours, 06:00 to 09:00'),
        ('quiet = ["20:00", "07:00"]', 'reminder = "all"', 14, 'Write "unanswered", "everybody" or "none".'),
        ("[deliver]", "[delivery]", 11, '"delivery" is not known. Did you mean "deliver"?'),
        ("Nursing = {}", 'Nursing = "web:n"', 18, 'teams.Nursing = "web:n" is not a table.'),
        ("Nursing = {}", "Nursing = { lead = 1 }", 18, '"lead" in [teams.Nursing] is not known. Take it out; what may'),
        ("Nursing = {}", 'Nursing = { manager = "n" }', 18, 'manager = "n" is not an address.'),
        ("Nursing = {}", 'Nursing = { deliver_pulse = "23:00" }', 18, 'deliver_pulse = "23:00" falls into the quiet'),
        ("Nursing = {}", 'Nursing = {}\n"front desk" = {}', 19, 'The team "front desk" is there twice.'),
        ("Nursing = {}", 'Nursing = {}\n"+1" = {}', 19, 'The team name "+1" begins like a formula.'),
        ('team = "Nursing"', 'team = "nursing"', 21, 'is not one of the teams. Did you mean "Nursing"?'),
        ('team = "Nursing"', 'team = "Labs"', 21, "Write a team as it stands under [teams], or leave team out"),
        ('right = "The queue"', "", 20, 'right is missing in [knowledge_check]. Add right = "the planned way".'),
        ('wrong = ["Paper", "Later"]', "", 20, "wrong is missing in [knowledge_check]."),
        ('["Paper", "Later"]', "[]", 24, "wrong = [] holds 0 answers. Give 1 to 4 wrong answers."),
        ('["Paper", "Later"]', '["1", "2", "3", "4", "5", "6"]', 24, "holds 6 answers."),
        ('["Paper", "Later"]', '"Paper"', 24, 'wrong = "Paper" is not a list. Put it in square brackets'),
        ('["Paper", "Later"]', '["Paper", 2]', 24, "2 in wrong is not a text."),
        ('["Paper", "Later"]', '["Paper", "the queue"]', 24, "holds the right answer too."),
        ('["Paper", "Later"]', '["Paper", "paper"]', 24, "holds the same answer twice."),
        ("[[knowledge_check]]", "[knowledge_check]", 20, "There may be several: [[knowledge_check]]."),
    ],
)
def test_a_slip_is_said_with_its_line(tmp_path: Path, right: str, wrong: str, line: int, said: str) -> None:
    assert right in GOOD
    found = mistakes(tmp_path, GOOD.replace(right, wrong, 1))
    assert any(one.startswith(f"golive.toml, line {line}: ") and said in one for one in found), found


@pytest.mark.parametrize(
    ("top", "said"),
    [
        ('language = "de"', 'language = "de" is not known here. Write "en".'),
        ('plan = "practise"', 'plan = "practise" is not known here. Did you mean "practice"?'),
        ("group_minimum = 2", "is not between 3 and 50. Groups under 3 would show who said what."),
        ('group_minimum = "5"', 'group_minimum = "5" is not a whole number. Write a number from 3 to 50, without'),
        ("group_minimum = true", "group_minimum = true is not a whole number."),
        ("group_minimum = 0x" + "f" * 5000, "group_minimum = a very large number is not between 3 and 50."),
        ("comment_minimum = 4", "comment_minimum = 4 is not between 5 and 500. It may not be under group_minimum."),
        ("closed = 2026-05-25", "closed = 2026-05-25 is not a list. Put it in square brackets"),
        ("closed = [1]", "1 in closed is not a date."),
        ('sytem = "x"', '"sytem" is not known. Take it out; what may stand here: date, group_minimum'),
        ("roster = 1", "roster = 1 is not a text."),
        ("a..b = 1", "a..b = 1 cannot be read."),
        ("system.a = 1", "is there for the second time."),
        ("language = { a = [1, {}] }", "language = { … } is not known here."),
        ("weird = { a = [1, {}] }", '"weird" is not known.'),
    ],
)
def test_a_slip_at_the_top_is_said(tmp_path: Path, top: str, said: str) -> None:
    (only,) = mistakes(tmp_path, with_top(top))
    assert only.startswith("golive.toml, line 6: ")
    assert said in only


def test_a_go_live_without_a_lead_is_told_how_to_name_one(tmp_path: Path) -> None:
    text = GOOD.replace('[[lead]]\nname = "Transition lead"\naddress = "web:lead"\n', "")
    assert mistakes(tmp_path, text) == [
        (
            'golive.toml, line 1: There is no lead. Add [[lead]] and below it name = "Transition lead" '
            'and address = "web:lead".'
        ),
    ]


def test_a_key_with_a_slip_in_its_name_is_one_mistake_and_not_missing_too(tmp_path: Path) -> None:
    assert mistakes(tmp_path, GOOD.replace("system =", "sytem =")) == [
        'golive.toml, line 3: "sytem" is not known. Did you mean "system"?'
    ]


def test_quiet_hours_are_said_where_they_stand_if_the_digest_has_its_usual_time(tmp_path: Path) -> None:
    text = GOOD.replace('digest = "07:30"\n', "").replace('"07:00"', '"08:00"')
    (said,) = mistakes(tmp_path, text)
    assert said.startswith('golive.toml, line 13: digest = "07:30" falls into the quiet hours, 20:00 to 08:00.')


def test_two_leads_with_one_address_are_said(tmp_path: Path) -> None:
    second = '\n[[lead]]\nname = "Second lead"\naddress = "web:lead"\n'
    assert mistakes(tmp_path, GOOD + second) == [
        (
            'golive.toml, line 28: address = "web:lead" is the address of Transition lead too. '
            "Give every lead an address of their own."
        ),
    ]


def test_a_lead_who_works_on_a_team_is_fine(tmp_path: Path) -> None:
    roster = ROSTER.replace("address\n", "address,role\nTransition lead,Nursing,web:lead,lead\n")
    roster = roster.replace("\n", ",\n").replace("role,\n", "role\n").replace("lead,\n", "lead\n")
    assert read(tmp_path, GOOD, roster=roster).team_sizes == {"Front desk": 6, "Nursing": 6}


def test_the_same_knowledge_check_twice_is_said(tmp_path: Path) -> None:
    again = GOOD[GOOD.index("[[knowledge_check]]") :].replace("What", "what")
    assert mistakes(tmp_path, f"{GOOD}\n{again}") == [
        (
            'golive.toml, line 28: text = "what comes first?" is asked in line 22 already. '
            "Change one of the two, or take it out."
        ),
    ]


def test_a_knowledge_check_without_a_team_is_for_everybody(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace('team = "Nursing"\n', "")).knowledge_checks[0].team is None


def test_a_knowledge_check_may_name_a_team_of_the_roster(tmp_path: Path) -> None:
    text = GOOD.replace(GOOD[GOOD.index("[teams]") : GOOD.index("[[knowledge")], "")
    assert read(tmp_path, text).knowledge_checks[0].team == "Nursing"
    (said,) = mistakes(tmp_path, text.replace('team = "Nursing"', 'team = "Labs"'))
    assert "is not one of the teams" in said


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    text = GOOD.replace("America/New_York", "EST").replace('"web:lead"', '"lead"')
    text = text.replace("Nursing = {}", "Nurses = {}")
    found = mistakes(tmp_path, text, roster=ROSTER.replace("web:F-3", "nowhere"))
    places = [said.split(":")[0] for said in found]
    assert places == [
        "golive.toml, line 5",
        "golive.toml, line 9",
        "golive.toml, line 21",
        "roster.csv, line 5",
        *[f"roster.csv, line {line}" for line in range(8, 14)],
    ]


def test_a_missing_roster_is_one_of_the_mistakes(tmp_path: Path) -> None:
    found = mistakes(tmp_path, GOOD, roster=None)
    assert found == [
        f"roster.csv, line 1: There is no file roster.csv in {tmp_path}. Check the name and the folder.",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("date = 2026-03-02", "date = 03/02/2026", "line 4: date = 03/02/2026 is not a date. Write year-month-day"),
        ("date = 2026-03-02", "date = 2026-02-30", "line 4: date = 2026-02-30 is not a date."),
        ("date = 2026-03-02", "date =", "line 4: date = has nothing after the =. Write a value there"),
        ('digest = "07:30"', "digest = 7:30", "line 13: digest = 7:30 is not written as a time. Put it in quotes"),
        (
            '"Northstar"',
            "Northstar",
            'line 3: system = Northstar cannot be read. Put texts in quotes: system = "text".',
        ),
        ('"Northstar"', '"Northstar', 'line 3: system = "Northstar has a quote that is not closed'),
        (
            '"Northstar"',
            "\u201cNorthstar\u201d",
            "line 3: system = \u201cNorthstar\u201d has curly quotes. Write straight",
        ),
        ('system = "Northstar"', "system Northstar", "line 3: system Northstar cannot be read. Write it as name ="),
        ('system = "Northstar"', 'name = "Northstar"', "is there for the second time. Keep one of the two."),
        ("[deliver]", "[deliver", "line 11: [deliver is not a heading. Write it as [teams] or [[lead]]"),
        ('["Paper", "Later"]', '["Paper" "Later"]', "has a bracket that is not closed, or a comma missing."),
        ('["Paper", "Later"]', '[\n"Paper"\n"Later"\n]', "comes while a bracket is open. Close the bracket above"),
        ('["20:00", "07:00"]', '["20:00", "07:00"', "comes while a bracket is open."),
        ('wrong = ["Paper", "Later"]', 'wrong = """', 'wrong = """'),
        ('["Paper", "Later"]', "[" * 5000, "line 1: The brackets are nested too deeply."),
        ('"Northstar"', "9" * 5000, "line 3: system = 9999"),
    ],
)
def test_a_line_that_is_no_toml_is_said_in_plain_words(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in GOOD
    found = mistakes(tmp_path, GOOD.replace(right, wrong, 1))
    assert any(said in one for one in found), found


def test_lines_that_are_no_toml_do_not_hide_the_others(tmp_path: Path) -> None:
    text = GOOD.replace('"Riverside"', "Riverside").replace("2026-03-02", "2.3.2026").replace("America/New_York", "EST")
    found = mistakes(tmp_path, text, roster=ROSTER.replace("web:F-3", "nowhere"))
    assert [said.split(":")[0] for said in found] == [
        "golive.toml, line 2",
        "golive.toml, line 4",
        "golive.toml, line 5",
        "roster.csv, line 5",
    ]


def test_a_file_that_cannot_be_read_at_all_gets_no_list_of_what_is_missing(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, "this is a letter\nto somebody\n")) == 1


def test_a_file_that_cannot_be_read_is_not_blamed_for_its_roster(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, "this is a letter", roster=None)) == 1
    assert len(mistakes(tmp_path, with_top("roster = people.csv"), roster=None)) == 1


def test_a_lead_that_is_no_table_is_said(tmp_path: Path) -> None:
    text = GOOD.replace('[[lead]]\nname = "Transition lead"\naddress = "web:lead"\n', "lead = 5\n")
    (said,) = mistakes(tmp_path, text)
    assert said == (
        "golive.toml, line 7: lead = 5 is not a table. Write [lead] on a line of its own and what belongs to it below."
    )


def test_more_slips_than_anybody_reads_come_to_an_end(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, "".join(f"key_{one} = no quotes\n" for one in range(1000)))) == 50


@pytest.mark.parametrize("text", [b"\xff\xfename", b'name = "\xe9"', b"name\0", b""])
def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path, text: bytes) -> None:
    assert len(mistakes(tmp_path, text)) == 1


def test_a_byte_order_mark_and_windows_line_ends_change_no_line(tmp_path: Path) -> None:
    assert read(tmp_path, ("\ufeff" + GOOD).replace("\n", "\r\n")).line("date") == 4


def test_the_date_of_a_go_live_that_runs_may_lie_in_the_past(tmp_path: Path) -> None:
    past = TODAY - timedelta(120)
    text = GOOD.replace("2026-03-02", past.isoformat())
    assert read(tmp_path, text, known_date=past).date == past


def test_a_go_live_that_runs_does_not_move_into_the_past(tmp_path: Path) -> None:
    with pytest.raises(FileMistakes, match="is in the past"):
        read(tmp_path, GOOD.replace("2026-03-02", "2026-01-02"), known_date=date(2026, 1, 1))


def test_the_go_live_may_be_today(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace("2026-03-02", TODAY.isoformat())).date == TODAY


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("2026-03-02", "2026-03-07", "2026-03-07 is a Saturday. Pulses begin on the next working day."),
        (
            "\n[[lead]]",
            "closed = [2026-03-02]\n\n[[lead]]",
            "2026-03-02 is both the go-live and a closed day. Pulses begin on the next working day.",
        ),
        ("Nursing = {}", "Nursing = {}\nLabs = {}", "Labs has nobody on the roster yet."),
        ("\n[[lead]]", "group_minimum = 7\n\n[[lead]]", "so their answers are read together."),
        (
            'pulse = "16:30"\ndigest = "07:30"\nquiet = ["20:00", "07:00"]',
            'digest = "07:30"\nquiet = ["16:00", "07:00"]',
            "12 people end their shift in the quiet hours, 16:00 to 07:00. Their pulse waits until those are over.",
        ),
    ],
)
def test_what_is_allowed_and_perhaps_not_meant_is_a_warning(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    (warning,) = read(tmp_path, GOOD.replace(right, wrong, 1)).warnings
    assert said in warning


def test_one_person_with_a_late_shift_is_a_warning(tmp_path: Path) -> None:
    roster = ROSTER.replace("address\n", "address,shift_end\n").replace("web:F-0\n", "web:F-0,21:00\n")
    roster = "\n".join(line if line.count(",") == 3 else f"{line}," for line in roster.splitlines())
    (warning,) = read(tmp_path, GOOD.replace('pulse = "16:30"\n', ""), roster=roster).warnings
    assert warning.startswith("1 person ends their shift in the quiet hours")


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [(20, 7, {20, 23, 0, 6}), (12, 14, {12, 13})],
)
def test_quiet_hours_may_go_over_midnight(start: int, end: int, covered: set[int]) -> None:
    quiet = Quiet(time(start), time(end))
    assert {hour for hour in (0, 6, 7, 12, 13, 14, 19, 20, 23) if quiet.covers(time(hour))} == covered


def test_a_value_with_the_mark_of_an_unread_one_is_read_as_it_stands(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD.replace('"Riverside"', '"\ufffe"')).organisation == "\ufffe"


def test_lines_are_known_through_everything_that_toml_allows() -> None:
    text = '''\
# a remark with [brackets] and "quotes
a.b = """
[not.a.table] = "
""" # more
[x."y z"]
c = [ # {
  { d = 1 },
]
"e\\u0041" = 2
[[list]]
[[list]]
[list.sub]
f = \'\'\'
\'\'\'
g = 'it''s'
'''.replace("'it''s'", "'its'")
    lines = key_lines(text)
    assert lines == {
        ("a",): 2,
        ("a", "b"): 2,
        ("x",): 5,
        ("x", "y z"): 5,
        ("x", "y z", "c"): 6,
        ("x", "y z", "eA"): 9,
        ("list",): 10,
        ("list", 0): 10,
        ("list", 1): 11,
        ("list", 1, "sub"): 12,
        ("list", 1, "sub", "f"): 13,
        ("list", 1, "sub", "g"): 15,
    }


@given(st.one_of(st.text(), st.lists(st.text()), st.dates(), st.integers(), st.floats(), st.booleans()))
def test_whatever_is_shown_is_short_and_can_be_seen(value: object) -> None:
    assert shown(value).isprintable()
    assert len(shown(value)) <= 60


pieces = st.sampled_from(
    [
        *GOOD.splitlines(),
        *("[", "]", "[[", "]]", "{", "}", "=", '"', "'''", '"""', ",", "\n", "\r", " ", "#", ".", "\\", "\ufffe"),
        *("1e999", "nan", "-0", "0x", "1979-05-27T07:32:00Z", "07:32:00", "true", "2026-03-02", "a.b.c = 1"),
    ]
)
scraps = st.lists(st.one_of(pieces, st.text(max_size=8)), max_size=30).map(lambda parts: "\n".join(parts).encode())
changed = st.builds(
    lambda at, length, scrap: GOOD.encode()[:at] + scrap + GOOD.encode()[at + length :],
    st.integers(0, len(GOOD)),
    st.integers(0, 40),
    st.one_of(st.binary(max_size=12), st.text(max_size=8).map(str.encode), pieces.map(str.encode)),
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), scraps, changed))
@example(GOOD.encode().replace(b"Front desk", b"\xc2\x80Front desk", 1))  # a team's name that nobody can type again
def test_any_bytes_are_a_go_live_or_sentences(tmp_path: Path, text: bytes) -> None:
    found: tuple[Mistake, ...] = ()
    try:
        assert read(tmp_path, text).name
    except FileMistakes as refused:
        found = refused.mistakes or (NO_MISTAKE,)
    for mistake in found:
        assert 1 <= mistake.line <= text.count(b"\n") + ROSTER.count("\n") + 2
        assert mistake.found.strip()
        assert mistake.expected.strip()
        assert str(mistake).isprintable()


SOURCED = GOOD.replace("Nursing = {}", 'Nursing = { source = "slack:C0123ABCD" }')


def test_a_team_may_come_from_a_channel_and_guests_by_a_word(tmp_path: Path) -> None:
    found = read(tmp_path, f'guests = "in"\n{SOURCED}')
    assert (found.team("Nursing").source, found.guests) == ("slack:C0123ABCD", "in")
    assert read(tmp_path, GOOD).guests == "out"


def test_where_a_team_comes_from_a_channel_there_may_be_no_roster(tmp_path: Path) -> None:
    found = read(tmp_path, SOURCED, roster=None)
    assert found.roster == ()
    assert found.warnings == ("Front desk has nobody on the roster yet.",)


def test_a_roster_that_is_named_must_be_there_even_so(tmp_path: Path) -> None:
    assert "There is no file people.csv" in mistakes_of(tmp_path, f'roster = "people.csv"\n{SOURCED}', roster=None)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("web:desk", 'is no channel and no group. Write it as "slack:C0123ABCD"'),
        ("C0123ABCD", 'is no channel and no group. Write it as "slack:C0123ABCD"'),
        ("slak:C0123ABCD", 'is no channel and no group. Did you mean "slack"?'),
        ("slack:general", 'is no channel and no group. After "slack:" write the ID'),
        ("teams:x y", 'is no channel and no group. After "teams:" write the ID of the team'),
        (7, "is no channel and no group."),
    ],
)
def test_a_source_that_is_none_is_told_with_an_example(tmp_path: Path, source: object, says: str) -> None:
    written = GOOD.replace("Nursing = {}", f"Nursing = {{ source = {json.dumps(source)} }}")
    assert says in mistakes_of(tmp_path, written)


@pytest.mark.parametrize("source", ["slack:T01/C0123ABCD", "slack:S0123ABCD", "teams:19:abc_d@thread.tacv2"])
def test_sources_with_and_without_a_workspace_are_taken(tmp_path: Path, source: str) -> None:
    written = GOOD.replace("Nursing = {}", f'Nursing = {{ source = "{source}" }}')
    assert read(tmp_path, written).team("Nursing").source == source


def test_two_teams_cannot_come_from_one_channel(tmp_path: Path) -> None:
    desk = '"Front desk" = { manager = "web:desk-manager", source = "slack:C0123ABCD" }'
    written = SOURCED.replace('"Front desk" = { manager = "web:desk-manager" }', desk)
    assert '"slack:C0123ABCD" is the source of Front desk too.' in mistakes_of(tmp_path, written)


def test_guests_are_in_or_out(tmp_path: Path) -> None:
    assert 'guests = "some" is not known here. Write "out" or "in".' in mistakes_of(
        tmp_path, f'guests = "some"\n{GOOD}'
    )


def mistakes_of(path: Path, text: str, *, roster: str | None = ROSTER) -> str:
    (path / "roster.csv").unlink(missing_ok=True)
    return "\n".join(mistakes(path, text, roster=roster))
