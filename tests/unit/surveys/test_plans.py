"""The ready plans hold what the timeline promises, and a plan that contradicts itself is refused."""

from itertools import pairwise

import pytest

from surveys.plans import CONSTRUCTS, Plan, PlanBroken, UnknownPlan, load_plan, plan_names, read_plan

ONE_PHASE = """
[[phase]]
name = "readiness"
first = -60
last = -31
weekdays = ["tue"]
closes = 3
reminder = true
rounds = [["why", "mapped"]]
"""


@pytest.fixture(params=plan_names())
def plan(request: pytest.FixtureRequest) -> Plan:
    return load_plan(request.param)


def rounds_of(plan: Plan) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (phase.name, constructs)
        for phase in plan.phases
        for constructs in (*phase.rounds, *(special.constructs for special in phase.special_days))
    ]


def test_the_ready_plans_are_one_for_a_practice_and_a_lighter_one() -> None:
    assert plan_names() == ("practice", "small_practice")


def test_a_plan_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(UnknownPlan) as refused:
        load_plan("practise")
    assert str(refused.value) == (
        'There is no plan named "practise". Did you mean "practice"? The plans are "practice", "small_practice".'
    )


def test_a_name_like_nothing_gets_no_guess() -> None:
    with pytest.raises(UnknownPlan, match=r'named "\.\./x"\. The plans are'):
        load_plan("../x")


def test_every_plan_covers_the_whole_timeline(plan: Plan) -> None:
    assert [(phase.name, phase.first, phase.last) for phase in plan.phases] == [
        ("readiness", -60, -31),
        ("preparation", -30, -8),
        ("eve", -7, -1),
        ("cutover", 0, 14),
        ("hypercare", 15, 42),
        ("stabilisation", 43, 90),
    ]


def test_every_construct_of_a_phase_is_asked_in_it(plan: Plan) -> None:
    for phase in plan.phases:
        asked = {construct for name, constructs in rounds_of(plan) if name == phase.name for construct in constructs}
        assert asked <= CONSTRUCTS[phase.name]
        if plan.name == "practice":
            assert asked == CONSTRUCTS[phase.name]


def test_routes_are_asked_in_every_pulse_from_the_go_live_on(plan: Plan) -> None:
    for phase, constructs in rounds_of(plan):
        if phase in ("cutover", "hypercare", "stabilisation"):
            assert ("route", "route_new") in pairwise(constructs)


def test_a_knowledge_check_follows_the_question_of_how_clear_things_are(plan: Plan) -> None:
    """Fine but wrong is seen only where both are asked in one pulse, and the check must not colour the other."""
    for _, constructs in rounds_of(plan):
        if "knowledge" in constructs:
            assert constructs.index("clarity") < constructs.index("knowledge")


def test_peers_are_compared_with_oneself_in_the_same_pulse(plan: Plan) -> None:
    assert all("clarity" in constructs for _, constructs in rounds_of(plan) if "peers" in constructs)


def test_only_slow_rhythms_have_a_reminder() -> None:
    reminders = {phase.name: phase.reminder for phase in load_plan("practice").phases}
    assert [name for name, reminder in reminders.items() if reminder] == ["readiness", "preparation", "stabilisation"]


def test_a_practice_is_asked_on_every_working_day_of_the_cutover() -> None:
    cutover = load_plan("practice").phases[3]
    assert cutover.weekdays == (0, 1, 2, 3, 4)
    assert [special.day for special in cutover.special_days] == [3, 7, 10]
    assert all("answered" in special.constructs for special in cutover.special_days)


def test_a_phase_closes_at_noon_and_comes_every_week_unless_it_says_otherwise() -> None:
    phase = read_plan("mine", ONE_PHASE).phases[0]
    assert (f"{phase.closes_at:%H:%M}", phase.every_weeks) == ("12:00", 1)


def test_the_working_week_holds_the_saturday_that_a_plan_asks_on() -> None:
    assert read_plan("mine", ONE_PHASE).working_week == {0, 1, 2, 3, 4}
    assert read_plan("mine", ONE_PHASE.replace('"tue"', '"sat"')).working_week == {0, 1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("right", "wrong", "because"),
    [
        ('"readiness"', '"reddiness"', "is not a phase"),
        ("last = -31", "last = -61", "days in order"),
        ("closes = 3", "closes = 0", "at least 1"),
        ("closes = 3", "", "'closes' is missing"),
        ('"tue"', '"tues"', '"tues" is not a weekday'),
        ('["why", "mapped"]', '["why"]', "2 to 4 different things"),
        ('["why", "mapped"]', '["why", "why"]', "2 to 4 different things"),
        ('["why", "mapped"]', '["why", "mapped", "informed", "own_work", "unwritten_step"]', "2 to 4"),
        ('["why", "mapped"]', '["why", "trust"]', "'trust'.* cannot be asked"),
        ('[["why", "mapped"]]', '[["why", "mapped"]]\n[[phase.day]]\nday = 3\nround = ["why", "mapped"]', "outside"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(right: str, wrong: str, because: str) -> None:
    with pytest.raises(PlanBroken, match=because):
        read_plan("mine", ONE_PHASE.replace(right, wrong))


@pytest.mark.parametrize("round_", ['["route", "trust"]', '["route", "trust", "route_new"]', '["trust", "route_new"]'])
def test_a_route_without_the_question_whether_it_is_new_is_refused(round_: str) -> None:
    text = ONE_PHASE.replace('"readiness"', '"stabilisation"').replace('["why", "mapped"]', round_)
    with pytest.raises(PlanBroken, match="route is always followed by route_new"):
        read_plan("mine", text)


def test_phases_come_once_and_in_order() -> None:
    with pytest.raises(PlanBroken, match="once each"):
        read_plan("mine", ONE_PHASE + ONE_PHASE)


def test_phases_do_not_overlap() -> None:
    later = ONE_PHASE.replace('"readiness"', '"preparation"').replace('"why", "mapped"', '"unaided", "asking_ok"')
    with pytest.raises(PlanBroken, match="begins before readiness has ended"):
        read_plan("mine", ONE_PHASE + later)
