"""Which passwords are turned away."""

from __future__ import annotations

import pytest

from orchestration.access.passwords import is_strong


@pytest.mark.parametrize(
    "password",
    [
        "",
        "admin",
        "short1!",
        "admin12345678",
        "123456123456",
        "aaaaaaaaaaaaaaaa",
        "MatKhau123456",
        "123456789012",
        "abcdefghijkl",
        "qwertyuiop12",
        "01012000 01012000",
        "motcua motcua motcua",
        "Password2025!",
        "bapbapbapbap",
    ],
)
def test_what_everybody_tries_is_refused(password: str) -> None:
    assert not is_strong(password)


@pytest.mark.parametrize("password", ["Mùa thu Sầm Sơn 26", "x7-Kd92mQpL4"])
def test_what_takes_long_to_guess_is_taken(password: str) -> None:
    assert is_strong(password)


def test_what_belongs_to_the_person_counts_for_nothing() -> None:
    assert is_strong("nguyenvanquyet81 xa dak song")
    assert not is_strong("nguyenvanquyet81", ("nguyen.van.quyet81", "nguyenvanquyet81"))


def test_an_endless_password_is_judged_at_once() -> None:
    assert not is_strong("ab" * 5_000)
