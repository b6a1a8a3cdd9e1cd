"""Which passwords are turned away."""

from __future__ import annotations

import pytest

from orchestration.access.passwords import is_strong


@pytest.mark.parametrize(
    "password", ["", "admin", "short1!", "admin12345678", "123456123456", "aaaaaaaaaaaaaaaa", "MatKhau123456"]
)
def test_what_everybody_tries_is_refused(password: str) -> None:
    assert not is_strong(password)


@pytest.mark.parametrize("password", ["Mùa thu Sầm Sơn 26", "x7-Kd92mQpL4"])
def test_what_takes_long_to_guess_is_taken(password: str) -> None:
    assert is_strong(password)
