"""SQL expressions that turn the text of a cell into a typed value, or NULL where the text is none.

Generated from the contract; nothing here runs SQL. Every expression takes an SQL text expression that is
trimmed and NFC, with NULL for empty cells, and is NULL exactly where the value is missing or wrong.
"""

from __future__ import annotations

from orchestration.clock import ZONE
from orchestration.contract import CodeRule, Column, ColumnType, Contract, fold
from orchestration.landing.files import GARBLED
from orchestration.landing.procedures import procedure_codes
from orchestration.sql_text import is_one_of, quote, quote_name

_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?"
_OFFSET = r"(Z|[+-]\d{2}(:?\d{2})?)"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# A time of day as people and programs write it, in one of the two halves of the day or none.
_SPOKEN = r"((?:[01]?\d|2[0-3])(?:[:h][0-5]\d){1,2}|(?:[01]?\d|2[0-3])h)(?: ?(SA|CH))?"
_EXCEL_EPOCH = 25569  # days from 1899-12-30, Excel's day 0, to 1970-01-01


def text_of(column: Column) -> str:
    """Name of the column's cells as text, trimmed and NULL where empty."""
    return quote_name(f"{column.name} text")


def folded(text: str) -> str:
    """SQL counterpart of ``contract.fold``."""
    return f"regexp_replace(replace(strip_accents(lower({text})), 'đ', 'd'), '[^a-z0-9]+', '', 'g')"


def cast(text: str, column: Column, contract: Contract, communes: frozenset[str]) -> str:
    """The typed value of ``text`` for ``column``."""
    match column.type:
        case ColumnType.TIMESTAMP:
            return timestamp(text, contract)
        case ColumnType.INTEGER:
            return _integer(text, column)
        case ColumnType.MONEY:
            return _money(text, contract)
        case ColumnType.FLAG:
            return _flag(text, contract)
        case ColumnType.CHOICE:
            return _choice(text, column)
        case ColumnType.MONTH:
            return _month(text)
        case ColumnType.CODE:
            return _code(text, column, contract, communes)
        case ColumnType.TEXT:
            whole = f"length({text}) <= {column.max_length} AND {text} <> {quote(GARBLED)}"
            return f"CASE WHEN {whole} THEN {_one_line(text)} END"


def no_default(text: str, contract: Contract) -> str:
    """``text``, or NULL if it is the date that programs write for none."""
    forms = [form for day in contract.dates.none for form in _written(*day.split("-"))]
    time = r"[ T]?[\d:.,+Zh -]*([AaPp][Mm]|SA|CH)?"
    none = rf"({_CLOCK} )?({'|'.join(sorted(set(forms)))}){time}|{contract.dates.none_numbers}"
    return (
        # Nearly every date is told from these by its first sign, or by its century.
        f"CASE WHEN {text} < '20' OR {text} >= '3' OR starts_with({text}, 'D') OR starts_with({text}, 'J') "
        f"THEN CASE WHEN NOT contains({text}, '20') THEN "
        f"CASE WHEN regexp_full_match({text}, {quote(none)}) THEN NULL ELSE {text} END ELSE {text} END "
        f"ELSE {text} END"
    )


def _written(year: str, month: str, day: str) -> list[str]:
    """Regular expressions of a date in every order and with every sign between."""
    between, small_month, small_day = "[-/.]", f"0?{int(month)}", f"0?{int(day)}"
    forms = [f"{year}{month}{day}", f"{year}{between}{small_month}{between}{small_day}"]
    forms += [f"{small_day}{between}{small_month}{between}{year}", f"{small_month}/{small_day}/{year}"]
    if int(month):
        forms.append(f"{_MONTHS[int(month) - 1]} +{int(day)} {year}")
    return forms


def timestamp(text: str, contract: Contract) -> str:
    """The date forms of the contract as TIMESTAMP in Asia/Ho_Chi_Minh, whole seconds.

    The usual writings go by their shape, at a third of the cost of the patterns below them.
    """
    dates = contract.dates
    day = rf"{dates.years}-\d{{2}}-\d{{2}}"
    plain = rf"{day}([ T]{_CLOCK}(\.\d{{1,9}})?)?"
    zoned = rf"{day}[ T]{_CLOCK}(\.\d{{1,9}})? ?{_OFFSET}"
    vietnamese = rf"\d{{1,2}}/\d{{1,2}}/{dates.years}( {_CLOCK})?"
    usual = " OR ".join(f"{text} LIKE '{century}__-__-__ __:__:__'" for century in dates.centuries)
    in_a_century = " OR ".join(f"starts_with({text}, '{century}')" for century in dates.centuries)
    digits = (
        f"strlen({text}) = 14 AND ({in_a_century}) "
        f"AND NOT contains({text}, '/') AND NOT contains({text}, '.')"
    )
    serial = f"TRY_CAST({text} AS DOUBLE)"
    return (
        f"CASE WHEN {text} IS NULL THEN NULL "
        # The engine takes 24:00 for the midnight after; whoever writes it may mean either.
        f"WHEN strlen({text}) = 19 AND ({usual}) AND NOT contains({text}, ' 24:') "
        f"THEN TRY_CAST({text} AS TIMESTAMP) "
        f"WHEN strlen({text}) = 19 AND regexp_full_match({text}, '{vietnamese}') "
        f"THEN try_strptime({text}, '%d/%m/%Y %H:%M:%S') "
        f"WHEN {digits} THEN try_strptime({text}, '%Y%m%d%H%M%S') "
        rf"WHEN regexp_full_match({text}, '{dates.years}\d{{10}}(\.\d{{1,9}})?') "
        f"THEN try_strptime(left({text}, 14), '%Y%m%d%H%M%S') "
        rf"WHEN regexp_full_match({text}, '{dates.years}\d{{4}}') THEN try_strptime({text}, '%Y%m%d') "
        f"WHEN regexp_full_match({text}, '{plain}') THEN date_trunc('second', TRY_CAST({text} AS TIMESTAMP)) "
        f"WHEN regexp_full_match({text}, '{vietnamese}') "
        f"THEN try_strptime({text}, ['%d/%m/%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S']) "
        f"WHEN regexp_full_match({text}, '{zoned}') "
        f"THEN date_trunc('second', TRY_CAST({_offset_parted(text)} AS TIMESTAMPTZ) "
        f"AT TIME ZONE '{ZONE.key}') "
        rf"WHEN regexp_full_match({text}, '\d{{5}}(\.\d+)?') "
        f"AND {serial} BETWEEN {dates.serial_from} AND {dates.serial_to} "
        f"THEN make_timestamp(CAST(round(({serial} - {_EXCEL_EPOCH}) * 86400) AS BIGINT) * 1000000) "
        f"ELSE {_spoken(text, contract)} END"
    )


def _offset_parted(text: str) -> str:
    """``+0700`` as the engine takes it: ``+07:00``."""
    return rf"regexp_replace({text}, '([+-]\d{{2}})(\d{{2}})$', '\1:\2')"


def _spoken(text: str, contract: Contract) -> str:
    """Dates as people write them: the time first or last, ``8h30``, ``SA`` and ``CH``, any sign between.

    Never by months first: ``AM`` and ``PM`` are written by programs that count so.
    """
    year = contract.dates.years
    two = r"\d{1,2}"
    last = "|".join(f"{two}{sign}{two}{sign}{year}" for sign in ("/", "-", r"\."))
    day = f"({last}|{year}/{two}/{two})"
    whole = rf"{day}(?: {_SPOKEN})?|{_SPOKEN} {day}"
    date = rf"replace(replace(regexp_extract({text}, {quote(day)}), '-', '/'), '.', '/')"
    time = rf"replace(regexp_extract({text}, '\d{{1,2}}(?:[:h]\d{{2}})+|\d{{1,2}}h'), 'h', ':')"
    parsed = f"try_strptime(trim({date} || ' ' || rtrim({time}, ':')), {_SPOKEN_FORMS})"
    half = f"CASE WHEN ends_with({text}, 'CH') OR contains({text}, 'CH ') THEN 12 ELSE 0 END"
    hour = f"hour({parsed})"
    return (
        f"CASE WHEN regexp_full_match({text}, {quote(whole)}) THEN "
        f"CASE WHEN NOT regexp_matches({text}, 'SA|CH') THEN {parsed} "
        f"WHEN {hour} BETWEEN 1 AND 12 "
        f"THEN date_trunc('hour', {parsed}) + to_hours({hour} % 12 + {half} - {hour}) "
        f"+ ({parsed} - date_trunc('hour', {parsed})) END END"
    )


_SPOKEN_FORMS = (
    "["
    + ", ".join(
        quote(f"{day}{time}")
        for day in ("%d/%m/%Y", "%Y/%m/%d")
        for time in ("", " %H", " %H:%M", " %H:%M:%S")
    )
    + "]"
)


def _integer(text: str, column: Column) -> str:
    within = f"BETWEEN {column.minimum} AND {column.maximum}"
    value = f"TRY_CAST(regexp_extract({text}, '^(\\d{{1,9}})([.,]0+)?$', 1) AS INTEGER)"
    # Nearly every number is written as the engine writes it, which is told at half the cost.
    plain = f"TRY_CAST({text} AS INTEGER)"
    return (
        f"CASE WHEN {plain} {within} AND CAST({plain} AS VARCHAR) = {text} THEN {plain} "
        f"WHEN {value} {within} THEN {value} END"
    )


def _money(text: str, contract: Contract) -> str:
    """Whole dong: plain, with decimals that are zero, or grouped by thousands; never a leading zero.

    A point before three digits groups them, as people write; before four, as databases do, it parts decimals.
    """
    bare = f"regexp_replace({text}, '(?i)\\s*(đồng|đ|d|vnđ|vnd|₫)\\.?$', '')"
    # Groups of three, all parted alike; decimals after them by the other sign.
    grouped = (
        r"[1-9]\d{0,2}((\.\d{3}){1,3}(,0{1,2})?|(,\d{3}){1,3}(\.0{1,2})?|([ \x{a0}]\d{3}){1,3}([.,]0{1,2})?)"
    )
    decimals = r"(0|[1-9]\d{0,11})([.,](0{1,2}|0{4,12}))?|(0|[1-9]\d{3,11})[.,]000"
    whole = f"TRY_CAST({text} AS INTEGER)"
    ungrouped = f"regexp_replace({bare}, '[.,]0{{1,2}}$', '')"
    return (
        f"CASE WHEN {text} IS NULL THEN NULL "
        f"WHEN {whole} >= 0 AND CAST({whole} AS VARCHAR) = {text} THEN CAST({whole} AS BIGINT) "
        f"WHEN regexp_full_match({bare}, '{decimals}') "
        rf"THEN TRY_CAST(regexp_extract({bare}, '^\d+') AS BIGINT) "
        f"WHEN regexp_full_match({bare}, '{grouped}') "
        rf"THEN TRY_CAST(regexp_replace({ungrouped}, '\D', '', 'g') AS BIGINT) "
        f"WHEN {is_one_of(f'lower({text})', contract.no_fee)} THEN 0 "
        "END"
    )


def _flag(text: str, contract: Contract) -> str:
    lower = f"lower({text})"
    return (
        f"CASE WHEN {is_one_of(lower, contract.flags['true'])} THEN true "
        f"WHEN {is_one_of(lower, contract.flags['false'])} THEN false END"
    )


def _choice(text: str, column: Column) -> str:
    """The code itself, a number in any writing (``02``, ``2.0``), or a synonym in folded form."""

    def result(code: str) -> str:
        return code if column.numeric else quote(code)

    exact = " ".join(f"WHEN {quote(code)} THEN {result(code)}" for code in column.choices)
    numbered = [code for code in column.choices if code.isdigit()]
    words = {
        fold(word): code
        for code, synonyms in column.choices.items()
        for word in ((code, *synonyms) if not code.isdigit() else synonyms)
    }
    otherwise = "NULL"
    if words:
        spoken = " ".join(f"WHEN {quote(word)} THEN {result(code)}" for word, code in words.items())
        otherwise = f"CASE {folded(text)} {spoken} END"
    if numbered:
        number = f"regexp_extract({text}, '^0*(\\d{{1,4}})([.,]0+)?$', 1)"
        counted = " ".join(f"WHEN {quote(code)} THEN {result(code)}" for code in numbered)
        otherwise = f"CASE {number} {counted} ELSE {otherwise} END"
    return f"CASE WHEN {text} IS NULL THEN NULL ELSE CASE {text} {exact} ELSE {otherwise} END END"


def _month(text: str) -> str:
    month = r"\d{4}-(0[1-9]|1[0-2])"
    # A spreadsheet turns 2025-07 into the first of July.
    return (
        f"CASE WHEN regexp_full_match({text}, '{month}') THEN {text} "
        f"WHEN regexp_full_match({text}, '{month}-01([ T]00:00(:00)?)?') THEN left({text}, 7) END"
    )


def _code(text: str, column: Column, contract: Contract, communes: frozenset[str]) -> str:
    if column.rule == "commune":
        known = sorted(communes)
        # Spreadsheets and data frames make 14797.0 of it.
        whole = f"left({text}, -2)"
        zeros = ""
        if any(code.startswith("0") for code in known):
            filled = f"lpad({text}, {len(known[0])}, '0')"
            zeros = f"WHEN strlen({text}) < {len(known[0])} AND {is_one_of(filled, known)} THEN {filled} "
        return (
            f"CASE WHEN {is_one_of(text, known)} THEN {text} "
            f"WHEN ends_with({text}, '.0') AND {is_one_of(whole, known)} THEN {whole} {zeros}END"
        )
    rule = contract.codes[str(column.rule)]
    value = f"upper({text})" if rule.capitals else text
    if rule.strip:
        value = f"regexp_replace({value}, {quote(rule.strip)}, '')"
    tests = [
        f"length({value}) BETWEEN {rule.shortest} AND {rule.longest}",
        f"regexp_full_match({value}, {quote(rule.pattern)})",
    ]
    if rule.has_digit:
        tests.append(rf"regexp_matches({value}, '\d')")
    if rule.excluded:
        shapes = "|".join(f"({shape})" for shape in rule.excluded)
        tests.append(f"NOT regexp_full_match({value}, {quote(shapes)})")
    judged = f"{_restored(text, rule)} WHEN {' AND '.join(tests)} THEN {value} END"
    if not rule.usual:
        return f"CASE {judged}"
    for others, ours in rule.look_alikes.items():
        alike = f"translate(upper({text}), {quote(others)}, {quote(ours)})"
        judged = f"WHEN regexp_full_match({alike}, {quote(rule.usual)}) THEN {alike} {judged}"
    if not rule.strip:
        return f"CASE WHEN regexp_full_match({text}, {quote(rule.usual)}) THEN {text} {judged}"
    bare = f"regexp_extract({text}, {quote(f'^({rule.usual})({rule.strip})?$')}, 1)"
    return f"coalesce(nullif({bare}, ''), CASE {judged})"


def is_number_code(text: str, rule: CodeRule) -> str:
    """Condition that ``text`` is surely a code that a spreadsheet has made a number."""
    surely = rule.as_number.surely if rule.as_number else ""
    return f"regexp_full_match({text}, {quote(surely)})" if surely else "false"


def _restored(text: str, rule: CodeRule) -> str:
    """Branches for a code that a spreadsheet made a number: filled up if the catalogue has it, else none."""
    number = rule.as_number
    if number is None:
        return ""
    whole = f"rpad(replace({text}, ',', '.'), {number.length}, '0')"
    return (
        f"WHEN regexp_full_match({text}, {quote(number.pattern)}) AND {is_one_of(whole, procedure_codes())} "
        f"THEN {whole} WHEN {is_number_code(text, rule)} THEN NULL"
    )


def _one_line(text: str) -> str:
    # Other blanks than spaces and quoted line breaks do not get here; the guard spares most rows the cost.
    odd = f"contains({text}, '  ') OR contains({text}, chr(10))"
    return rf"CASE WHEN {odd} THEN regexp_replace({text}, '[ \r\n]+', ' ', 'g') ELSE {text} END"
