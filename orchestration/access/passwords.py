"""What a password must be like, wherever one is chosen."""

from __future__ import annotations

MIN_LENGTH = 12
_MIN_DIFFERENT = 6
# What everybody tries; it counts for nothing in a password that holds it.
_COMMON = ("admin", "password", "matkhau", "motcua", "superset", "123456", "qwerty", "abc123")

WEAK = (
    f"Mật khẩu cần ít nhất {MIN_LENGTH} ký tự, không lặp lại và không dựa vào những từ ai cũng đoán được như "
    "admin, matkhau, 123456."
)


def is_strong(password: str) -> bool:
    """Whether the password is long and, without the words that everybody tries, still has some variety."""
    bare = password.casefold()
    for word in _COMMON:
        bare = bare.replace(word, "")
    return len(password) >= MIN_LENGTH and len(set(bare)) >= _MIN_DIFFERENT
