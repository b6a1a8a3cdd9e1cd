"""SQL that finds cells which carry personal data, generated from the contract. Builds SQL; runs nothing.

Three looks, each at fewer rows: ``suspicion`` at a row as a whole, ``search`` at the cells of suspected rows,
``carries_personal`` says by what was found whether one cell is at fault. Names of persons are no matter of
patterns: ``names_asked`` says which texts ``landing.persons`` has to be asked about.
"""

from __future__ import annotations

from collections.abc import Collection

from orchestration.contract import TWIN, Column, ColumnType, Contract, Kind, PersonalShapes
from orchestration.landing.judging.casts import text_of
from orchestration.sql_text import quote, quote_name

# Types whose values could carry a name or a number of a person.
CARRIERS = (ColumnType.TEXT, ColumnType.CODE, ColumnType.MONEY)
# Shorter texts repeat by chance: a "1" among personal columns says nothing about other columns.
_ECHO_LENGTH = 6


def personal_columns(kind: Kind, present: Collection[str], free_text: bool) -> list[Column]:
    """Personal columns at hand: prose and addresses (``free_text``), or names and numbers."""
    return [
        column.model_copy(update={"name": name})
        for column in kind.columns
        if column.personal and column.free_text == free_text
        for name in sorted(present)
        if name.partition(TWIN)[0] == column.name
    ]


def names_asked(column: Column, contract: Contract) -> str | None:
    """Condition under which cells of ``column``, as typed, may name a person; None if they never do."""
    cell = quote_name(str(column.lake))
    if column.type is ColumnType.TEXT:
        return f"{cell} IS NOT NULL"
    if column.type is not ColumnType.CODE or column.rule == "commune":
        return None
    # A code of a usual shape is no word; others may be words, or a name without blanks.
    return f"contains({cell}, ' ')" if contract.codes[str(column.rule)].usual else f"{cell} IS NOT NULL"


def carried(kind: Kind, present: Collection[str]) -> str:
    """All texts of a row as one, and all its cells that could carry something personal, a line each."""

    def together(types: Collection[ColumnType]) -> str:
        cells = [
            text_of(column) for column in kind.landing if column.type in types and column.name in present
        ]
        return f"concat_ws(chr(10), {', '.join(cells or ['NULL'])})"

    return f"{together((ColumnType.TEXT,))} AS texts, {together(CARRIERS)} AS carried"


def suspicion(kind: Kind, contract: Contract, present: Collection[str]) -> str:
    """Whether any cell of the row may be personal: one look at all, where a look at each would cost tenfold.

    True for every row of which a cell ``carries_personal``.
    """
    # One pattern: what a pattern costs is the walk over the text, however much it looks for.
    conditions = [f"regexp_matches(texts, {quote(_any_shape(contract.personal_shapes))})"]
    # Without its first sign: numbers begin with 0, which stands in every code, and the search halts at each.
    conditions += [
        f"(length({text_of(other)}) >= {_ECHO_LENGTH} AND contains(carried, substr({text_of(other)}, 2)))"
        for other in personal_columns(kind, present, free_text=False)
    ]
    return f"coalesce({' OR '.join(conditions)}, false)"


def search(kind: Kind, contract: Contract, present: Collection[str]) -> str:
    """What ``carries_personal`` goes by, for suspected rows: which texts have the shape of something personal
    (``shaped``), and the personal cells that other cells might repeat.

    A list, because the engine prepares a pattern anew for each place where it stands in a statement.
    """
    shapes = contract.personal_shapes
    institution = quote(shapes.institution)
    # The NULL gives an empty list its type.
    cells = ", ".join([*map(text_of, _texts(kind, present)), "CAST(NULL AS VARCHAR)"])
    shaped = f"regexp_matches(cell, {quote(_any_shape(shapes))})"
    found = [f"CASE WHEN suspect THEN list_transform([{cells}], lambda cell: {shaped}) END AS shaped"]
    for column in personal_columns(kind, present, free_text=False):
        cell = text_of(column)
        repeatable = f"length({cell}) >= {_ECHO_LENGTH} AND NOT regexp_matches({cell}, {institution})"
        found.append(f"CASE WHEN suspect AND {repeatable} THEN {cell} END AS {_echo(column)}")
    return ", ".join(found)


def carries_personal(column: Column, kind: Kind, present: Collection[str]) -> str:
    """Condition under which a cell carries personal data: it has the shape, or repeats a personal cell."""
    texts = _texts(kind, present)
    conditions = [
        *([f"shaped[{texts.index(column) + 1}]"] if column in texts else []),
        *(
            f"contains({text_of(column)}, {_echo(other)})"
            for other in personal_columns(kind, present, free_text=False)
        ),
    ]
    return f"suspect AND ({' OR '.join(conditions or ['false'])})"


def _texts(kind: Kind, present: Collection[str]) -> list[Column]:
    return [column for column in kind.landing if column.type is ColumnType.TEXT and column.name in present]


def _echo(column: Column) -> str:
    return quote_name(f"{column.name} echo")


def _any_shape(shapes: PersonalShapes) -> str:
    """What a text holds that is personal whatever its column."""
    found = (shapes.email, shapes.phone, shapes.document_number, shapes.gapped_number, shapes.long_number)
    return "|".join(f"({shape})" for shape in found)
