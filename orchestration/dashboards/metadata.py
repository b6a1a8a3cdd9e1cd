"""Superset's own database (accounts, dashboards, saved queries): whether it is there, and whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from orchestration.errors import UnavailableError
from orchestration.settings import Settings


def metadata_file(settings: Settings) -> Path:
    """Where it lies, or would."""
    return settings.paths.superset / "superset.db"


def require_sound(settings: Settings, patience: float = 10) -> None:
    """Make sure that it is whole, if there is one; waits ``patience`` seconds for who writes to it.

    Raises:
        UnavailableError: it is damaged; says how to go on with and without a backup.
    """
    path = metadata_file(settings)
    if path.exists() and not _is_sound(path, patience):
        raise UnavailableError(
            f"Cơ sở dữ liệu của Superset bị hỏng: {path}. Số liệu không mất gì. Hãy dừng `motcua serve`, "
            f"chép tệp này "
            "từ bản sao lưu về; nếu không có, đổi tên nó cùng các tệp superset.db-wal, superset.db-shm "
            "(nếu có) rồi "
            "chạy lại `motcua serve`: bảng điều khiển và tài khoản được tạo lại từ nguồn, với mật khẩu "
            "mới; chỉ mất "
            "các câu truy vấn đã lưu."
        )


def _is_sound(path: Path, patience: float) -> bool:
    if path.stat().st_size == 0:
        return False
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=patience)) as connection:
            return connection.execute("pragma quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.OperationalError as error:
        # Somebody writes just now: then it can be read.
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False
