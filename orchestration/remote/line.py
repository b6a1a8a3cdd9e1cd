"""The connection to a server: opened when needed, again when it broke, given up after some attempts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from orchestration.remote.store import LineBrokenError, Store

_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Patience:
    """How long to put up with a server; times in seconds. The only place of these figures.

    The wait before an attempt doubles from ``first_wait`` up to ``longest_wait``. ``answer`` is the time for
    one answer. ``settle`` is the time over which a file must not change to be taken for finished.
    """

    attempts: int = 5
    first_wait: float = 1
    longest_wait: float = 20
    answer: float = 60
    settle: float = 2


PATIENT = Patience()
# For what is asked again soon anyhow, or by a person who waits.
HASTY = Patience(attempts=1, answer=15)


class Line:
    """A store that mends its connection."""

    def __init__(self, connect: Callable[[], Store], patience: Patience) -> None:
        self._connect = connect
        self._store: Store | None = None
        self._attempts = Retrying(
            stop=stop_after_attempt(patience.attempts),
            wait=wait_exponential(multiplier=patience.first_wait, max=patience.longest_wait),
            retry=retry_if_exception_type(LineBrokenError),
            reraise=True,
        )

    def ask(self, question: Callable[[Store], _Answer]) -> _Answer:
        """What ``question`` gets from the store, asked anew on a new connection when one breaks.

        Raises:
            LineBrokenError: the last attempt broke as well.
        """

        def attempt() -> _Answer:
            return self._ask_once(question)

        return self._attempts(attempt)

    def close(self) -> None:
        """Hang up, if there is a connection."""
        store, self._store = self._store, None
        if store is not None:
            store.close()

    def _ask_once(self, question: Callable[[Store], _Answer]) -> _Answer:
        try:
            if self._store is None:
                self._store = self._connect()
            return question(self._store)
        except LineBrokenError:
            self.close()
            raise
