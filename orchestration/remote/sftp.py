"""An inbox on an SFTP server. Its host key must be known, and its links are told, never followed."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from typing import Any

from orchestration.errors import MotcuaError, SettingsError, UnavailableError
from orchestration.inbox_address import InboxAddress
from orchestration.remote.store import LineBrokenError, Nature, RemoteEntry, Store
from orchestration.settings import PREFIX, Settings

_ALIVE_SECONDS, _ALIVE_COUNT = 15, 3
_NANOSECONDS = 1_000_000_000
_BLOCK = 48 << 10  # what one request asks for; servers give up to 64 KiB
_NATURES = {"file": Nature.FILE, "directory": Nature.FOLDER, "link": Nature.LINK}


class SftpStore(Store):
    """A connection to an SFTP server. Each answer must come within ``answer`` seconds."""

    def __init__(self, fs: Any, root: str, answer: float) -> None:
        super().__init__(fs, root)
        self._answer = answer

    def read(self, entry: RemoteEntry, offset: int) -> Iterator[bytes]:
        """See ``Store.read``."""
        with self._translated():
            source = self._awaited(self._open, self._path(entry.parts))
            try:
                # One request at a time: of several under way when the line breaks, asyncssh loses the errors,
                # and asyncio tells of them whenever they are collected, in the midst of anything.
                while chunk := self._awaited(source.read, _BLOCK, offset):
                    yield chunk
                    offset += len(chunk)
            finally:
                with contextlib.suppress(Exception):  # nothing was written, so nothing can be lost
                    self._awaited(source.close)

    def close(self) -> None:
        """See ``Store.close``."""
        with contextlib.suppress(Exception):
            self._fs.loop.call_soon_threadsafe(self._fs.client.abort)
            self._awaited(self._fs.client.wait_closed)

    async def _open(self, path: str) -> Any:
        """The file, opened without ``sshfs``, which would wait for the answer for ever."""
        async with self._fs._pool.get() as channel:
            return await channel.open(path, "rb", block_size=_BLOCK)

    def _awaited(self, call: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """The answer to a call in the loop of the connection, if it comes in time."""
        from fsspec.asyn import sync

        return sync(self._fs.loop, call, *arguments, timeout=self._answer)

    def _entries(self, path: str) -> list[Mapping[str, Any]]:
        return self._fs.ls(path, detail=True, timeout=self._answer)

    def _describe(self, parts: tuple[str, ...], info: Mapping[str, Any]) -> RemoteEntry:
        nature = _NATURES.get(info["type"], Nature.OTHER)
        if nature is Nature.FOLDER:
            return RemoteEntry(parts, nature)
        if info["mtime"] is None or info["size"] is None:
            raise UnavailableError(
                "Máy chủ SFTP không cho biết kích thước và giờ sửa của tệp, nên không thể biết tệp nào mới. "
                "Hãy dùng một máy chủ SFTP khác."
            )
        return RemoteEntry(parts, nature, info["size"], int(info["mtime"].timestamp()) * _NANOSECONDS)

    def _translated(self) -> contextlib.AbstractContextManager[None]:
        return _translated()


def open_sftp(address: InboxAddress, settings: Settings, answer: float) -> Store:
    """Connect.

    Raises:
        SettingsError: no way to log in is set, or its file cannot be used.
        UnavailableError: the host key is not known, or the server refuses the login.
        LineBrokenError: the server cannot be reached.
    """
    import asyncssh
    from sshfs import SSHFileSystem

    host = address.host if ":" not in address.host else f"[{address.host}]"
    known_hosts = settings.sftp_known_hosts.expanduser()
    unknown = UnavailableError(
        f"Không tin được máy chủ {address.host}: khóa của nó không có hoặc không khớp trong {known_hosts}. "
        f"Hãy hỏi người quản trị máy chủ về khóa, đối chiếu với `ssh-keyscan -p {address.port} {host}`, rồi "
        f"ghi vào tệp đó (hoặc đặt {PREFIX}SFTP_KNOWN_HOSTS). Nếu khóa vừa đổi mà không ai báo, đừng ghi."
    )
    if not known_hosts.is_file():
        raise unknown
    try:
        with _translated():
            fs = SSHFileSystem(
                address.host,
                port=address.port,
                username=address.user,
                known_hosts=str(known_hosts),
                # What the service's user has set up for ssh is not what was set for us.
                config=None,
                agent_path=None,
                connect_timeout=answer,
                login_timeout=answer,
                keepalive_interval=_ALIVE_SECONDS,
                keepalive_count_max=_ALIVE_COUNT,
                sftp_client_kwargs={"path_errors": "surrogateescape"},
                skip_instance_cache=True,
                **_login(settings),
            )
    except asyncssh.HostKeyNotVerifiable as error:
        raise unknown from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise SettingsError(
            f"Không dùng được tệp khóa riêng trong {PREFIX}SFTP_KEY: sai dạng, hoặc cần mật khẩu của khóa "
            f"({PREFIX}SFTP_PASSPHRASE)."
        ) from error
    except PermissionError as error:
        raise UnavailableError(
            f"Máy chủ {address.host} từ chối người dùng {address.user}. Hãy kiểm tra tên trong {PREFIX}INBOX "
            f"và {PREFIX}SFTP_PASSWORD hoặc {PREFIX}SFTP_KEY."
        ) from error
    return SftpStore(fs, address.root, answer)


def _login(settings: Settings) -> dict[str, Any]:
    """How to log in; a password alone, or a key and then a password."""
    password, phrase = settings.sftp_password, settings.sftp_passphrase
    if settings.sftp_key is None and password is None:
        raise SettingsError(
            f"Hộp thư đến là máy chủ SFTP nhưng chưa có cách đăng nhập. Hãy đặt {PREFIX}SFTP_KEY (tệp khóa "
            f"riêng) hoặc {PREFIX}SFTP_PASSWORD trong biến môi trường."
        )
    keys: list[str] = []
    if settings.sftp_key is not None:
        key = settings.sftp_key.expanduser()
        if not key.is_file():
            raise SettingsError(f"Không có tệp khóa riêng {key} ({PREFIX}SFTP_KEY).")
        keys.append(str(key))
    return {
        "client_keys": keys or None,
        "passphrase": phrase.get_secret_value() if phrase else None,
        "password": password.get_secret_value() if password else None,
    }


@contextlib.contextmanager
def _translated() -> Generator[None]:
    """asyncssh's errors as those of ``store``; what has a sentence of its own passes."""
    import asyncssh

    try:
        yield
    except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath) as error:
        raise FileNotFoundError from error
    except asyncssh.SFTPPermissionDenied as error:
        raise PermissionError from error
    except (asyncssh.HostKeyNotVerifiable, asyncssh.PermissionDenied, MotcuaError):
        raise
    except (asyncssh.SFTPNoConnection, asyncssh.SFTPConnectionLost) as error:
        raise LineBrokenError(type(error).__name__) from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        raise
    except asyncssh.SFTPError as error:
        raise OSError(type(error).__name__) from error
    except (asyncssh.Error, ValueError) as error:  # sshfs: a channel cannot be had
        raise LineBrokenError(type(error).__name__) from error
    except (FileNotFoundError, PermissionError):
        raise
    except OSError as error:
        raise LineBrokenError(type(error).__name__) from error
