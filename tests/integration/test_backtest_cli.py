"""`pulse backtest`: one JSON object per folder, or sentences; whatever is wrong in a folder is said, with code 2."""

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app

TEAMS = {"Billing": 8, "Desk": 8, "Nurses": 8, "Records": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight weeks; from the third week on nearly everybody at the desk chooses wrong and stays away."""
    dice, folder = Random(3), tmp_path_factory.mktemp("northstar")
    asked, told = [], []
    for day in range(-6, 25, 2):
        on = np.busday_offset(np.datetime64("2026-03-02"), day)
        for team, size in TEAMS.items():
            lost = team == "Desk" and day >= 10
            came = sum(dice.random() < (0.7 if lost else 0.9) for _ in range(size))
            asked.append(f"{on},{team},{size},{came}")
            for _ in range(came):
                said = f"{on},{team},{dice.getrandbits(60):x}"
                wrong = dice.random() < (0.9 if lost else 0.1)
                told += [f"{said},clear,{dice.choice('45')}", f"{said},check,{'a' if wrong else 'b'}"]
    (folder / "golive.toml").write_text('name = "Northstar"\ndate = 2026-03-02\ntimezone = "Europe/Berlin"\n')
    sizes = [f"{team},{size}" for team, size in TEAMS.items()]
    for name, lines in {
        "teams.csv": ["team,size", *sizes],
        "items.csv": ["item,construct,right", "clear,clarity,", "check,knowledge,b"],
        "participation.csv": ["date,team,invited,answered", *asked],
        "answers.csv": ["date,team,response,item,value", *told],
        "questions.csv": ["date,team,text"],
    }.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def backtest(*words: object) -> Result:
    result = CliRunner().invoke(app, ["backtest", *map(str, words)])
    assert "Traceback" not in result.output
    return result


def test_each_folder_is_one_json_object_on_one_line(folder: Path) -> None:
    result = backtest(folder, folder, "--json")
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (result.exit_code, first) == (0, second)
    assert set(first) == {"folder", "alerts", "suppressed"}
    assert first["folder"] == str(folder)


def test_an_alert_has_the_promised_fields(folder: Path) -> None:
    (alert,) = json.loads(backtest(folder, "--json").stdout)["alerts"]
    assert set(alert) == {"kind", "team", "raised_on", "because", "score", "threshold", "route"}
    assert (alert["kind"], alert["team"], alert["route"]) == ("silent_confusion", "Desk", None)
    assert alert["raised_on"] >= "2026-03-16"
    assert alert["score"] >= alert["threshold"]


def test_up_to_a_day_only_what_was_known_by_then_is_told(folder: Path) -> None:
    assert json.loads(backtest(folder, "--json", "--until", "2026-03-13").stdout)["alerts"] == []


def test_without_json_it_is_sentences(folder: Path) -> None:
    result = backtest(folder)
    assert result.stdout.startswith(f"Northstar ({folder}), 4 teams, on the new system since 2026-03-02\n")
    assert "silent confusion, Desk: Since " in result.stdout
    assert "Nothing would have been raised." in backtest(folder, "--until", "2026-03-13").stdout


def test_what_teams_under_the_minimum_would_have_shown_is_withheld(folder: Path) -> None:
    told = json.loads(backtest(folder, "--json", "--minimum", "9").stdout)
    assert (told["alerts"], [one["team"] for one in told["suppressed"]]) == ([], ["Desk"])
    assert "withheld, silent confusion, Desk" in backtest(folder, "--minimum", "9").stdout


def test_a_malformed_row_is_named_with_code_2_and_the_other_folders_are_read(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    rows = (tmp_path / "participation.csv").read_text()
    (tmp_path / "participation.csv").write_text(rows + "2026-03-02,Desk,many,1\n" * 60)
    result = backtest(tmp_path, folder, "--json")
    line = rows.count("\n") + 1
    assert result.exit_code == 2
    assert f'participation.csv, line {line}: invited is "many", not a number of people' in result.stderr
    assert "and 10 more" in result.stderr
    assert [json.loads(told)["folder"] for told in result.stdout.splitlines()] == [str(folder)]


def test_what_is_no_folder_is_said(tmp_path: Path) -> None:
    result = backtest(tmp_path / "nowhere")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nowhere is not a folder." in result.stderr
