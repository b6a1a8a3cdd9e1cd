"""How commands speak: results on standard output, progress and faults on standard error.

A fault that a person can mend is its sentence. Anything else is a defect: its traceback goes to a log, and
the user is told where.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.clock import local_now
from orchestration.errors import HeldBackError, MotcuaError

if TYPE_CHECKING:
    from rich.console import Console

HELD_BACK = 1
FAULT = 2
INTERRUPTED = 130


def stderr() -> Console:
    """A console on standard error; plain where that is no terminal."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def progress(begin: str) -> Generator[Callable[[str], None]]:
    """Show what is going on and for how long; yields the function to tell the next thing.

    On a terminal one line that moves; elsewhere (a log, CI) a line for each new thing.
    """
    console = stderr()
    if not console.is_terminal:
        console.print(f"{begin}…", markup=False)
        last = begin

        def tell(text: str) -> None:
            nonlocal last
            # Counters would fill a log: only what stands before the bracket makes a new line.
            if text.partition(" (")[0] != last:
                last = text.partition(" (")[0]
                console.print(f"{last}…", markup=False)

        yield tell
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task(begin)
        yield lambda text: bar.update(task, description=text.replace("[", "\\["))


def exit_code(error: BaseException, logs: Callable[[], Path]) -> int:
    """Tell the user about ``error``; return the exit code of the command.

    ``logs`` gives the log directory, and is asked only for a defect.
    """
    if isinstance(error, MotcuaError):
        stderr().print(str(error), markup=False)
        return HELD_BACK if isinstance(error, HeldBackError) else FAULT
    stderr().print(_explain_full_disk(error, logs) or _explain_defect(error, logs), markup=False)
    return FAULT


def _explain_full_disk(error: BaseException, logs: Callable[[], Path]) -> str | None:
    """A sentence if ``error`` comes from a full disk, wherever it struck."""
    from orchestration.disk import full_sentence, is_full

    try:
        return full_sentence(logs().parent) if is_full(error) else None
    except MotcuaError:
        return None


def _explain_defect(error: BaseException, logs: Callable[[], Path]) -> str:
    kind = type(error).__name__
    try:
        directory = logs()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = directory / f"loi-{local_now():%Y%m%dT%H%M%S}-{os.getpid()}.log"
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except (OSError, MotcuaError):
        logging.getLogger(__name__).debug("no log could be written", exc_info=True)
        return (
            f"Lỗi ngoài dự kiến ({kind}), và không ghi được nhật ký. "
            "Hãy kiểm tra quyền ghi và chỗ trống ổ đĩa."
        )
    return f"Lỗi ngoài dự kiến ({kind}). Chi tiết ở {path}; hãy gửi tệp này cho người phát triển."
