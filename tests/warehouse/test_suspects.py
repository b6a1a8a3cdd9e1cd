"""The search for deliveries that make a check fail, on made-up deliveries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.warehouse.suspects import TooManyQuestionsError, bounded, culprits

COUNTS = st.integers(1, 300)
FAULTS = st.lists(st.frozensets(st.integers(0, 299), min_size=1, max_size=2), min_size=1, max_size=4)


def names(amount: int) -> list[str]:
    return [f"{number:05d}" for number in range(amount)]


@given(amount=COUNTS, faults=FAULTS)
@settings(deadline=None)
def test_what_is_left_passes_and_everybody_found_is_needed(amount: int, faults: list[frozenset[int]]) -> None:
    """A fault is a file, or a pair of files that only fail together: of a pair the later one goes."""
    order = names(amount)
    real = [{f"{number % amount:05d}" for number in fault} for fault in faults]

    def passes(without: frozenset[str]) -> bool:
        return not any(fault.isdisjoint(without) for fault in real)

    found = culprits(order, [], len(order), passes)

    assert found is not None
    assert passes(frozenset(found))
    assert all(not passes(frozenset(found) - {each}) for each in found)


@given(amount=COUNTS, culprit=st.integers(0, 299))
@settings(deadline=None)
def test_one_file_is_found_in_few_questions(amount: int, culprit: int) -> None:
    order = names(amount)
    bad = order[culprit % amount]
    asked = bounded(lambda without: bad in without, questions=16)

    assert culprits(order, [], 10, asked) == [bad]


def test_rows_that_name_a_delivery_spare_the_search() -> None:
    asked = bounded(lambda without: "00007" in without, questions=1)

    assert culprits(names(300), [["00007"]], 10, asked) == ["00007"]


def test_a_wrong_name_accuses_nobody() -> None:
    assert culprits(names(30), [["00007"]], 10, lambda without: "00008" in without) == ["00008"]


def test_what_fails_without_any_delivery_is_nobodys() -> None:
    assert culprits(names(30), [["00007"]], 10, lambda _: False) is None
    assert culprits([], [], 10, lambda _: False) is None


def test_what_half_of_the_province_trips_is_not_the_senders_fault() -> None:
    odd = set(names(30)[::2])

    assert culprits(names(30), [sorted(odd)], 10, lambda without: odd <= without) is None


def test_the_search_ends() -> None:
    with pytest.raises(TooManyQuestionsError):
        culprits(names(300), [], 300, bounded(lambda without: len(without) == 300, questions=3))
