"""Which deliveries make a check fail: a search that knows nothing of dbt, only what passes without whom.

Pure but for the question it asks. What is built, and what becomes of those found, is ``releasable``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Passes = Callable[[frozenset[str]], bool]
"""Whether the checks pass without these deliveries."""

_FIRST_TAIL, _GROWTH = 8, 8


class TooManyQuestionsError(Exception):
    """The search took more builds than are worth it."""


def bounded(passes: Passes, questions: int) -> Passes:
    """``passes`` for so many questions; the same one costs once.

    Raises:
        TooManyQuestionsError: one more is asked.
    """
    answers: dict[frozenset[str], bool] = {}

    def asked(without: frozenset[str]) -> bool:
        if without not in answers:
            if len(answers) >= questions:
                raise TooManyQuestionsError
            answers[without] = passes(without)
        return answers[without]

    return asked


def culprits(
    order: Sequence[str], named: Sequence[Sequence[str]], most: int, passes: Passes
) -> list[str] | None:
    """Deliveries without which the checks pass, as few as can be told; None if it is not theirs to mend.

    ``order`` holds all deliveries that count, in the order in which they landed; with all of them the checks
    fail. ``named`` are groups that failing rows point at, the likeliest first. More than ``most`` are no
    sender's fault any more.
    """
    for group in named:
        if 0 < len(group) <= most and passes(frozenset(group)):
            return list(group)
    good = _passing_head(order, passes)
    if good is None:
        return None
    found: list[str] = []
    # Without `found` and all that follows the first `good` deliveries the checks pass.
    while good < len(order) and not (found and passes(frozenset(found))):
        low, high = good, len(order)
        while high - low > 1:
            middle = (low + high) // 2
            if passes(frozenset([*found, *order[middle:]])):
                low = middle
            else:
                high = middle
        found.append(order[high - 1])
        good = high
        if len(found) > most:
            return None
    return found


def _passing_head(order: Sequence[str], passes: Passes) -> int | None:
    """How many of the first deliveries pass, looking back from the newest in growing strides."""
    tail = _FIRST_TAIL
    while True:
        left_out = min(tail, len(order))
        if left_out and passes(frozenset(order[len(order) - left_out :])):
            return len(order) - left_out
        if left_out == len(order):
            return None
        tail *= _GROWTH
