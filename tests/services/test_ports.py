"""A taken port is told before anything starts, with who holds it and what to change."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from orchestration.errors import UnavailableError
from orchestration.services.ports import is_loopback, open_to_others, require_free_ports
from orchestration.settings import Settings


@pytest.fixture
def taken() -> Generator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield int(holder.getsockname()[1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_free_ports_pass(tmp_path: Path) -> None:
    require_free_ports(Settings(home=tmp_path, dagster_port=free_port(), superset_port=free_port()))


def test_taken_port_names_holder_and_setting(tmp_path: Path, taken: int) -> None:
    settings = Settings(home=tmp_path, dagster_port=free_port(), superset_port=taken)

    with pytest.raises(UnavailableError) as caught:
        require_free_ports(settings)

    sentence = str(caught.value)
    assert f"Cổng {taken}" in sentence
    assert "Superset" in sentence
    assert "MOTCUA_SUPERSET_PORT" in sentence
    assert f"(tiến trình {os.getpid()})" in sentence


def test_every_taken_port_is_told_at_once(tmp_path: Path, taken: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        second = int(other.getsockname()[1])
        with pytest.raises(UnavailableError) as caught:
            require_free_ports(Settings(home=tmp_path, dagster_port=taken, superset_port=second))

    assert {str(taken), str(second)} <= set(str(caught.value).replace("_", " ").split())


def test_one_port_for_both_is_refused(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises(UnavailableError, match="dùng chung"):
        require_free_ports(Settings(home=tmp_path, dagster_port=port, superset_port=port))


def test_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, host="192.0.2.1", dagster_port=free_port(), superset_port=free_port())
    with pytest.raises(UnavailableError, match="MOTCUA_HOST"):
        require_free_ports(settings)


def test_dagster_listens_where_its_own_setting_says(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, host="127.0.0.2", dagster_port=free_port(), superset_port=free_port())
    require_free_ports(settings)
    with pytest.raises(UnavailableError, match="MOTCUA_DAGSTER_HOST"):
        require_free_ports(settings.model_copy(update={"dagster_host": "192.0.2.1"}))


@pytest.mark.parametrize(
    ("address", "alone"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("0.0.0.0", False), ("", False)],
)
def test_who_reaches_an_address(address: str, alone: bool) -> None:
    assert is_loopback(address) is alone


def test_what_listens_beyond_this_machine_is_seen() -> None:
    with socket.socket() as alone, socket.socket() as everywhere:
        alone.bind(("127.0.0.1", 0))
        everywhere.bind(("0.0.0.0", 0))
        alone.listen()
        everywhere.listen()
        assert open_to_others(alone.getsockname()[1]) == ()
        assert open_to_others(everywhere.getsockname()[1]) == ("0.0.0.0",)
