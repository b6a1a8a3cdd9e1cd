"""What is told of past runs: how long their steps took, and why one failed, without values of rows."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration.errors import HeldBackError
from orchestration.release.history import PastRun
from orchestration.services.run_history import runs_of


def run_that(error: Exception | None) -> PastRun:
    """A run whose step ``lake`` passes and whose step ``warehouse`` raises ``error``."""

    @dg.op
    def lake() -> int:
        return 1

    @dg.op
    def warehouse(landed: int) -> None:
        if error is not None:
            raise error

    @dg.job
    def daily() -> None:
        warehouse(lake())

    with dg.DagsterInstance.ephemeral() as instance:
        daily.execute_in_process(instance=instance, raise_on_error=False)
        (run,) = runs_of(instance, 5)
    return run


def test_a_run_that_went_well() -> None:
    run = run_that(None)
    assert (run.job_name, run.status, run.cause, run.release_seconds) == ("daily", "success", None, None)
    assert run.ended_at is not None
    assert run.landing_seconds is not None
    assert run.build_seconds is not None


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (HeldBackError("Phép kiểm tra x không đạt: 7 dòng."), "Phép kiểm tra x không đạt: 7 dòng."),
        (KeyError("Nguyễn Văn A"), "Lỗi KeyError; xem nhật ký lần chạy trong Dagster."),
    ],
)
def test_the_first_cause_is_told_in_our_own_words_only(error: Exception, cause: str) -> None:
    run = run_that(error)
    assert (run.status, run.cause) == ("failure", cause)
