"""``motcua doctor``: each thing that must hold, how it stands, and what to do about it. Changes nothing."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import duckdb

from orchestration.cli.preflight import require_province
from orchestration.clock import Moment, local_now, moment
from orchestration.errors import MotcuaError
from orchestration.release import reader
from orchestration.release.freshness import expected_data_date
from orchestration.release.manifest import current_manifest
from orchestration.release.soundness import DamagedReleaseError
from orchestration.services.ports import is_loopback, open_to_others, reachable
from orchestration.settings import PREFIX, Settings

_LOW_SPACE = 2 * 2**30
_NAMED = 5


class State(Enum):
    """How a finding stands; the value is what people see before it."""

    WELL = "✓ Tốt "
    NOTE = "· Lưu ý"
    WRONG = "✗ Sai "


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``remedy`` says what to do unless all is well."""

    state: State
    subject: str
    detail: str
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything, each on its own: one broken thing does not hide another."""
    now = moment(None, settings.cutoff)
    looks: tuple[Callable[[Settings, Moment], Finding], ...] = (
        _settings,
        _home,
        _space,
        _leftovers,
        _clock,
        _inbox,
        _lake,
        _build,
        _set_aside,
        _release,
        _freshness,
        _dagster,
        _superset,
        _metadata,
        _doors,
    )
    return [_looked(look, settings, now) for look in looks]


def _looked(look: Callable[[Settings, Moment], Finding], settings: Settings, now: Moment) -> Finding:
    """What ``look`` finds; what breaks it is a finding, too."""
    try:
        return look(settings, now)
    except Exception as error:  # the doctor is asked when something is wrong
        what = str(error) if isinstance(error, MotcuaError) else f"{type(error).__name__}: {error}"
        return Finding(
            State.WRONG,
            look.__name__.strip("_"),
            f"không xem được ({what.strip()})",
            "Sửa điều nêu trong ngoặc; nếu không rõ, gửi dòng này cho người phát triển.",
        )


def is_well(findings: list[Finding]) -> bool:
    """Whether nothing is wrong."""
    return all(finding.state is not State.WRONG for finding in findings)


def line(finding: Finding) -> str:
    """``finding`` as text for people."""
    text = f"{finding.state.value}  {finding.subject}: {finding.detail}"
    return f"{text}\n         → {finding.remedy}" if finding.remedy else text


def _settings(settings: Settings, now: Moment) -> Finding:
    try:
        require_province(settings.province)
    except MotcuaError as error:
        return Finding(State.WRONG, "Cài đặt", str(error), f"Sửa {PREFIX}PROVINCE.")
    return Finding(
        State.WELL,
        "Cài đặt",
        f"tỉnh {settings.province}, giờ chốt {settings.cutoff:%H:%M}, bây giờ {now.now:%H:%M %d/%m/%Y}",
    )


def _home(settings: Settings, _now: Moment) -> Finding:
    root = settings.paths.root
    if not root.is_dir():
        return Finding(
            State.WRONG, "Thư mục dữ liệu", f"chưa có {root}", f"Chạy `motcua up`, hoặc sửa {PREFIX}HOME."
        )
    if not os.access(root, os.W_OK):
        return Finding(
            State.WRONG, "Thư mục dữ liệu", f"không ghi được vào {root}", f"Cấp quyền ghi cho {root}."
        )
    if root.stat().st_mode & 0o077:
        return Finding(
            State.WRONG,
            "Thư mục dữ liệu",
            f"người khác đọc được {root}, trong đó có dữ liệu cá nhân",
            f"Chạy: chmod 700 {root}",
        )
    return Finding(State.WELL, "Thư mục dữ liệu", str(root))


def _space(settings: Settings, _now: Moment) -> Finding:
    existing = next(path for path in (settings.paths.root, *settings.paths.root.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    detail = f"còn {free / 2**30:.1f} GiB"
    if free < _LOW_SPACE:
        return Finding(
            State.WRONG, "Ổ đĩa", detail, f"Giải phóng chỗ, cần ít nhất {_LOW_SPACE / 2**30:.0f} GiB."
        )
    return Finding(State.WELL, "Ổ đĩa", detail)


def _leftovers(settings: Settings, _now: Moment) -> Finding:
    from orchestration.spill import leftovers, size_of

    found = leftovers(settings.paths)
    if found:
        return Finding(
            State.NOTE,
            "Tệp tạm",
            f"{size_of(found) / 2**20:.0f} MB còn lại của những truy vấn bị ngắt: {_listed(found)}",
            "Khởi động lại `motcua serve` sẽ xóa; cũng có thể xóa các thư mục này.",
        )
    return Finding(State.WELL, "Tệp tạm", "không có tệp thừa")


def _listed(paths: list[Path]) -> str:
    rest = f" và {len(paths) - _NAMED} thư mục khác" if len(paths) > _NAMED else ""
    return ", ".join(map(str, paths[:_NAMED])) + rest


def _clock(settings: Settings, _now: Moment) -> Finding:
    from orchestration.clock_skew import clock_warnings

    try:
        warnings = clock_warnings(settings, local_now())
    except MotcuaError:
        return Finding(State.NOTE, "Đồng hồ", "chưa so được với ngày trong hộp thư đến")
    if warnings:
        return Finding(State.NOTE, "Đồng hồ", " ".join(warnings))
    return Finding(State.WELL, "Đồng hồ", "khớp với lần nhận tệp gần nhất và hộp thư đến")


def _inbox(settings: Settings, now: Moment) -> Finding:
    from orchestration.landing import pending_days, stray_files

    if settings.remote_inbox is not None:
        return _remote_inbox(settings, now)
    try:
        days = pending_days(settings, now)
        strays = stray_files(settings.inbox_path)
    except MotcuaError as error:
        return Finding(State.WRONG, "Hộp thư đến", "không đọc được", str(error))
    if strays:
        names = ", ".join(str(path.relative_to(settings.inbox_path)) for path in strays[:_NAMED])
        return Finding(
            State.WRONG,
            "Hộp thư đến",
            f"{len(strays)} tệp không nằm trong thư mục ngày nên không bao giờ được nhận: {names}",
            f"Chuyển vào {settings.inbox_path}/<YYYY-MM-DD>/ theo ngày dữ liệu của tệp.",
        )
    if days:
        return Finding(
            State.NOTE,
            "Hộp thư đến",
            f"{settings.inbox_path}, {len(days)} ngày có tệp đang chờ (từ {days[0]:%d/%m/%Y})",
            "Chạy `motcua run`, hoặc để `motcua serve` tự nhận.",
        )
    return Finding(State.WELL, "Hộp thư đến", f"{settings.inbox_path}, không có tệp chờ")


def _remote_inbox(settings: Settings, now: Moment) -> Finding:
    from orchestration.contract import load_contract
    from orchestration.landing import pending_days
    from orchestration.remote.survey import looks_of, shown
    from orchestration.remote.waiting import look_afar

    try:
        found = look_afar(settings, now)
        brought = pending_days(settings, now) if settings.inbox_path.is_dir() else []
    except MotcuaError as error:
        return Finding(State.WRONG, "Hộp thư đến", f"không đọc được {settings.inbox_shown}", str(error))
    if found.strays:
        names = ", ".join(shown(entry, load_contract()) for entry in found.strays[:_NAMED])
        return Finding(
            State.WRONG,
            "Hộp thư đến",
            f"{len(found.strays)} mục không phải thư mục ngày nên không bao giờ được nhận: {names}",
            f"Chuyển tệp vào {settings.inbox_shown}/<YYYY-MM-DD>/ theo ngày dữ liệu của tệp.",
        )
    days = {*brought, *looks_of(found.new)}
    if days:
        names = ", ".join(shown(entry, load_contract()) for entry in found.new[:_NAMED])
        unfetched = f", {len(found.new)} tệp chưa tải về: {names}" if found.new else ""
        return Finding(
            State.NOTE,
            "Hộp thư đến",
            f"{settings.inbox_shown}, {len(days)} ngày có tệp đang chờ{unfetched}",
            "Chạy `motcua run`, hoặc để `motcua serve` tự nhận; tệp nào không tải được sẽ được nêu tên.",
        )
    return Finding(State.WELL, "Hộp thư đến", f"{settings.inbox_shown}, không có tệp chờ")


def _lake(settings: Settings, _now: Moment) -> Finding:
    from orchestration.landing.completeness import damages, told

    found = damages(settings.paths)
    if found:
        what, _, remedy = told(settings.paths, found).rpartition("\n")
        return Finding(State.WRONG, "Kho dữ liệu gốc", what, remedy)
    return Finding(State.WELL, "Kho dữ liệu gốc", "đủ và đúng như sổ giao nhận")


def _build(settings: Settings, _now: Moment) -> Finding:
    from orchestration.warehouse.record import finished_build

    try:
        build = finished_build(settings.paths)
    except MotcuaError:
        return Finding(
            State.NOTE,
            "Kho làm việc",
            "chưa dựng, đang dựng, hoặc lần dựng gần nhất không đạt kiểm tra",
            "Chạy `motcua run` để dựng lại; phép kiểm tra không đạt sẽ được nêu tên.",
        )
    return Finding(State.WELL, "Kho làm việc", f"dựng xong, tính đến {build.now:%H:%M %d/%m/%Y}")


def _set_aside(settings: Settings, _now: Moment) -> Finding:
    from orchestration.landing.set_aside import set_aside_now

    try:
        aside = set_aside_now(settings.paths)
    except duckdb.Error as error:
        return Finding(State.WRONG, "Tệp để riêng", f"không đọc được ({error})", "Chạy `motcua run`.")
    if not aside:
        return Finding(State.WELL, "Tệp để riêng", "không có")
    named = "; ".join(each.sentence for each in aside[:_NAMED])
    return Finding(
        State.NOTE,
        "Tệp để riêng",
        f"{len(aside)} tệp không được tính vào số liệu: {named}",
        "Đơn vị gửi đã được báo trong thư lỗi; bản sửa cùng tên sẽ thay tệp này. Nếu tệp đúng, đó là lỗi của "
        "hệ thống: nâng cấp hoặc sửa quy tắc, lần chạy sau tự tính lại tệp này.",
    )


def _release(settings: Settings, _now: Moment) -> Finding:
    try:
        manifest = current_manifest(settings.paths)
        if manifest is None:
            return Finding(State.WRONG, "Bản công bố", "chưa có", "Chạy `motcua run`.")
        reader.run_sql(settings.paths, "SELECT release_id FROM meta.release")
    except DamagedReleaseError as error:
        what, _, remedy = str(error).partition(" Hãy ")
        return Finding(State.WRONG, "Bản công bố", what, f"Hãy {remedy}")
    except (MotcuaError, duckdb.Error) as error:
        return Finding(
            State.WRONG, "Bản công bố", f"không đọc được ({error})", "Chạy `motcua run` để công bố lại."
        )
    if manifest.duckdb_version != duckdb.__version__:
        return Finding(
            State.NOTE,
            "Bản công bố",
            f"{manifest.release_id}, ghi bằng DuckDB {manifest.duckdb_version}, nay là {duckdb.__version__}",
            "Chạy `make install` cho đúng phiên bản, rồi `motcua run`.",
        )
    return Finding(State.WELL, "Bản công bố", f"{manifest.release_id}, {len(manifest.tables)} bảng")


def _freshness(settings: Settings, now: Moment) -> Finding:
    try:
        manifest = current_manifest(settings.paths)
        expected = expected_data_date(settings.paths, now) if manifest else None
    except MotcuaError as error:
        return Finding(State.WRONG, "Độ mới", "không biết", str(error))
    if manifest is None or manifest.data_date is None:
        return Finding(
            State.WRONG, "Độ mới", "chưa có số liệu", "Chạy `motcua run` khi hộp thư đến đã có tệp."
        )
    detail = f"số liệu đến {manifest.data_date:%d/%m/%Y}"
    if expected is not None and manifest.data_date < expected:
        return Finding(
            State.WRONG,
            "Độ mới",
            f"{detail}, cũ hơn ngày phải có {expected:%d/%m/%Y}",
            "Xem xã nào chưa nộp (marts.delivery), rồi chạy `motcua run`.",
        )
    return Finding(State.WELL, "Độ mới", detail)


def _dagster(settings: Settings, _now: Moment) -> Finding:
    from orchestration.services.dagster_services import dagster_health_url

    return _service("Dagster", dagster_health_url(settings), "DAGSTER_PORT")


def _superset(settings: Settings, _now: Moment) -> Finding:
    return _service(
        "Superset", f"http://{reachable(settings.host)}:{settings.superset_port}/health", "SUPERSET_PORT"
    )


def _metadata(settings: Settings, _now: Moment) -> Finding:
    from orchestration.dashboards.metadata import metadata_file, require_sound

    try:
        require_sound(settings)
    except MotcuaError as error:
        what, _, remedy = str(error).partition(". ")
        return Finding(State.WRONG, "Superset.db", what, remedy)
    if not metadata_file(settings).exists():
        return Finding(State.NOTE, "Superset.db", "chưa có", "Sẽ được tạo khi chạy `motcua serve`.")
    return Finding(State.WELL, "Superset.db", "nguyên vẹn")


def _doors(settings: Settings, _now: Moment) -> Finding:
    """Ports that other machines reach: what listens there counts, not only what is set."""
    faults: list[str] = []
    notes: list[str] = []
    if settings.dagster_password is None and (
        open_to_others(settings.dagster_port) or not is_loopback(settings.dagster_host)
    ):
        faults.append(
            f"cổng {settings.dagster_port} của trang vận hành (Dagster) mở cho máy khác mà không hỏi mật khẩu"
        )
    if not settings.behind_https:
        notes += [
            f"cổng {port} ({name}) mở cho máy khác, mật khẩu đi qua mạng không mã hóa"
            for name, host, port in (
                ("Dagster", settings.dagster_host, settings.dagster_port),
                ("Superset", settings.host, settings.superset_port),
            )
            if open_to_others(port) or not is_loopback(host)
        ]
    if faults:
        return Finding(
            State.WRONG,
            "Cổng mạng",
            "; ".join(faults + notes),
            f"Dừng chương trình ở cổng ấy; bỏ {PREFIX}DAGSTER_HOST hoặc đặt {PREFIX}DAGSTER_PASSWORD; "
            "chạy lại `motcua serve`.",
        )
    if notes:
        return Finding(
            State.NOTE,
            "Cổng mạng",
            "; ".join(notes),
            f"Đặt một máy chủ HTTPS chuyển tiếp ở trước và {PREFIX}BEHIND_HTTPS=true.",
        )
    return Finding(State.WELL, "Cổng mạng", "chỉ mở trên máy này, hoặc sau máy chủ HTTPS")


def _service(name: str, url: str, setting: str) -> Finding:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own http address
            return Finding(State.WELL, name, f"trả lời ở {url}")
    except urllib.error.HTTPError as error:
        return Finding(
            State.WRONG,
            name,
            f"{url} trả lời mã {error.code}; có thể cổng này thuộc về chương trình khác",
            f"Dừng chương trình đó hoặc đổi {PREFIX}{setting}.",
        )
    except OSError:
        return Finding(State.NOTE, name, f"không chạy ở {url}", "Chạy `motcua serve` nếu cần xem.")
