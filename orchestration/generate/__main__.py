"""``make generate``: writes every generated file whose text has changed, and names it."""

from __future__ import annotations

from orchestration.generate.committed import COMMITTED
from orchestration.settings import PROJECT_ROOT


def main() -> None:
    """Bring all files to what their sources say."""
    for path, text in COMMITTED.items():
        written = text()
        if not path.exists() or path.read_text(encoding="utf-8") != written:
            path.write_text(written, encoding="utf-8", newline="")
            print(path.relative_to(PROJECT_ROOT))


if __name__ == "__main__":
    main()
