"""Keys: in a file that is always whole, that two processes may change, and that a running one reads again."""

import os
import stat
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import KeysUnreadable
from bot.storage.keychain import (
    Keychain,
    open_keychain,
    with_drawer,
    with_new_keys,
    with_newest_alone,
    without_drawer,
)
from bot.storage.keys import draw_keys, draw_ring, read, read_or_create, write
from surveys.errors import NoLongerKept
from surveys.receipts import FULL, Work

TODAY = date(2027, 3, 1)
names = st.sampled_from(["1.2027-02", "1.2027-03", "2.2027-03"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    read_or_create(tmp_path / "pulse.keys")
    return tmp_path / "pulse.keys"


def test_what_is_written_is_read_again(path: Path) -> None:
    keys = with_new_keys(without_drawer(with_drawer(draw_keys(), "1.2027-03"), "1.2027-02"), today=TODAY)
    write(path, keys)
    assert read(path) == keys


def test_a_file_written_anew_is_its_owners_alone(path: Path) -> None:
    write(path, draw_keys())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_writing_anew_leaves_nothing_else_behind(path: Path) -> None:
    write(path, draw_keys())
    assert [found.name for found in path.parent.iterdir()] == ["pulse.keys"]


def test_what_a_link_points_to_is_replaced_and_not_the_link(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked.keys"
    link.symlink_to(path)
    keys = draw_keys()
    write(link, keys)
    assert link.is_symlink()
    assert read(path) == keys


def test_a_drawer_is_drawn_into_the_file_before_anything_is_put_into_it(path: Path) -> None:
    token = open_keychain(path).closes("1.2027-03").encrypt(b"x")
    assert open_keychain(path).opens("1.2027-03").decrypt(token) == b"x"


def test_a_drawer_that_was_never_drawn_opens_nothing(path: Path) -> None:
    with pytest.raises(NoLongerKept):
        open_keychain(path).opens("1.2027-03")


def test_a_destroyed_drawer_takes_nothing_in(path: Path) -> None:
    keychain = open_keychain(path)
    keychain.closes("1.2027-03")
    keychain.change(lambda keys: without_drawer(keys, "1.2027-03"))
    with pytest.raises(NoLongerKept):
        keychain.closes("1.2027-03")


def test_what_another_process_destroys_opens_nothing_here(path: Path) -> None:
    running, other = open_keychain(path), open_keychain(path)
    running.closes("1.2027-03")
    other.change(lambda keys: without_drawer(keys, "1.2027-03"))
    with pytest.raises(NoLongerKept):
        running.opens("1.2027-03")


def test_what_another_process_draws_is_known_here(path: Path) -> None:
    running, other = open_keychain(path), open_keychain(path)
    token = other.closes("1.2027-03").encrypt(b"x")
    assert running.opens("1.2027-03").decrypt(token) == b"x"


def test_many_that_change_at_once_lose_nothing(path: Path) -> None:
    drawers = [f"{n}.2027-03" for n in range(24)]
    chains = [open_keychain(path) for _ in range(4)]
    threads = [threading.Thread(target=chains[n % 4].closes, args=(name,)) for n, name in enumerate(drawers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(name for name, _ in read(path).drawers) == sorted(drawers)


def test_two_that_draw_the_same_drawer_agree_on_its_key(path: Path) -> None:
    one, other = open_keychain(path), open_keychain(path)
    token = one.closes("1.2027-03").encrypt(b"x")
    assert other.closes("1.2027-03").decrypt(token) == b"x"


def test_a_file_that_somebody_is_copying_by_hand_stops_nobody(path: Path) -> None:
    keychain = open_keychain(path)
    before = keychain.current()
    path.write_text("{")
    assert keychain.current() == before


def test_a_file_that_is_gone_stops_nobody_who_reads(path: Path) -> None:
    keychain = open_keychain(path)
    before = keychain.current()
    path.unlink()
    assert keychain.current() == before


def test_a_damaged_file_is_never_written_over(path: Path) -> None:
    keychain = open_keychain(path)
    path.write_text("{")
    with pytest.raises(KeysUnreadable):
        keychain.change(lambda keys: with_drawer(keys, "1.2027-03"))
    assert path.read_text() == "{"


def test_a_file_that_is_gone_cannot_be_changed(path: Path) -> None:
    keychain = open_keychain(path)
    path.unlink()
    with pytest.raises(KeysUnreadable, match="cannot be changed"):
        keychain.closes("1.2027-03")


def test_a_change_that_changes_nothing_leaves_the_file_alone(path: Path) -> None:
    before = path.stat()
    open_keychain(path).change(lambda keys: keys)
    assert os.path.samestat(path.stat(), before)


def test_without_a_file_keys_live_in_memory() -> None:
    keychain = Keychain(draw_keys())
    token = keychain.closes("1.2027-03").encrypt(b"x")
    assert keychain.opens("1.2027-03").decrypt(token) == b"x"


def test_a_text_that_is_no_fernet_key_is_damage(path: Path) -> None:
    write(path, replace(draw_keys(), texts=("short",)))
    with pytest.raises(KeysUnreadable):
        read(path)


@given(drawn=st.lists(names), destroyed=st.lists(names))
def test_a_name_is_never_both_there_and_destroyed(drawn: list[str], destroyed: list[str]) -> None:
    keys = draw_keys()
    for name in drawn:
        keys = with_drawer(keys, name)
    for name in destroyed:
        keys = without_drawer(keys, name)
    for name in drawn:
        keys = with_drawer(keys, name)
    assert {name for name, _ in keys.drawers} == set(drawn) - set(destroyed)
    assert set(keys.destroyed) == set(destroyed)


@given(times=st.integers(1, 4))
def test_beginning_a_rotation_again_goes_on_with_the_same_key(times: int) -> None:
    keys = with_drawer(draw_keys(), "1.2027-03")
    first = with_new_keys(keys, today=TODAY)
    for _ in range(times):
        keys = with_new_keys(keys, today=TODAY)
    assert (len(keys.texts), keys.in_rotation, keys.drawn) == (2, True, TODAY)
    assert with_new_keys(first, today=TODAY) == first


def test_a_finished_rotation_leaves_the_newest_alone() -> None:
    keys = replace(with_drawer(draw_keys(), "1.2027-03"), texts=draw_ring() + draw_ring())
    finished = with_newest_alone(keys)
    assert finished.texts == keys.texts[:1]
    assert not finished.in_rotation


def test_outside_of_tests_every_guess_at_a_receipt_costs_its_full_price(path: Path) -> None:
    assert (draw_keys().guess, read_or_create(path).guess) == (FULL, FULL)


def test_no_file_can_make_a_guess_cheaper(path: Path) -> None:
    write(path, replace(draw_keys(), guess=Work(1, 8192)))
    path.write_text(path.read_text().replace("{", '{"guess": [1, 8192],', 1))
    assert read(path).guess == FULL
