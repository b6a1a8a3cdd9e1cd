"""``docs/huong-dan-xuat-du-lieu.md`` from the contract: ``make generate``.

The guide that communes get: how to name, shape and fill their exports, and what is said of what goes wrong. A
test holds the committed page to what this writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from orchestration.contract import Column, ColumnType, Contract, Kind, Rule
from orchestration.reports.wording import counted
from orchestration.settings import Settings

_MEBIBYTE = 1024 * 1024
_INTRODUCTION = """# Hướng dẫn xuất dữ liệu gửi về tỉnh

Dành cho cán bộ xã, phường và người quản trị phần mềm một cửa. Trang này được sinh từ
`orchestration/contract/exports.yml` (phiên bản {version}) bằng `make generate`;
không sửa tay.

Tóm tắt: mỗi ngày làm việc, xuất tệp từ phần mềm, đặt đúng tên, chép vào thư mục của ngày trong hộp thư đến
trước giờ chốt ({cutoff:%H:%M}, nếu tỉnh không quy định khác). Có lỗi thì đơn vị nhận được thư lỗi nói rõ dòng
nào, cột nào, sửa ra sao; sửa xong gửi lại cả tệp với đúng tên cũ.
"""


def guide(contract: Contract) -> str:
    """The page as Markdown."""
    parts = [
        _INTRODUCTION.format(version=contract.version, cutoff=Settings.model_fields["cutoff"].default),
        *_names(contract),
        *_shapes(contract),
        *(line for kind in contract.kinds.values() for line in _kind(kind, contract)),
        *_faults(contract),
        *_questions(contract),
    ]
    return "\n".join(parts)


def _names(contract: Contract) -> Iterator[str]:
    name, limits = contract.file_name, contract.limits
    example_day = name.example.rpartition(".")[0].split("_")[2]
    folder = f"{example_day[:4]}-{example_day[4:6]}-{example_day[6:]}"
    yield "## 1. Đặt tên và gửi tệp\n"
    yield f"`<hộp thư đến>/{folder}/{name.example}`\n"
    yield "- Thư mục là ngày dữ liệu `YYYY-MM-DD`; trong tên tệp là cùng ngày đó, viết liền `YYYYMMDD`."
    yield (
        "- Tên tệp: `<loại>_<mã đơn vị>_<YYYYMMDD>[_<tùy ý>].<định dạng>`. Mã đơn vị là mã xã, phường 5 chữ "
        "số, hoặc mã tỉnh 2 chữ số cho tệp gộp nhiều xã (khi đó từng dòng phải ghi mã xã). Phần tùy ý viết "
        "ngắn, không dấu, ví dụ `_bo`, `_lan2`; không ghi tên người hay số điện thoại."
    )
    yield (
        "- Loại: "
        + "; ".join(f"`{kind.code}` {kind.label.lower()}" for kind in contract.kinds.values())
        + "."
    )
    yield (
        f"- Định dạng: {_listed(name.formats)}; có thể nén thành {_listed(name.wrappers)}. Trong một tệp "
        f".zip chỉ để các tệp cùng loại, cùng ngày, cùng đơn vị, nhiều nhất "
        f"{counted(limits.archive_members)} tệp."
    )
    yield "- Cùng tên, nội dung khác: là bản sửa, thay bản trước. Cùng nội dung: không có gì thay đổi."
    yield (
        f"- Giới hạn: tệp đến {_size(limits.file_bytes)}; bung ra đến {_size(limits.expanded_bytes)}; Excel "
        f"đến {_size(limits.spreadsheet_bytes)} và {counted(limits.spreadsheet_rows)} dòng; JSON đến "
        f"{_size(limits.json_bytes)}; {counted(limits.columns)} cột.\n"
    )


def _shapes(contract: Contract) -> Iterator[str]:
    yield "## 2. Nội dung tệp\n"
    yield from (f"- {shape}" for shape in contract.guide.shapes)
    yield (
        "- Tên cột: dùng tên trao đổi (`MaHoSo`) hoặc tên tiếng Việt (`Mã hồ sơ`), không phân biệt chữ hoa, "
        "chữ thường, có dấu hay không dấu. Thứ tự cột tùy ý."
    )
    yield f"- Ngày giờ, theo giờ Việt Nam, viết được như sau: {_listed(contract.dates.examples)} (số Excel)."
    yes, no = contract.flags["true"], contract.flags["false"]
    yield f"- Có hoặc không: {_listed(yes)} là có; {_listed(no)} là không.\n"


def _kind(kind: Kind, contract: Contract) -> Iterator[str]:
    yield f"## Tệp `{kind.code}`: {kind.label}\n"
    yield "Dấu * là cột bắt buộc: thiếu hoặc sai thì dòng bị loại.\n"
    yield "| Tên trao đổi | Tên cột tiếng Việt được nhận | Kiểu | Giá trị, ví dụ |"
    yield "|---|---|---|---|"
    for column in kind.landing:
        star = "*" if column.required else ""
        heads = ", ".join((column.label, *column.aliases))
        label = contract.guide.types[column.type].label
        yield f"| `{column.name}`{star} | {heads} | {label} | {_cell(_values(column, contract))} |"
    personal = "; ".join(f"`{column.name}` ({column.label})" for column in kind.columns if column.personal)
    yield f"\nDữ liệu cá nhân và chữ tự do, có trong tệp cũng bị bỏ khi nhận, không lưu ở đâu: {personal}.\n"


def _values(column: Column, contract: Contract) -> str:
    """What may stand in a column, and an example."""
    said = [column.hint] if column.hint else list[str]()
    if column.choices:
        said.append(
            "; ".join(
                f"`{code}` {meanings[0]}" if meanings else f"`{code}`"
                for code, meanings in column.choices.items()
            )
        )
    elif column.type is ColumnType.INTEGER:
        said.append(f"từ {counted(column.minimum)} đến {counted(column.maximum)}")
    example = _example(column, contract)
    if example:
        said.append(f"ví dụ `{example}`")
    if column.required_unless:
        codes = " hoặc ".join(column.required_unless.codes)
        said.append(f"bắt buộc, trừ khi `{column.required_unless.column}` là {codes}")
    if column.type is ColumnType.TEXT:
        said.append(f"đến {counted(column.max_length)} ký tự")
    return "; ".join(said)


def _example(column: Column, contract: Contract) -> str:
    match column.type:
        case ColumnType.CODE:
            return contract.codes[str(column.rule)].example
        case ColumnType.TIMESTAMP:
            return next(example for example in contract.dates.examples if ":" in example)
        case ColumnType.TEXT:
            return ""
        case _:
            return contract.guide.types[column.type].example


def _faults(contract: Contract) -> Iterator[str]:
    share = f"{contract.limits.reject_share:.0%}"
    yield "## Dữ liệu có lỗi thì sao\n"
    yield (
        f"Dòng có lỗi bị loại, các dòng khác vẫn được nhận; quá {share} số dòng có lỗi thì cả tệp bị từ "
        "chối. Tệp bị từ chối không ảnh hưởng đến tệp khác.\n"
    )
    yield "### Dòng bị loại\n"
    yield from _rules(contract.row_rules, contract)
    yield "### Tệp bị từ chối\n"
    yield from _rules(contract.file_rules, contract)
    yield "### Dòng được nhận nhưng còn nghi vấn\n"
    yield "Không có gì được tự sửa; đơn vị xem lại và cập nhật trong phần mềm.\n"
    yield from _rules(contract.row_flags, contract)


def _rules(rules: Mapping[str, Rule], contract: Contract) -> Iterator[str]:
    yield "| Lỗi | Nghĩa là | Cách sửa |"
    yield "|---|---|---|"
    for rule in rules.values():
        yield f"| {rule.title} | {_cell(_plain(rule.reason, contract))} | {_cell(rule.remedy)} |"
    yield ""


def _plain(reason: str, contract: Contract) -> str:
    """A reason without what only a real fault can fill in."""
    known = {
        "dates": contract.dates.describe,
        "example": contract.file_name.example,
        "formats": ", ".join(contract.file_name.formats),
        "kinds": ", ".join(contract.kinds),
    }
    return reason.format_map(_Blank(known))


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _questions(contract: Contract) -> Iterator[str]:
    yield "## Hỏi và đáp\n"
    for entry in contract.guide.faq:
        yield f"**{entry.question}** {entry.answer}\n"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _size(size: int) -> str:
    return f"{counted(size // _MEBIBYTE)} MB"


def _cell(text: str) -> str:
    """Text that may stand in a cell of a Markdown table."""
    return text.replace("|", r"\|").replace("<", "&lt;").replace("\n", " ")
