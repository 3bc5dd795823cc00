"""Links that open nothing may be tried so often, and true ones always."""

from adapters.web.knocks import MOST, WITHIN, Knocks


class Minute:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_so_many_a_minute_are_let_be() -> None:
    knocks = Knocks(clock=Minute())
    assert [knocks.too_many() for _ in range(MOST + 2)] == [False] * MOST + [True, True]


def test_a_minute_later_they_are_let_be_again() -> None:
    minute = Minute()
    knocks = Knocks(clock=minute)
    for _ in range(MOST + 1):
        knocks.too_many()
    minute.now = WITHIN
    assert knocks.too_many() is False


def test_what_came_too_often_does_not_make_the_wait_longer() -> None:
    minute = Minute()
    knocks = Knocks(clock=minute)
    for second in range(int(WITHIN)):
        minute.now = second
        for _ in range(MOST):
            knocks.too_many()
    minute.now = WITHIN
    assert knocks.too_many() is False
