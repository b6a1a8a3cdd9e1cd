"""Failed sign-ins, counted over all processes and forgotten in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.superset_app.throttle import WINDOW_SECONDS, FailedSignIns, Limits


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def failures(tmp_path: Path, clock: Clock) -> FailedSignIns:
    return FailedSignIns(
        tmp_path / "failed.db",
        Limits(person_at_address=2, person_at_tired_address=1, address=4, person=6),
        clock,
    )


def test_one_person_guessing_is_turned_away_alone(failures: FailedSignIns) -> None:
    for _ in range(2):
        assert not failures.refused("an", "10.0.0.1")
        failures.note("an", "10.0.0.1")
    assert failures.refused("AN ", "10.0.0.1")
    assert not failures.refused("binh", "10.0.0.1")
    assert not failures.refused("an", "10.0.0.2")


def test_an_address_that_tries_many_names_leaves_each_person_fewer_tries_never_none(
    failures: FailedSignIns,
) -> None:
    for name in ("an", "binh", "chi", "dung"):
        failures.note(name, "10.0.0.1")
    assert not failures.refused("em", "10.0.0.1")
    failures.note("em", "10.0.0.1")
    assert failures.refused("em", "10.0.0.1")
    assert not failures.refused("em", "10.0.0.2")


def test_who_guesses_elsewhere_does_not_lock_the_persons_own_browser(failures: FailedSignIns) -> None:
    for number in range(9):
        failures.note("admin", "10.0.0.1")
        failures.note("admin", f"10.0.0.{number}")
    assert failures.refused("admin", "10.0.0.1")
    assert not failures.refused("admin", "10.0.0.1", "own browser")
    for _ in range(2):
        failures.note("admin", "10.0.0.1", "own browser")
    assert failures.refused("admin", "10.0.0.1", "own browser")


def test_a_name_that_many_addresses_try_is_turned_away(failures: FailedSignIns) -> None:
    for number in range(6):
        failures.note("an", f"10.0.0.{number}")
    assert failures.refused("an", "10.0.0.99")


def test_it_ends_after_a_while(failures: FailedSignIns, clock: Clock) -> None:
    for _ in range(2):
        failures.note("an", "10.0.0.1")
    clock.seconds += WINDOW_SECONDS + 1
    assert not failures.refused("an", "10.0.0.1")


def test_signing_in_forgets_what_the_person_missed(failures: FailedSignIns) -> None:
    failures.note("an", "10.0.0.1")
    failures.forget("an", "10.0.0.1")
    failures.note("an", "10.0.0.1")
    assert not failures.refused("an", "10.0.0.1")


def test_another_process_sees_the_same(tmp_path: Path, failures: FailedSignIns, clock: Clock) -> None:
    for _ in range(2):
        failures.note("an", "10.0.0.1")
    other = FailedSignIns(tmp_path / "failed.db", Limits(person_at_address=2), clock)
    assert other.refused("an", "10.0.0.1")


def test_names_are_not_kept_in_clear(tmp_path: Path, failures: FailedSignIns) -> None:
    failures.note("nguyen.van.an", "10.0.0.1")
    assert b"nguyen" not in (tmp_path / "failed.db").read_bytes()
