"""Whether the addresses that services want are free, and who sits there if not."""

from __future__ import annotations

import errno
import socket
from typing import Any

import psutil

from orchestration.errors import UnavailableError
from orchestration.settings import PREFIX, Settings


def require_free_ports(settings: Settings) -> None:
    """Make sure that Dagster and Superset can listen where the settings say.

    Raises:
        UnavailableError: naming each taken port, who holds it, and the setting to change.
    """
    wanted = (
        ("Dagster", settings.dagster_port, f"{PREFIX}DAGSTER_PORT"),
        ("Superset", settings.superset_port, f"{PREFIX}SUPERSET_PORT"),
    )
    if settings.dagster_port == settings.superset_port:
        raise UnavailableError(
            f"Dagster và Superset không thể dùng chung cổng {settings.dagster_port}. "
            f"Hãy đặt {PREFIX}DAGSTER_PORT và {PREFIX}SUPERSET_PORT khác nhau."
        )
    faults = [_fault(settings.host, *port) for port in wanted]
    sentences = [fault for fault in faults if fault is not None]
    if sentences:
        raise UnavailableError("\n".join(sentences))


def _fault(host: str, service: str, port: int, setting: str) -> str | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers themselves do: a connection that has just closed does not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return (
                    f"Cổng {port} mà {service} cần đang bị chiếm{_holder(port)}. Hãy dừng tiến trình đó, "
                    f"hoặc đặt {setting} thành một cổng khác."
                )
            return (
                f"{service} không lắng nghe được ở {host}:{port} ({error.strerror}). "
                f"Hãy kiểm tra {PREFIX}HOST và {setting}."
            )
    return None


def _holder(port: int) -> str:
    """Who listens on ``port``, as far as this user may know."""
    try:
        for connection in psutil.net_connections("tcp"):
            # Address and port; empty for a socket that has none yet.
            address: tuple[Any, ...] = tuple(connection.laddr)
            if connection.status == psutil.CONN_LISTEN and port in address and connection.pid:
                return f" bởi {psutil.Process(connection.pid).name()} (tiến trình {connection.pid})"
    except psutil.Error:
        pass
    return ""
