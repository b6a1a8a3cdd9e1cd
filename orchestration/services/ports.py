"""The addresses that services listen at: whether they are free, who sits there, and who can reach them."""

from __future__ import annotations

import errno
import ipaddress
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
        ("Dagster", settings.dagster_host, settings.dagster_port, "DAGSTER_HOST", "DAGSTER_PORT"),
        ("Superset", settings.host, settings.superset_port, "HOST", "SUPERSET_PORT"),
    )
    if settings.dagster_port == settings.superset_port:
        raise UnavailableError(
            f"Dagster và Superset không thể dùng chung cổng {settings.dagster_port}. "
            f"Hãy đặt {PREFIX}DAGSTER_PORT và {PREFIX}SUPERSET_PORT khác nhau."
        )
    faults = [_fault(*address) for address in wanted]
    sentences = [fault for fault in faults if fault is not None]
    if sentences:
        raise UnavailableError("\n".join(sentences))


def _fault(service: str, host: str, port: int, host_setting: str, port_setting: str) -> str | None:
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
                    f"hoặc đặt {PREFIX}{port_setting} thành một cổng khác."
                )
            return (
                f"{service} không lắng nghe được ở {host}:{port} ({error.strerror}). "
                f"Hãy kiểm tra {PREFIX}{host_setting} và {PREFIX}{port_setting}."
            )
    return None


def reachable(host: str) -> str:
    """The address at which this machine itself reaches what listens at ``host``, as in a URL."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104  told apart, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens at ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def open_to_others(port: int) -> tuple[str, ...]:
    """The addresses beyond this machine at which something listens on ``port`` now, as far as is seen."""
    try:
        # Address and port; empty for a socket that has none yet.
        addresses: list[tuple[Any, ...]] = [
            tuple(connection.laddr)
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        ]
    except psutil.Error:
        return ()
    hosts = {str(address[0]) for address in addresses if address[1:] == (port,)}
    return tuple(sorted(host for host in hosts if not is_loopback(host)))


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
