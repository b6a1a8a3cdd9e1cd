"""What a build came to. ``build.json`` beside the working database stands only for a complete, checked build.

It is removed before dbt touches the database and written after the last check passed, so whoever wants
to publish knows that the database is whole, whichever process built it and however that process ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from orchestration.errors import HeldBackError
from orchestration.home import Home


@dataclass(frozen=True)
class NodeResult:
    """How one dbt node ended.

    ``failures`` counts rows that a test returned, ``sql`` is the statement that returns them; ``seconds`` is
    the node's run time.
    """

    unique_id: str
    name: str
    kind: str
    status: str
    message: str
    failures: int | None
    seconds: float
    sql: str = ""

    @property
    def is_check(self) -> bool:
        """Whether the node is a data test."""
        return self.kind == "test"

    @property
    def failed(self) -> bool:
        """Whether the node ended in an error, or in a failure of severity ``error``."""
        return self.status in ("error", "fail", "runtime error")


@dataclass(frozen=True)
class FinishedBuild:
    """A complete, checked build that lies in the working database, and where its papers are.

    ``now`` is the instant the figures were computed for. ``rules`` maps each rule catalogue (dbt seed) to
    the SHA-256 of its text at build time.
    """

    now: datetime
    git_commit: str
    contract_version: str
    rules: dict[str, str]
    manifest: Path
    run_results: Path


_SCHEMA = TypeAdapter(FinishedBuild)
_SAID_OF_A_SEED = re.compile(r"Danh mục \w+\.csv: [^\n]+")
_CSV_LINE = re.compile(r"CSV Error on Line: (\d+)")
_CSV_VALUE = re.compile(r'converting column "(\w+)"\. Could not convert string "([^"\n]*)"')


@dataclass(frozen=True)
class BuildResult:
    """The outcome of one dbt build: every node that ran, and the record if all blocking checks passed."""

    nodes: tuple[NodeResult, ...]
    finished: FinishedBuild | None

    @property
    def ok(self) -> bool:
        """Whether a release may be made of it."""
        return self.finished is not None

    @property
    def failed(self) -> tuple[NodeResult, ...]:
        """The nodes that hold the release back."""
        return tuple(node for node in self.nodes if node.failed)

    @property
    def model_seconds(self) -> float:
        """Time spent in models and seeds, summed over dbt's threads."""
        return sum(node.seconds for node in self.nodes if not node.is_check)

    @property
    def check_seconds(self) -> float:
        """Time spent in tests, summed over dbt's threads."""
        return sum(node.seconds for node in self.nodes if node.is_check)


def failure_sentence(node: NodeResult) -> str:
    """One Vietnamese sentence on ``node`` for the person who reads the command's output.

    A check of a seed says the sentence itself (``dbt_project/macros/refusal.sql``).
    """
    if said := _SAID_OF_A_SEED.search(node.message):
        return said.group()
    if node.kind == "seed":
        return _unreadable_seed(node)
    detail = " ".join(node.message.split())
    if node.is_check and node.failures:
        return f"Phép kiểm tra {node.name} không đạt: {node.failures} dòng vi phạm."
    what = "Phép kiểm tra" if node.is_check else "Bước dựng"
    return f"{what} {node.name} không chạy được: {detail}"


def _unreadable_seed(node: NodeResult) -> str:
    """What DuckDB says of a seed that it could not read, less its advice on how to call DuckDB."""
    line = _CSV_LINE.search(node.message)
    value = _CSV_VALUE.search(node.message)
    place = f", dòng {line.group(1)}" if line else ""
    if value:
        return (
            f"Danh mục {node.name}.csv{place}: cột {value.group(1)} có giá trị {value.group(2)} "
            "không đọc được; ngày ghi dạng 2025-12-31, số thập phân dùng dấu chấm, "
            "đúng sai ghi true hoặc false."
        )
    return (
        f"Danh mục {node.name}.csv{place} không đọc được: có dòng thừa hoặc thiếu cột so với dòng đầu; "
        "ô có dấu phẩy phải đặt trong dấu ngoặc kép."
    )


def require_ok(result: BuildResult) -> FinishedBuild:
    """The record of ``result``.

    Raises:
        HeldBackError: naming each failed check or model.
    """
    if result.finished is None:
        sentences = [failure_sentence(node) for node in result.failed] or ["dbt dừng giữa chừng."]
        raise HeldBackError("\n".join(sentences))
    return result.finished


def record_path(home: Home) -> Path:
    """Where the record of the build in the working database is kept."""
    return home.warehouse / "build.json"


def forget_build(home: Home) -> None:
    """Declare the working database unfinished."""
    record_path(home).unlink(missing_ok=True)


def record_build(home: Home, build: FinishedBuild) -> None:
    """Declare the working database complete and checked."""
    path = record_path(home)
    partial = path.with_suffix(".part")
    partial.write_bytes(_SCHEMA.dump_json(build, indent=2))
    partial.replace(path)


def finished_build(home: Home) -> FinishedBuild:
    """The record of the build that lies in the working database.

    Raises:
        HeldBackError: there is none; it was never built, or the last build failed or was cut off.
    """
    try:
        return _SCHEMA.validate_json(record_path(home).read_bytes())
    except (OSError, ValidationError) as error:
        raise HeldBackError(
            "Kho làm việc chưa dựng xong hoặc lần dựng trước bị ngắt. "
            "Hãy chạy `motcua run` để dựng lại rồi công bố."
        ) from error
