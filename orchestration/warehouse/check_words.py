"""What dbt's checks make sure, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Kinds of tests in words; a test that is the only one of its kind has its own in dbt_project/tests.
_TITLES = {
    "unique_combination": "Không có dòng trùng khóa",
    "one_row_per": "Danh mục không có dòng trùng khóa",
    "validity_without_overlap": "Thời gian hiệu lực không chồng lên nhau",
    "one_of": "Chỉ có các giá trị được phép",
    "known_code": "Mọi mã đều có trong danh mục mà nó dẫn tới",
    "no_row_where": "Danh mục không có dòng vô lý",
    "not_null": "Không bỏ trống",
}


def check_title(test: Mapping[str, Any]) -> str:
    """What a test makes sure, in Vietnamese: of its kind, or its own words where it is the only one."""
    kind = str((test.get("test_metadata") or {}).get("name", ""))
    own = test["config"].get("meta", {}).get("description_vi", "")
    return str(own or _TITLES.get(kind, ""))
