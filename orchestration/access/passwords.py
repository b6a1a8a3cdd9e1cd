"""What a password must be like, wherever one is chosen."""

from __future__ import annotations

from collections.abc import Iterable

MIN_LENGTH = 12
# Of zxcvbn's 0 to 4: no fewer than a hundred million guesses.
_MIN_SCORE = 3
# It looks no further, and somebody could make it work for long.
_LONGEST_JUDGED = 72
# What everybody here tries; zxcvbn knows the English words and the keyboards.
_LOCAL = (
    *("motcua", "mot cua", "superset", "dagster", "matkhau", "mat khau", "admin", "quantri", "quan tri"),
    *("hanhchinhcong", "trungtam", "phucvu", "vietnam", "viet nam", "hanoi", "ubnd", "xaphuong", "chutich"),
)

WEAK = (
    f"Mật khẩu cần ít nhất {MIN_LENGTH} ký tự và khó đoán: không phải dãy số hay dãy phím, ngày sinh, chữ "
    f"lặp lại, "
    "tên tài khoản hay những từ ai cũng nghĩ đến. Cách dễ nhớ: bốn, năm từ không liên quan, có dấu cách."
)


def is_strong(password: str, known: Iterable[str] = ()) -> bool:
    """Whether the password is long and not soon guessed; ``known`` is what belongs to its owner."""
    from zxcvbn import zxcvbn  # its word lists take a moment to load

    if len(password) < MIN_LENGTH or len(set(password)) < MIN_LENGTH // 2:
        return False
    judged = zxcvbn(password[:_LONGEST_JUDGED], user_inputs=[*_LOCAL, *known])
    return int(judged["score"]) >= _MIN_SCORE
