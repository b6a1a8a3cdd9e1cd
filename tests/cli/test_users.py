"""``motcua users`` before there is a Superset to bring people into; with one, see ``tests/dashboards``."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.dashboards import importer

from .conftest import Call


def test_before_the_first_start_it_says_so_and_makes_nothing(call: Call, home: Path) -> None:
    outcome = call("users")
    assert outcome.code == 0
    assert "chưa được khởi tạo" in outcome.out
    assert not home.exists()


def test_a_broken_list_is_named(call: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    (home / "users.csv").write_text("name,role\nan,xa\n", encoding="utf-8")
    monkeypatch.setattr(importer, "read_stamp", lambda settings: importer.Stamp("", "", ""))
    outcome = call("users")
    assert outcome.code == 2
    assert "username,full_name,role,commune_code" in outcome.err
