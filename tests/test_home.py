"""The home is its owner's alone, also where it was made otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.home import Home


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


@pytest.mark.parametrize("found", [0o755, 0o777, 0o750, 0o700])
def test_a_home_that_others_can_read_is_shut(tmp_path: Path, found: int) -> None:
    root = tmp_path / "home"
    root.mkdir()
    root.chmod(found)
    Home(root).prepare()
    assert mode(root) == 0o700
    root.chmod(found)
    Home(root).prepare()
    assert mode(root) == 0o700


def test_what_is_more_than_a_home_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared, own = tmp_path / "tmp", tmp_path / "own"
    for place, found in ((shared, 0o1777), (own, 0o755)):
        place.mkdir()
        place.chmod(found)
        monkeypatch.setenv("HOME", str(own))
        Home(place).prepare()
        assert mode(place) == found
        assert mode(Home(place).lake) == 0o700
