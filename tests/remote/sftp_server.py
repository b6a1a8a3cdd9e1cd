"""An SFTP server on this machine that can be told to misbehave. Runs in a thread, with keys of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "motcua", "một-mật-khẩu"


@dataclass
class Faults:
    """What the server does wrong. ``drops``: after how many bytes each of the next connections is cut."""

    drops: list[int] = field(default_factory=lambda: [])
    refused_names: set[str] = field(default_factory=lambda: set())
    unanswered_names: set[str] = field(default_factory=lambda: set())
    on_read: Callable[[Path], None] = lambda _: None
    names: dict[str, str] = field(default_factory=lambda: {})
    bytes_read: int = 0
    connections: int = 0


class _Login(asyncssh.SSHServer):
    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._faults.connections += 1

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel: asyncssh.SSHServerChannel[Any], root: Path, faults: Faults) -> None:
        self._faults = faults
        self._connection = channel.get_connection()
        self._left = faults.drops.pop(0) if faults.drops else None
        super().__init__(channel, chroot=str(root).encode())

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        if Path(path.decode()).name in self._faults.refused_names:
            raise asyncssh.SFTPPermissionDenied("no")
        if Path(path.decode()).name in self._faults.unanswered_names:
            return asyncio.Event().wait()
        return super().open(path, pflags, attrs)

    async def read(self, file_obj: Any, offset: int, size: int) -> bytes:
        faults = self._faults
        file_obj.seek(offset)
        content: bytes = file_obj.read(size)
        if self._left is not None:
            self._left -= len(content)
            if self._left < 0:
                self._connection.abort()
                raise asyncssh.SFTPConnectionLost("cut")
        faults.bytes_read += len(content)
        faults.on_read(Path(file_obj.name.decode()))
        return content

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        async for entry in super().scandir(path):
            assert isinstance(entry.filename, bytes)
            name = entry.filename.decode()
            entry.filename = self._faults.names.get(name, name).encode()
            yield entry


class SftpServer:
    """Serves ``root`` as ``/``; ``faults`` may be changed while it runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults = Faults()
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp-server")
        self._server: asyncssh.SSHAcceptor | None = None

    def start(self) -> None:
        self._thread.start()
        self.resume()

    def resume(self) -> None:
        """Listen, on the port of before if there was one."""
        server: asyncssh.SSHAcceptor = self._run(self._listen())
        self._server, self.port = server, server.get_port()

    def pause(self) -> None:
        """Stop listening, and cut who is connected."""
        server, self._server = self._server, None
        if server is not None:
            self._run(self._hang_up(server))

    def stop(self) -> None:
        self.pause()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, path: str = "/den") -> str:
        return f"sftp://{USER}@127.0.0.1:{self.port}{path}"

    def known_hosts_line(self, key: asyncssh.SSHKey | None = None) -> str:
        public = (key or self.host_key).export_public_key().decode()
        return f"[127.0.0.1]:{self.port} {public}"

    async def _listen(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_host_keys=[self.host_key],
            server_factory=lambda: _Login(self.faults),
            authorized_client_keys=asyncssh.import_authorized_keys(
                self.client_key.export_public_key().decode()
            ),
            sftp_factory=lambda channel: _Files(channel, self.root, self.faults),
            reuse_address=True,
        )

    async def _hang_up(self, server: asyncssh.SSHAcceptor) -> None:
        server.close()
        await server.wait_closed()

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)
