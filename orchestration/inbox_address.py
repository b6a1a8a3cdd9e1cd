"""Where a remote inbox is: ``sftp://user@host[:port]/path`` or ``s3://bucket[/prefix]``. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

_SCHEME_END = "://"
_SSH_PORT = 22


class Scheme(StrEnum):
    """Kinds of servers."""

    SFTP = "sftp"
    S3 = "s3"


class AddressError(ValueError):
    """An address that cannot be used; says why in Vietnamese. Never quotes it: it may hold a password."""


@dataclass(frozen=True)
class InboxAddress:
    """A remote inbox. ``root`` is the path on the server, of S3 ``bucket/prefix``; no slash at its end."""

    scheme: Scheme
    host: str
    root: str
    user: str = ""
    port: int = _SSH_PORT

    def __str__(self) -> str:
        """The URL; it never held a secret."""
        if self.scheme is Scheme.S3:
            return f"s3://{self.root}"
        port = "" if self.port == _SSH_PORT else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"sftp://{self.user}@{host}{port}{self.root or '/'}"


def parse_inbox(value: object) -> object:
    """A local path as ``Path``, a URL as ``InboxAddress``; anything else as it is.

    Raises:
        AddressError: the URL cannot be used.
    """
    if not isinstance(value, str):
        return value
    return parse_address(value) if _SCHEME_END in value else Path(value)


def parse_endpoint(value: object) -> object:
    """The address of an S3 store, checked; anything but text as it is.

    Raises:
        AddressError: it cannot be used.
    """
    if not isinstance(value, str):
        return value
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise AddressError("địa chỉ viết sai") from error
    if parts.username is not None or parts.password is not None:
        raise AddressError("không được ghi tên hay mật khẩu trong địa chỉ")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AddressError("phải bắt đầu bằng https:// hoặc http://")
    return value


def parse_address(url: str) -> InboxAddress:
    """The remote inbox that ``url`` names.

    Raises:
        AddressError: it cannot be used.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressError("địa chỉ viết sai: máy chủ hoặc cổng không đọc được") from error
    if parts.scheme not in set(Scheme):
        raise AddressError("chỉ nhận đường dẫn thư mục, sftp://… hoặc s3://…")
    if parts.password is not None or (parts.scheme == Scheme.S3 and parts.username is not None):
        raise AddressError(
            "không được ghi mật khẩu hay khóa bí mật trong địa chỉ, vì địa chỉ hiện ra trên màn hình và nhật "
            "ký; hãy đặt MOTCUA_SFTP_PASSWORD, MOTCUA_SFTP_KEY hoặc MOTCUA_S3_SECRET"
        )
    if parts.query or parts.fragment:
        raise AddressError("địa chỉ không được có phần sau dấu ? hoặc #")
    names = [name for name in parts.path.split("/") if name]
    if any(name in (".", "..") for name in names):
        raise AddressError("đường dẫn không được có . hoặc ..")
    if not parts.hostname:
        raise AddressError("thiếu tên máy chủ hoặc tên thùng chứa (bucket)")
    if parts.scheme == Scheme.S3:
        return InboxAddress(Scheme.S3, "", "/".join([parts.netloc, *names]))
    if not parts.username:
        raise AddressError("thiếu tên người dùng: sftp://tên@máy-chủ/đường/dẫn")
    root = "".join(f"/{name}" for name in names)
    return InboxAddress(Scheme.SFTP, parts.hostname, root, parts.username, port or _SSH_PORT)
