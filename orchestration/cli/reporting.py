"""``motcua report``: documents of the current release, one command for each.

Here: options, and where a document is put. What stands in it is ``orchestration.reports``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.vietnamese import Command, Group, UsageError, day
from orchestration.errors import UnavailableError
from orchestration.settings import load_settings

report = typer.Typer(
    cls=Group,
    rich_markup_mode="rich",
    help="Lập báo cáo từ bản công bố hiện hành: báo cáo cho thấy đúng số liệu mà bản công bố cho thấy.",
)
_SUFFIX = ".xlsx"


@report.callback()
def _group() -> None:
    """Keep ``ii06`` a command of the group, though it is the only one."""


@report.command(cls=Command)
def ii06(
    first: Annotated[str, typer.Option("--from", metavar="NGÀY", help="Ngày đầu kỳ báo cáo.")],
    last: Annotated[str, typer.Option("--to", metavar="NGÀY", help="Ngày cuối kỳ báo cáo, tính cả ngày đó.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="TỆP", help="Tệp .xlsx hoặc thư mục để ghi; mặc định <home>/outbox/bao-cao."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")] = False,
) -> None:
    """Lập biểu II.06 (Thông tư 01/2020/TT-VPCP) cho một kỳ: toàn tỉnh theo lĩnh vực, theo xã, và từng xã.

    [dim]Ví dụ:[/] motcua report ii06 --from 2025-07-01 --to 2025-09-30

    motcua report ii06 --from 15/11/2025 --to 14/12/2025 --out bieu-II06.xlsx
    """
    from orchestration.reports.ii06 import read_ii06
    from orchestration.reports.ii06_workbook import ii06_bytes
    from orchestration.reports.wording import counted

    first_day, last_day = day(first, "--from"), day(last, "--to")
    home = load_settings().paths
    form = read_ii06(home, first_day, last_day)
    name = f"bieu-II06_{first_day:%Y%m%d}-{last_day:%Y%m%d}_{form.release_id}{_SUFFIX}"
    path = _place(out, home.outbox / "bao-cao", name)
    _write(path, ii06_bytes(form), force=force)
    if first_day < form.covered_from:
        typer.echo(f"Lưu ý: số liệu chỉ có từ ngày {form.covered_from:%d/%m/%Y}.")
    typer.echo(
        f"Đã ghi biểu II.06 từ {first_day:%d/%m/%Y} đến {last_day:%d/%m/%Y} của {len(form.communes)} xã, "
        f"phường, {len(form.fields)} lĩnh vực, {counted(form.total['c3'])} hồ sơ, vào {path}"
    )


def _place(out: Path | None, folder: Path, name: str) -> Path:
    """Where to write: the file that was asked for, or ``name`` in the folder that was, else in ``folder``.

    Raises:
        UsageError: the file asked for is no workbook's.
        UnavailableError: there is no such folder and none can be made.
    """
    if out is None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(folder) from error
        return folder / name
    path = out.expanduser().resolve()
    if path.is_dir():
        return path / name
    if path.suffix.lower() != _SUFFIX:
        raise UsageError(f"Tệp {path} không có đuôi {_SUFFIX}. Hãy đặt tên tệp kết thúc bằng {_SUFFIX}.")
    if not path.parent.is_dir():
        raise UnavailableError(f"Không có thư mục {path.parent}. Hãy tạo thư mục đó hoặc đổi --out.")
    return path


def _write(path: Path, content: bytes, *, force: bool) -> None:
    """Write ``content``. What is there already stays, unless it is the same or ``force``.

    Raises:
        UnavailableError: the file exists with another content, or cannot be written.
    """
    from orchestration.reports.files import write_whole

    try:
        if path.exists() and not force and path.read_bytes() != content:
            raise UnavailableError(f"Tệp {path} đã có. Hãy thêm --force để ghi đè, hoặc đổi --out.")
        write_whole(path, content)
    except OSError as error:
        raise _unwritable(path) from error


def _unwritable(path: Path) -> UnavailableError:
    return UnavailableError(
        f"Không ghi được {path}. Hãy cấp quyền ghi, đóng tệp nếu đang mở, hoặc chọn nơi khác bằng --out."
    )
