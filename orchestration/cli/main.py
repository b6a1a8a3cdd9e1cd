"""The commands and their help: each reads its options and calls the package that does the work.

Packages are imported inside the commands: ``motcua sql`` must not wait for Dagster.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from orchestration.cli import console
from orchestration.cli.preflight import settings_to_work
from orchestration.cli.reporting import report
from orchestration.cli.tables import Format
from orchestration.cli.vietnamese import (
    Command,
    Group,
    StatementCommand,
    UsageError,
    day,
    translate_headings,
    usage_sentence,
)
from orchestration.errors import UnavailableError
from orchestration.settings import load_settings

app = typer.Typer(
    cls=Group,
    name="motcua",
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help=(
        "Theo dõi việc tiếp nhận và trả kết quả thủ tục hành chính của các xã, phường.\n\n"
        "Bắt đầu: [bold]motcua up[/]. Hằng ngày: [bold]motcua run[/]. Hỏi số liệu: [bold]motcua sql[/]. "
        "Có gì không ổn: [bold]motcua doctor[/].\n\n"
        "Cài đặt lấy từ biến môi trường MOTCUA_* hoặc tệp motcua.toml ở thư mục đang đứng; "
        "dữ liệu nằm trong MOTCUA_HOME (mặc định ./data)."
    ),
)


app.add_typer(report, name="report")


def _echo(text: str) -> None:
    typer.echo(text)


@app.command(cls=Command)
def up() -> None:
    """Dựng cả hệ thống trên máy này: có số liệu, có bản công bố, có bảng điều khiển.

    Nếu hộp thư đến còn trống và chưa từng nhận tệp nào thì tạo một tỉnh mẫu. Nếu có tệp chờ nhận hoặc chưa
    công bố lần nào thì chạy [bold]motcua run[/]. Sau đó phục vụ như [bold]motcua serve[/] cho đến khi dừng.

    [dim]Ví dụ:[/] motcua up · MOTCUA_PROVINCE=25 MOTCUA_HOME=/srv/motcua motcua up
    """
    from orchestration.cli.sampling import MONTHS_AT_FIRST, is_empty, make, sample_plan
    from orchestration.cli.serving import serve as serve_until_stopped
    from orchestration.clock import moment
    from orchestration.remote.waiting import waiting
    from orchestration.services.ports import require_free_ports

    settings = settings_to_work()
    settings.paths.prepare()
    # Told before the work of minutes, not after.
    require_free_ports(settings)
    is_new = is_empty(settings.inbox_path) and is_empty(settings.paths.lake / "ledger")
    if is_new and settings.remote_inbox is None:
        make(sample_plan(settings.province, months=MONTHS_AT_FIRST), settings.inbox_path, force=False)
    try:
        if not settings.paths.current_file.exists() or waiting(settings, moment(None, settings.cutoff)):
            _run(None)
    except UnavailableError as error:
        # A server that cannot be reached just now keeps nobody from what has been published.
        if settings.remote_inbox is None or not settings.paths.current_file.exists():
            raise
        _echo(str(error))
    serve_until_stopped(settings, _echo)


@app.command(cls=Command)
def sample(
    province: Annotated[str | None, typer.Option(help="Mã tỉnh; mặc định theo MOTCUA_PROVINCE.")] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="NGÀY", help="Ngày đầu; mặc định 5 tháng gần đây.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="NGÀY", help="Ngày cuối; mặc định hôm nay.")
    ] = None,
    communes: Annotated[int | None, typer.Option(help="Số xã, phường; mặc định cả tỉnh.")] = None,
    seed: Annotated[int, typer.Option(help="Hạt giống: cùng hạt giống cho cùng dữ liệu.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Thư mục ghi; mặc định hộp thư đến.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi cả khi thư mục đã có tệp.")] = False,
) -> None:
    """Tạo tệp xuất mẫu như thật của một tỉnh, có cài sẵn lỗi và tệp ghi lại sự thật về các lỗi đó.

    [dim]Ví dụ:[/] motcua sample --communes 5 --from 2025-09-01 --to 2025-11-26
    """
    from orchestration.cli.sampling import make, sample_plan
    from orchestration.reports.wording import counted

    settings = load_settings()
    if out is None and settings.remote_inbox is not None:
        raise UsageError(f"Hộp thư đến là {settings.remote_inbox}; hãy chọn nơi ghi dữ liệu mẫu bằng --out.")
    plan = sample_plan(province or settings.province, day(first, "--from"), day(last, "--to"), communes, seed)
    settings.paths.prepare()
    result = make(plan, (out or settings.inbox_path).expanduser().resolve(), force=force)
    _echo(
        f"Đã ghi {counted(result.files)} tệp của {result.communes} xã, phường, từ {plan.first_day:%d/%m/%Y} "
        f"đến {plan.last_day:%d/%m/%Y}, vào {result.out}. Sự thật về các lỗi cài sẵn: {result.truth_path}"
    )


@app.command(cls=Command)
def run(
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="NGÀY", help="Tính như vào giờ chốt của ngày này; mặc định là bây giờ."
        ),
    ] = None,
) -> None:
    """Nhận mọi tệp đang chờ, dựng kho, kiểm tra, công bố.

    Luôn dựng và công bố, kể cả khi không có tệp mới. Mã thoát: 0 đã công bố; 1 một phép kiểm tra không đạt
    nên bản cũ được giữ; 2 lệnh, cài đặt hoặc môi trường có lỗi.

    [dim]Ví dụ:[/] motcua run · motcua run --as-of 2025-11-24
    """
    _run(as_of)


def _run(as_of: str | None) -> None:
    from orchestration.cli.running import run_daily, summary
    from orchestration.clock import require_replayable

    settings = settings_to_work()
    as_of_day = day(as_of, "--as-of")
    if as_of_day is not None:
        # Told at once: the run itself begins by loading Dagster.
        require_replayable(as_of_day)
    with console.progress("Chuẩn bị") as tell:
        report = run_daily(settings, as_of_day, tell)
    _echo(summary(report))


@app.command(cls=Command)
def letters(
    export_date: Annotated[
        str, typer.Option("--date", metavar="NGÀY", help="Ngày dữ liệu.", show_default=False)
    ],
) -> None:
    """Lập lại thư lỗi và bản tổng hợp của một ngày dữ liệu, trong thư mục outbox.

    [bold]motcua run[/] tự lập cho mọi ngày có thay đổi; lệnh này để lập lại khi thư bị xóa hay sửa nhầm.

    [dim]Ví dụ:[/] motcua letters --date 2025-12-04
    """
    from orchestration.cli.posting import post_day

    settings = settings_to_work()
    _echo(post_day(settings, day(export_date, "--date")))


@app.command(cls=Command)
def reland(
    landings: Annotated[
        list[str], typer.Argument(metavar="MÃ_LẦN_NHẬN", help="Một hay nhiều mã.", show_default=False)
    ],
    give_up: Annotated[
        bool, typer.Option("--give-up", help="Chấp nhận mất số liệu khi tệp gốc cũng không còn.")
    ] = False,
) -> None:
    """Thu hồi lần nhận có tệp bị mất hay hỏng trong kho, lấy tệp gốc đã lưu ra để nhận lại.

    Mã lần nhận nằm trong câu báo của [bold]motcua run[/] và [bold]motcua doctor[/]. Sau đó chạy
    [bold]motcua run[/].

    [dim]Ví dụ:[/] motcua reland 00000012-20251105T180000
    """
    from orchestration.landing import take_back
    from orchestration.reports.wording import counted

    settings = settings_to_work()
    for landing in landings:
        names = take_back(settings, landing, give_up=give_up, tell=_echo)
        _echo(
            f"Đã thu hồi lần nhận {landing}; {counted(len(names))} tệp sẽ được nhận lại khi chạy `motcua "
            f"run`."
        )


@app.command(cls=Command)
def serve() -> None:
    """Chạy Dagster (trang vận hành, lịch, theo dõi hộp thư) và Superset cho đến khi bấm Ctrl+C.

    Đổi cổng bằng MOTCUA_DAGSTER_PORT và MOTCUA_SUPERSET_PORT.

    [dim]Ví dụ:[/] motcua serve · MOTCUA_SUPERSET_PORT=9088 motcua serve
    """
    from orchestration.cli.serving import serve as serve_until_stopped

    serve_until_stopped(settings_to_work(), _echo)


@app.command(cls=StatementCommand)
def sql(
    statement: Annotated[str, typer.Argument(metavar="CÂU_LỆNH", help="Một câu SELECT.", show_default=False)],
    form: Annotated[Format, typer.Option("--format", help="Dạng kết quả.")] = Format.TABLE,
) -> None:
    """Hỏi bản công bố hiện hành bằng SQL, chỉ đọc.

    Bảng và cột có trong meta.data_dictionary.

    [dim]Ví dụ:[/] motcua sql "select * from meta.release"

    motcua sql "from marts.report_ii06('2025-07-01', '2025-09-30')" --format csv > ii06.csv
    """
    from orchestration.cli.tables import render
    from orchestration.release.reader import run_sql

    typer.echo(render(run_sql(load_settings().paths, statement), form), nl=False)


@app.command(cls=Command)
def users(
    reset: Annotated[
        list[str] | None, typer.Option(metavar="TÀI_KHOẢN", help="Cấp mật khẩu mới cho tài khoản này.")
    ] = None,
) -> None:
    """Đưa danh sách tài khoản vào Superset: thêm, đổi vai trò, khóa; cấp lại mật khẩu.

    Danh sách lấy từ MOTCUA_USERS_FILE, mặc định <home>/users.csv, dòng đầu là
    username,full_name,role,commune_code. Mật khẩu mới được ghi vào một tệp chỉ chủ hệ thống đọc được.
    Xã được xem có hiệu lực từ lần công bố tới.

    [dim]Ví dụ:[/] motcua users · motcua users --reset nguyen.an
    """
    from orchestration.dashboards.importer import sync_dashboards

    _echo(sync_dashboards(load_settings(), reset or ()).reason)


@app.command(cls=Command)
def doctor() -> None:
    """Xem hệ thống được cài đặt thế nào, cái gì chạy, cái gì cũ, cái gì sai và cách khắc phục.

    Mã thoát khác 0 nếu có điều sai.
    """
    from orchestration.cli.doctor import examine, is_well, line

    findings = examine(load_settings())
    for finding in findings:
        _echo(line(finding))
    if not is_well(findings):
        raise typer.Exit(console.FAULT)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 held back by a check, 2 usage, settings or environment."""
    sys.exit(_exit_code(list(sys.argv[1:] if arguments is None else arguments)))


def _exit_code(arguments: list[str]) -> int:
    translate_headings()
    try:
        # Without typer's own error handling: its sentences are English.
        code: int = app(arguments, prog_name="motcua", standalone_mode=False) or 0
        if code == console.INTERRUPTED:
            console.stderr().print("Đã dừng theo yêu cầu.", markup=False)
        return code
    except TyperException as error:
        if not arguments:
            typer.echo(error.message)
            return console.FAULT
        console.stderr().print(usage_sentence(error), markup=False)
        return console.FAULT
    except BrokenPipeError:
        # The reader (`| head`) has had enough; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return console.exit_code(error, _logs)


def _logs() -> Path:
    return load_settings().paths.logs


if __name__ == "__main__":
    main()
