"""The users file: who has an account, in which role, for which communes.

CSV with a head, UTF-8, comma or semicolon: ``username,full_name,role,commune_code``. Several codes are
parted by spaces. A line that cannot be right is left out and named: whoever it meant gets nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from orchestration.access.roles import ADMIN, ALL_COMMUNES, Roles, roles
from orchestration.errors import MotcuaError
from orchestration.landing.communes import communes_of
from orchestration.settings import PREFIX, Settings

COLUMNS = ("username", "full_name", "role", "commune_code")
# Only these stand in queries, so nothing in a name can end a literal.
USERNAME_PATTERN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_LONGEST_NAME = 64

Viewers = tuple[tuple[str, str], ...]
"""Username and commune code, or ``*`` for all."""


class UsersFileError(MotcuaError):
    """The users file cannot be read at all."""


@dataclass(frozen=True)
class User:
    """One person. ``communes`` is empty where the role sees all or none is named."""

    username: str
    full_name: str
    role: str
    communes: tuple[str, ...]


@dataclass(frozen=True)
class UserList:
    """The people of the file; ``faults`` are sentences about lines that were left out."""

    users: tuple[User, ...]
    faults: tuple[str, ...] = ()


def users_file(settings: Settings) -> Path:
    """Where the users file is, or would be."""
    return (settings.users_file or settings.home / "users.csv").expanduser().resolve()


def load_users(settings: Settings) -> UserList:
    """Read the users file. Without one at the default place there is nobody but the administrators.

    Raises:
        UsersFileError: the file that a setting names is missing, or it is unreadable or has another head.
    """
    path = users_file(settings)
    if settings.users_file is None and not path.exists():
        return UserList(())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsersFileError(
            f"Không đọc được danh sách tài khoản {path} ({PREFIX}USERS_FILE). "
            "Hãy đặt đúng đường dẫn, cấp quyền đọc và lưu tệp dạng CSV UTF-8."
        ) from error
    return parse_users(text, path.name, communes_of(settings.province), roles())


def parse_users(text: str, name: str, communes: frozenset[str], source: Roles) -> UserList:
    """People in ``text``, the content of the file ``name``; ``communes`` are the codes that exist.

    Raises:
        UsersFileError: the head is not the expected one.
    """
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in head else ",")
    if tuple(cell.strip() for cell in next(rows, [])) != COLUMNS:
        raise UsersFileError(
            f"Dòng đầu của {name} phải là {','.join(COLUMNS)}. Hãy sửa dòng đầu rồi chạy lại."
        )
    users: list[User] = []
    faults: list[str] = []
    for number, row in enumerate(rows, start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        fault = _fault(cells, communes, source)
        if fault:
            faults.append(f"{name}, dòng {number}: {fault}")
        else:
            username, full_name, role, codes = cells
            users.append(User(username, full_name, role, tuple(sorted(set(codes.split()) - {ALL_COMMUNES}))))
    repeated = {user for user, times in Counter(user.username for user in users).items() if times > 1}
    faults += [
        f"{name}: tài khoản {user} đứng ở nhiều dòng, không dòng nào được dùng" for user in sorted(repeated)
    ]
    return UserList(tuple(user for user in users if user.username not in repeated), tuple(faults))


def _fault(cells: list[str], communes: frozenset[str], source: Roles) -> str:
    """What keeps the line from being used, or nothing."""
    if len(cells) != len(COLUMNS):
        return f"có {len(cells)} cột, cần {len(COLUMNS)}"
    username, full_name, role, codes = cells
    if not USERNAME_PATTERN.fullmatch(username):
        return "tên đăng nhập chỉ gồm chữ thường không dấu, chữ số và . _ @ -, dài tối đa 64"
    if username == ADMIN:
        return f"{ADMIN} là tài khoản quản trị có sẵn, không khai báo ở đây"
    if not full_name or len(full_name) > _LONGEST_NAME:
        return f"họ tên phải có từ 1 đến {_LONGEST_NAME} chữ"
    if role != ADMIN and role not in source.roles:
        return f"vai trò phải là một trong: {', '.join((*source.roles, ADMIN))}"
    own = role != ADMIN and source.roles[role].communes == "own"
    if own and (not codes or set(codes.split()) - communes):
        return "vai trò này cần mã xã, phường có trong danh mục của tỉnh"
    if not own and codes not in ("", ALL_COMMUNES):
        return "vai trò này xem mọi xã, phường; hãy để trống cột commune_code"
    return ""


def viewers(users: Iterable[User], source: Roles) -> Viewers:
    """Who may see which commune, for the warehouse to publish."""
    return tuple(
        sorted(
            (user.username, code)
            for user in users
            for code in (
                user.communes
                if user.role in source.roles and source.roles[user.role].communes == "own"
                else (ALL_COMMUNES,)
            )
        )
    )


def too_much(published: Iterable[tuple[str, str]], wanted: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Users to whom the release still grants what the file no longer does: locked until the next release."""
    kept = _by_user(wanted)
    return frozenset(
        username for username, codes in _by_user(published).items() if codes - kept.get(username, set())
    )


def _by_user(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for username, code in pairs:
        found.setdefault(username, set()).add(code)
    return found
