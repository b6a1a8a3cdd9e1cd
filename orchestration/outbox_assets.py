"""What goes back to the senders, as assets beside the way of the data.

Nothing depends on them: whatever goes wrong here is a failed check with a sentence, and neither the build nor
the release waits for it.
"""

# No postponed annotations here: Dagster reads the annotations of the functions it decorates.

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.asset_checks import LAKE, RELEASE, warning
from orchestration.errors import MotcuaError
from orchestration.resources import Steps, Watcher
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.reports.outbox import Posted

FAULT_LETTERS = dg.AssetKey("fault_letters")
DELIVERY_SUMMARY = dg.AssetKey("delivery_summary")
LETTERS_WRITTEN = dg.AssetCheckSpec(
    "letters_written", asset=FAULT_LETTERS, description="Mọi thư lỗi và bản tổng hợp đều ghi được."
)
SUMMARIES_WRITTEN = dg.AssetCheckSpec(
    "summaries_written",
    asset=DELIVERY_SUMMARY,
    description="Mọi bản tổng hợp và thư theo bản công bố đều ghi được.",
)
_OUTBOX_POOL = "outbox"


def fault_letters_asset() -> dg.AssetsDefinition:
    """A letter per commune with something to mend, and the day's summary, as known before the build."""

    @dg.asset(
        key=FAULT_LETTERS,
        deps=[LAKE],
        group_name="outbox",
        check_specs=[LETTERS_WRITTEN],
        # Before the build, whose failed check would end the run.
        op_tags={"dagster/priority": "1"},
        pool=_OUTBOX_POOL,
        kinds={"excel"},
        description="Thư lỗi gửi lại từng xã, phường (fault letters, one per commune with rejects).",
    )
    def fault_letters(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        steps: dg.ResourceParam[Steps],
        watcher: dg.ResourceParam[Watcher],
    ) -> Generator[dg.MaterializeResult[Any]]:
        watcher.tell("Lập thư lỗi")
        yield _result(context, lambda: steps.post_letters(settings), LETTERS_WRITTEN, settings)

    return fault_letters


def delivery_summary_asset() -> dg.AssetsDefinition:
    """Summaries and letters again, now that the release says who is missing or late and what is in doubt."""

    @dg.asset(
        key=DELIVERY_SUMMARY,
        # The same files are written by both, so the letters come first.
        deps=[RELEASE, FAULT_LETTERS],
        group_name="outbox",
        check_specs=[SUMMARIES_WRITTEN],
        pool=_OUTBOX_POOL,
        kinds={"excel"},
        description=(
            "Tổng hợp giao nhận từng ngày cho trung tâm tỉnh, và dòng nghi vấn trong thư (daily summary for "
            "the province; doubts in the letters)."
        ),
    )
    def delivery_summary(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        steps: dg.ResourceParam[Steps],
        watcher: dg.ResourceParam[Watcher],
    ) -> Generator[dg.MaterializeResult[Any]]:
        watcher.tell("Lập bản tổng hợp và thư")
        yield _result(context, lambda: steps.post_summaries(settings), SUMMARIES_WRITTEN, settings)

    return delivery_summary


def _result(
    context: dg.AssetExecutionContext,
    post: Callable[[], "Posted"],
    check: dg.AssetCheckSpec,
    settings: Settings,
) -> dg.MaterializeResult[Any]:
    """Do it, and tell what came of it; a failure is told as well, and stops nothing."""
    counts: dict[str, int] = {}
    try:
        posted = post()
        counts = {
            "days": len(posted.days),
            "letters": posted.letters,
            "written": posted.written,
            "removed": posted.removed,
        }
        faults = list(posted.faults)
    except MotcuaError as error:
        faults = [str(error)]
    except Exception as error:
        # A defect in a letter must not cost the province its figures; the log has its traceback.
        context.log.exception("Posting failed.")
        faults = [f"Lỗi ngoài dự kiến ({type(error).__name__}); chi tiết trong nhật ký của lần chạy này."]
    return dg.MaterializeResult(
        metadata={"outbox": dg.MetadataValue.path(str(settings.paths.outbox)), "faults": faults, **counts},
        check_results=[warning(check, passed=not faults, faults=faults)],
    )
