"""What a wave asks, and what it takes as an answer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.bank import Bank, Phase, load_bank
from surveys.errors import AnswerRefused
from surveys.instruments import (
    LONGEST_REMARK,
    Answer,
    AskedQuestion,
    Instrument,
    NotAnOption,
    Remark,
    RemarkTooLong,
    build_instrument,
    parse_answers,
)
from surveys.knowledge_checks import KnowledgeCheck, load_templates
from surveys.plans import load_plan, plan_names

BANK = load_bank()
DESK = KnowledgeCheck("Front desk", "What comes first?", "Coverage", ("Paper list", "Old card", "Come back"))
DESK_TOO = KnowledgeCheck("Front desk", "What comes second?", "A copy", ("Nothing", "A stamp", "A call"))
ANYBODY = KnowledgeCheck(None, "Where does it go?", "The queue", ("The tray", "The desk", "The bin"))
DAILY = ("clarity", "knowledge", "route", "route_new")


def build(*constructs: str, **but: Any) -> Instrument:
    options: dict[str, Any] = {
        "phase": Phase.CUTOVER,
        "round_index": 0,
        "team_checks": (DESK,),
        "language": "en",
        "system": "Northstar",
        "seed": 7,
    }
    return build_instrument(BANK, constructs=constructs, **{**options, **but})


def constructs_of(instrument: Instrument) -> list[str]:
    return [question.construct for question in instrument.questions]


def wordings(construct: str, rounds: range, *, phase: Phase = Phase.CUTOVER) -> list[str]:
    return [build(construct, round_index=index, phase=phase).questions[0].name for index in rounds]


def test_the_constructs_are_asked_in_their_order() -> None:
    assert constructs_of(build(*DAILY)) == list(DAILY)


def test_the_system_has_its_name_in_what_is_asked() -> None:
    assert "Northstar" in build("peers", phase=Phase.PREPARATION).questions[0].text


@pytest.mark.parametrize("constructs", [(), ("clarity", "clarity"), ("clarity", "ease", "stuck", "route", "peers")])
def test_a_wave_asks_one_to_four_different_things(constructs: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="1 to 4 different constructs"):
        build(*constructs)


def test_a_construct_that_a_phase_does_not_know_is_named() -> None:
    with pytest.raises(ValueError, match="no item for 'fallback' in cutover"):
        build("fallback")


@pytest.mark.parametrize("construct", ["clarity", "ease", "got_through"])
def test_every_wording_comes_once_before_any_comes_again(construct: str) -> None:
    assert len(set(wordings(construct, range(3, 6)))) == 3


def test_two_constructs_do_not_always_pair_the_same_wordings() -> None:
    rounds = range(60)
    pairs = set(zip(wordings("clarity", rounds), wordings("ease", rounds), strict=True))
    assert len(pairs) == 9


def test_a_construct_of_every_second_wave_still_shows_all_its_wordings() -> None:
    assert len(set(wordings("stuck", range(1, 15, 2)))) == 2


def test_the_wording_does_not_hang_on_the_team_or_its_seed() -> None:
    assert build("clarity", seed=1) == build("clarity", seed=2, team_checks=())


def test_a_check_is_asked_with_letters_and_not_sure() -> None:
    check = build("clarity", "knowledge").questions[1]
    assert [value for value, _ in check.options] == ["a", "b", "c", "d", "ns"]


def test_only_the_right_answer_of_a_check_is_right() -> None:
    check = build("clarity", "knowledge").questions[1]
    assert {dict(check.options)[value] for value, _ in check.options if check.is_right(value)} == {"Coverage"}


def test_not_sure_is_neither_right_nor_wrong() -> None:
    assert build("clarity", "knowledge").questions[1].is_right("ns") is None


def test_other_questions_have_no_right_answer() -> None:
    assert build("clarity").questions[0].is_right("5") is None


def test_own_checks_come_before_those_for_everybody() -> None:
    asked = [
        build("knowledge", round_index=index, team_checks=(ANYBODY, DESK, DESK_TOO)).questions[0].text
        for index in range(4)
    ]
    assert asked == [DESK.text, DESK_TOO.text, ANYBODY.text, DESK.text]


def test_the_number_of_checks_before_decides_which_comes_next() -> None:
    instrument = build("knowledge", round_index=4, checks_before=3, team_checks=(DESK, DESK_TOO))
    assert instrument.questions[0].text == DESK_TOO.text


@pytest.mark.parametrize(
    ("phase", "constructs", "asked"),
    [
        ("cutover", ["clarity", "knowledge", "route", "route_new"], ["clarity", "peers", "route", "route_new"]),
        ("cutover", ["peers", "knowledge", "clarity"], ["peers", "got_through", "clarity"]),
        ("cutover", ["peers", "knowledge", "got_through"], ["peers", "got_through"]),
        ("readiness", ["why", "knowledge", "own_work"], ["why", "own_work"]),
    ],
)
def test_a_team_without_a_check_is_asked_something_else(phase: str, constructs: list[str], asked: list[str]) -> None:
    assert constructs_of(build(*constructs, phase=phase, team_checks=())) == asked


@pytest.mark.parametrize("plan", plan_names())
def test_every_pulse_of_a_ready_plan_can_be_asked_within_a_minute(plan: str) -> None:
    checks = [template.check(system="Northstar EHR", team=None) for template in load_templates()]
    longest = 0.0
    for phase in load_plan(plan).phases:
        for constructs in (*phase.rounds, *(day.constructs for day in phase.special_days)):
            for index in range(len(checks)):
                instrument = build(
                    *constructs, phase=phase.name, round_index=index, team_checks=checks, system="Northstar EHR"
                )
                assert len(instrument.questions) == len(constructs)
                longest = max(longest, instrument.seconds)
    assert longest < 60


def test_an_instrument_comes_back_from_storage_as_it_was() -> None:
    instrument = build(*DAILY)
    assert Instrument.from_json(json.loads(json.dumps(instrument.to_json()))) == instrument


def test_a_question_is_found_by_its_name() -> None:
    instrument = build(*DAILY)
    assert instrument.question(instrument.questions[2].name) is instrument.questions[2]


def test_a_question_that_was_not_asked_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        build("clarity").question("ease_today")


@pytest.fixture
def asked() -> Instrument:
    yes_no = (("yes", "yes"), ("no", "no"), ("ns", "not sure"))
    routes = (("none", "no need"), ("paper", "paper"), ("other", "something else"))
    return Instrument(
        (
            AskedQuestion("new", "route_new", "New?", "yes_no", yes_no),
            AskedQuestion("route", "route", "Which?", "routes", routes, several=True),
            AskedQuestion("gap", "makes_no_sense", "What?", "text", ()),
        )
    )


def test_answers_come_in_the_order_of_the_questions(asked: Instrument) -> None:
    answers, _ = parse_answers(asked, {"route": ["paper"], "new": ["yes"]})
    assert answers == (Answer("new", "route_new", "yes"), Answer("route", "route", "paper"))


def test_several_routes_give_several_answers_once_each(asked: Instrument) -> None:
    answers, _ = parse_answers(asked, {"route": ["other", "paper", "other"]})
    assert [answer.value for answer in answers] == ["paper", "other"]


def test_a_route_outweighs_no_need(asked: Instrument) -> None:
    answers, _ = parse_answers(asked, {"route": ["none", "paper"]})
    assert [answer.value for answer in answers] == ["paper"]


def test_no_need_alone_is_an_answer(asked: Instrument) -> None:
    answers, _ = parse_answers(asked, {"route": ["none"]})
    assert [answer.value for answer in answers] == ["none"]


@pytest.mark.parametrize("values", [{}, {"new": []}, {"new": [""], "route": ["", ""], "gap": [" \n"], "remark": [""]}])
def test_what_was_left_open_is_left_out(asked: Instrument, values: dict[str, list[str]]) -> None:
    assert parse_answers(asked, values) == ((), ())


@pytest.mark.parametrize(
    "values", [{"colour": ["red"]}, {"new": ["maybe"]}, {"new": ["yes", "no"]}, {"route": ["paper", "pigeon"]}]
)
def test_what_was_not_shown_is_refused_in_a_sentence(asked: Instrument, values: dict[str, list[str]]) -> None:
    with pytest.raises(NotAnOption, match="not one of the answers to this question"):
        parse_answers(asked, values)


def test_a_text_is_a_remark_and_not_an_answer(asked: Instrument) -> None:
    assert parse_answers(asked, {"gap": ["  the tray\n"]}) == ((), (Remark("gap", "the tray"),))


def test_anything_else_may_be_said_under_every_pulse() -> None:
    _, remarks = parse_answers(build("clarity"), {"remark": ["The printer 🖨\ufe0f is gone"]})
    assert remarks == (Remark("remark", "The printer 🖨\ufe0f is gone"),)


def test_a_question_of_that_name_takes_its_place() -> None:
    instrument = Instrument((AskedQuestion("remark", "fix_next", "What next?", "text", ()),))
    assert parse_answers(instrument, {"remark": ["labels"]})[1] == (Remark("remark", "labels"),)


def test_what_cannot_be_seen_is_not_kept(asked: Instrument) -> None:
    _, remarks = parse_answers(asked, {"gap": ["a\x00b\x1b[31m\u202ec\r\nd"]})
    assert remarks[0].text == "ab[31mc\nd"


def test_a_text_of_the_longest_length_is_taken(asked: Instrument) -> None:
    _, remarks = parse_answers(asked, {"gap": ["x" * LONGEST_REMARK]})
    assert len(remarks[0].text) == LONGEST_REMARK


def test_a_longer_text_is_told_how_long_it_is(asked: Instrument) -> None:
    with pytest.raises(RemarkTooLong, match="has 100000 characters; 1000 fit"):
        parse_answers(asked, {"gap": ["x" * 100_000]})


def test_the_length_of_a_text_is_a_fact_for_every_language(asked: Instrument) -> None:
    with pytest.raises(AnswerRefused) as caught:
        parse_answers(asked, {"gap": ["x" * 1001]})
    assert caught.value.facts == {"length": 1001, "longest": 1000}


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=30), max_size=3), max_size=4))
def test_whatever_comes_in_is_taken_or_refused(values: dict[str, list[str]]) -> None:
    instrument = build(*DAILY)
    shown = {(q.name, value) for q in instrument.questions for value, _ in q.options}
    try:
        answers, _ = parse_answers(instrument, values)
    except NotAnOption:
        return
    assert {(answer.item, answer.value) for answer in answers} <= shown


@given(st.sampled_from(Phase), st.integers(0, 400), st.data())
def test_whatever_a_plan_asks_for_is_asked(phase: Phase, index: int, data: st.DataObject) -> None:
    known = st.sampled_from([*BANK.constructs(phase), "knowledge"])
    constructs = data.draw(st.lists(known, min_size=1, max_size=4, unique=True))
    assert constructs_of(build(*constructs, phase=phase, round_index=index)) == constructs


def test_the_bank_can_be_any_bank() -> None:
    only = Bank({"ease_today": BANK.item("ease_today")}, BANK.labels)
    instrument = build_instrument(
        only, phase="cutover", constructs=["ease"], round_index=9, team_checks=(), language="xx", system="S", seed="w1"
    )
    assert instrument.questions[0].name == "ease_today"
