"""The tables that a release tells about itself in, column by column. No SQL; ``meta`` fills them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column with its meaning in both languages."""

    name: str
    data_type: str
    description_en: str
    description_vi: str


@dataclass(frozen=True)
class Table:
    """A table that the release step writes; nothing that dbt builds may take its name."""

    name: str
    description_en: str
    description_vi: str
    columns: tuple[Column, ...]


RELEASE = Table(
    "release",
    "This release: one row.",
    "Bản công bố này: một dòng",
    (
        Column("release_id", "VARCHAR", "Name of the release.", "Mã bản công bố"),
        Column("data_date", "DATE", "Newest day with an accepted dossier export.", "Số liệu đến ngày"),
        Column("as_of", "DATE", "Day whose evening state it shows.", "Ngày tính số liệu"),
        Column("built_at", "TIMESTAMP", "Time of publication.", "Thời điểm công bố"),
        Column("git_commit", "VARCHAR", "Version of the code.", "Phiên bản chương trình"),
        Column("contract_version", "VARCHAR", "Version of the export contract.", "Phiên bản quy cách tệp"),
        Column("weekly", "VARCHAR", "ISO week that this Monday opens.", "Tuần mà thứ Hai này mở đầu"),
    ),
)
DATA_DICTIONARY = Table(
    "data_dictionary",
    "A row per published table (without column) and per published column.",
    "Từ điển dữ liệu: mỗi bảng và mỗi cột một dòng",
    (
        Column("schema_name", "VARCHAR", "Schema.", "Lược đồ"),
        Column("table_name", "VARCHAR", "Table.", "Bảng"),
        Column(
            "column_name", "VARCHAR", "Column; null for the table itself.", "Cột; trống nếu nói về cả bảng"
        ),
        Column("data_type", "VARCHAR", "Type; null for the table itself.", "Kiểu dữ liệu"),
        Column("description_en", "VARCHAR", "Meaning, in English.", "Ý nghĩa, tiếng Anh"),
        Column("description_vi", "VARCHAR", "Meaning, in Vietnamese.", "Ý nghĩa, tiếng Việt"),
    ),
)
CHECK_RESULT = Table(
    "check_result",
    "A row per data test of the build.",
    "Kết quả kiểm tra: mỗi phép kiểm tra một dòng",
    (
        Column("check_name", "VARCHAR", "Name of the test.", "Phép kiểm tra"),
        Column("table_name", "VARCHAR", "Table that it is about, if one.", "Bảng được kiểm tra"),
        Column("column_name", "VARCHAR", "Column that it is about, if one.", "Cột được kiểm tra"),
        Column("severity", "VARCHAR", "error holds a release back, warn does not.", "Mức độ"),
        Column("status", "VARCHAR", "pass, warn or skipped.", "Kết quả"),
        Column("failures", "BIGINT", "Rows that break the rule.", "Số dòng vi phạm"),
        Column("description", "VARCHAR", "What the test makes sure.", "Mô tả bằng tiếng Anh"),
        Column("title", "VARCHAR", "The same in Vietnamese.", "Phép kiểm tra bảo đảm điều gì"),
    ),
)
RUN_RESULT = Table(
    "run_result",
    "A row per seed, model and test of the build: what became of it and how long it took.",
    "Nhật ký dựng: mỗi bảng, mỗi phép kiểm tra một dòng",
    (
        Column("node_name", "VARCHAR", "Seed, model or test.", "Bước dựng"),
        Column("kind", "VARCHAR", "seed, model or test.", "Loại: seed (danh mục), model (bảng), test"),
        Column("schema_name", "VARCHAR", "Schema of the table; null for tests.", "Lược đồ"),
        Column("status", "VARCHAR", "success, pass, warn or skipped.", "Kết quả"),
        Column("seconds", "DOUBLE", "Run time in seconds.", "Thời gian chạy (giây)"),
        Column("rows", "BIGINT", "Rows of the table; null for views, macros and tests.", "Số dòng"),
    ),
)
RELEASE_HISTORY = Table(
    "release_history",
    "This release and the earlier ones that are still kept.",
    "Các bản công bố còn lưu",
    (
        *RELEASE.columns,
        Column("size_bytes", "BIGINT", "Size; null for this release.", "Dung lượng (byte)"),
        Column("is_current", "BOOLEAN", "This release.", "Là bản này"),
    ),
)
RUN_HISTORY = Table(
    "run_history",
    "The last runs up to this release, the one that published it included.",
    "Nhật ký các lần chạy gần đây",
    (
        Column("run_id", "VARCHAR", "Dagster's identifier of the run.", "Mã lần chạy"),
        Column("job_name", "VARCHAR", "daily, arrivals or another job.", "Công việc"),
        Column("status", "VARCHAR", "success, failure, canceled or running.", "Kết quả"),
        Column("started_at", "TIMESTAMP", "Start.", "Bắt đầu lúc"),
        Column("ended_at", "TIMESTAMP", "End; null while running.", "Kết thúc lúc"),
        Column("seconds", "DOUBLE", "Run time in seconds, up to now while running.", "Thời gian chạy (giây)"),
        Column("landing_seconds", "DOUBLE", "Of it landing.", "Nhận tệp (giây)"),
        Column("build_seconds", "DOUBLE", "Of it build and checks.", "Dựng và kiểm tra (giây)"),
        Column("release_seconds", "DOUBLE", "Of it publication; null if none was.", "Công bố (giây)"),
        Column("cause", "VARCHAR", "First cause of a failure.", "Nguyên nhân nếu hỏng"),
    ),
)
FAULT_RULE = Table(
    "fault_rule",
    "What can be wrong with files and rows, in the contract's own words.",
    "Các quy tắc kiểm tra tệp gửi về",
    (
        Column("rule", "VARCHAR", "Code of the rule or flag.", "Mã quy tắc"),
        Column(
            "level",
            "VARCHAR",
            "file, row (rejected) or flag (accepted in doubt).",
            "Cấp: tệp, dòng, cảnh báo",
        ),
        Column("title", "VARCHAR", "Short name.", "Lỗi"),
        Column("remedy", "VARCHAR", "What the sender does about it.", "Cách sửa"),
    ),
)
EXPORT_KIND = Table(
    "export_kind",
    "Kinds of exports, as the contract calls them.",
    "Các loại tệp gửi về",
    (
        Column("kind", "VARCHAR", "Code of the kind.", "Mã loại tệp"),
        Column("kind_name", "VARCHAR", "Name of the kind.", "Loại tệp"),
        Column("kind_order", "INTEGER", "Order in the contract.", "Thứ tự"),
    ),
)
OWN_TABLES = (
    RELEASE,
    DATA_DICTIONARY,
    CHECK_RESULT,
    RUN_RESULT,
    RELEASE_HISTORY,
    RUN_HISTORY,
    FAULT_RULE,
    EXPORT_KIND,
)
