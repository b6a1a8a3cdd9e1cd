"""Secrets taken out of what is about to be recorded, and of what was recorded before. Pure, on plain data.

Superset records a request with all that it carries. A key whose name speaks of a secret loses its value,
however deep it stands, also in JSON within a text and in the query of an address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

REDACTED = "***"
# Parts of names; Vietnamese ones without marks. "token" also tells those against forged requests.
_TELLING = re.compile(
    r"pass(word|wd|phrase)|passwd|pwd|mat_?khau|secret|token|credential|private_?key|api_?key|encrypted_extra|"
    r"sqlalchemy_uri|authorization|cookie",
    re.IGNORECASE,
)
_IN_QUERY = re.compile(rf"([?&#;][^=&#;]*(?:{_TELLING.pattern})[^=&#;]*)=[^&#;]*", re.IGNORECASE)
# What the SQL that looks for rows to clean asks for: cheaper than reading all of them, and no narrower.
TELLING_PARTS = (
    *("pass", "pwd", "khau", "secret", "token", "credential", "private", "api", "extra", "uri"),
    *("authorization", "cookie"),
)


def redacted(value: Any) -> Any:
    """``value`` of JSON's types with every secret replaced by ``REDACTED``."""
    if isinstance(value, Mapping):
        return {
            key: REDACTED if _TELLING.search(str(key)) and content else redacted(content)
            for key, content in cast(Mapping[Any, Any], value).items()
        }
    if isinstance(value, list | tuple):
        return [redacted(item) for item in cast("list[Any]", value)]
    if isinstance(value, str):
        return _redacted_text(value)
    return value


def _redacted_text(text: str) -> str:
    if text.lstrip()[:1] in ("{", "["):
        try:
            inner = json.loads(text)
        except ValueError:
            # Cut off, or no JSON at all: nothing tells where a secret in it would end.
            return REDACTED if _TELLING.search(text) else text
        clean = redacted(inner)
        return text if clean == inner else json.dumps(clean, ensure_ascii=False)
    return _IN_QUERY.sub(rf"\1={REDACTED}", text)
