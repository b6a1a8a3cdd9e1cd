"""The contract as typed, frozen data, loaded from ``exports.yml`` and checked once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from orchestration.contract.heads import TWIN, fold

CONTRACT_FILE = Path(__file__).with_name("exports.yml")


class ColumnType(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    CODE = "code"
    MONTH = "month"
    TIMESTAMP = "timestamp"
    INTEGER = "integer"
    MONEY = "money"
    FLAG = "flag"
    CHOICE = "choice"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RequiredUnless(_Frozen):
    """A column that may only be empty while another one holds one of these codes."""

    column: str
    codes: tuple[str, ...]


class Column(_Frozen):
    """A column of an export. See the key at the head of ``exports.yml``."""

    name: str
    lake: str | None = None
    type: ColumnType = ColumnType.TEXT
    required: bool = False
    required_unless: RequiredUnless | None = None
    personal: bool = False
    minor: bool = False
    free_text: bool = False
    label: str
    aliases: tuple[str, ...] = ()
    gloss: str
    hint: str = ""
    max_length: int = 500
    minimum: int = 0
    maximum: int = 2**31 - 1
    numeric: bool = False
    rule: str | None = None
    choices: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Column:
        if self.personal == (self.lake is not None):
            raise ValueError(f"{self.name}: a column either lands or is personal")
        if self.minor and (self.personal or self.required or self.required_unless):
            raise ValueError(f"{self.name}: what is required or does not land is not minor")
        if (self.type is ColumnType.CHOICE) != bool(self.choices):
            raise ValueError(f"{self.name}: choices belong to the type choice")
        if (self.type is ColumnType.CODE) != (self.rule is not None):
            raise ValueError(f"{self.name}: a rule belongs to the type code")
        return self

    @property
    def counts(self) -> bool:
        """Whether a fault in it is a fault of its row."""
        return not (self.personal or self.minor)

    @property
    def sql_type(self) -> str:
        """DuckDB type in the lake."""
        if self.type is ColumnType.CHOICE:
            return "INTEGER" if self.numeric else "VARCHAR"
        return _SQL_TYPES.get(self.type, "VARCHAR")

    @property
    def heads(self) -> tuple[str, ...]:
        """Every head that means this column."""
        return (self.name, self.label, *self.aliases)


_SQL_TYPES = {
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.INTEGER: "INTEGER",
    ColumnType.MONEY: "BIGINT",
    ColumnType.FLAG: "BOOLEAN",
}


class LakeColumn(_Frozen):
    """A column of a lake table: name and DuckDB type."""

    name: str
    type: str


class Nested(_Frozen):
    """Names of the lists inside JSON objects that fold into flat columns."""

    documents: str
    fees: str
    supplements: str
    results: str


class Kind(_Frozen):
    """One kind of export. Of the columns ``either`` a row must fill one."""

    code: str
    label: str
    gloss: str
    commune_needed: bool
    columns: tuple[Column, ...]
    either: tuple[str, ...] = ()
    nested: Nested | None = None

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Folded head to exchange name.

        Raises:
            ValueError: two columns claim the same head.
        """
        known: dict[str, str] = {}
        for column in self.columns:
            for head in column.heads:
                if known.setdefault(fold(head), column.name) != column.name:
                    raise ValueError(f"{self.code}: the head {head!r} means two columns")
        return known

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by exchange name."""
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """The column of that exchange name, or the one that it is a twin of."""
        return self.by_name[name.partition(TWIN)[0]]

    @cached_property
    def landing(self) -> tuple[Column, ...]:
        """Columns that land, in lake order."""
        return tuple(column for column in self.columns if column.lake is not None)

    @cached_property
    def required(self) -> tuple[Column, ...]:
        """Columns without which a row is rejected."""
        return tuple(column for column in self.columns if column.required)

    @cached_property
    def lake_columns(self) -> tuple[LakeColumn, ...]:
        """Columns of this kind's lake table, without those every table has."""
        return tuple(LakeColumn(name=str(column.lake), type=column.sql_type) for column in self.landing)


class FileName(_Frozen):
    """The rule for names of delivered files."""

    pattern: str
    example: str
    formats: tuple[str, ...]
    wrappers: tuple[str, ...]
    unfinished: tuple[str, ...]
    not_deliveries: tuple[str, ...]


class Limits(_Frozen):
    """Beyond these a file is refused rather than read. Sizes in bytes, lengths in characters."""

    file_bytes: int
    expanded_bytes: int
    expansion_ratio: int
    expansion_floor_bytes: int
    archive_members: int
    json_bytes: int
    spreadsheet_bytes: int
    spreadsheet_expanded_bytes: int
    spreadsheet_rows: int
    spreadsheet_cells: int
    spreadsheet_memory_bytes: int
    spreadsheet_seconds: int
    columns: int
    header_depth: int
    line_bytes: int
    quoted_lines: int
    folder_depth: int
    reject_share: float
    unknown_heads: int
    unknown_head_length: int
    letter_rows: int
    letter_doubts: int


class Dates(_Frozen):
    """Which dates are believed."""

    centuries: tuple[str, ...]
    serial_from: int
    serial_to: int
    none: tuple[str, ...]
    none_numbers: str
    describe: str
    examples: tuple[str, ...]

    @property
    def years(self) -> str:
        """Regular expression of a believed year."""
        return rf"({'|'.join(self.centuries)})\d\d"


class NameWords(_Frozen):
    """Words by which ``landing.persons`` tells names of persons; see ``exports.yml``."""

    families: tuple[str, ...]
    families_also_words: tuple[str, ...]
    families_bare: tuple[str, ...]
    middles_surest: tuple[str, ...]
    middles: tuple[str, ...]
    no_names: tuple[str, ...]
    no_names_marked: tuple[str, ...]
    places: tuple[str, ...]
    titles: tuple[str, ...]
    titles_bare: tuple[str, ...]
    roles: tuple[str, ...]
    callings: tuple[str, ...]


class PersonalShapes(_Frozen):
    """Regular expressions (RE2 and Python alike) of personal data, and the words of names."""

    email: str
    phone: str
    document_number: str
    gapped_number: str
    long_number: str
    institution: str
    names: NameWords

    @field_validator("email", "phone", "document_number", "gapped_number", "long_number", "institution")
    @classmethod
    def _compiles(cls, pattern: str, info: ValidationInfo) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{info.field_name}: {error}") from error
        return pattern


class AsNumber(_Frozen):
    """What a spreadsheet makes of a code whose zeros at the end it drops: ``pattern``, how long the code is,
    and what is ``surely`` no other code.
    """

    pattern: str
    length: int
    surely: str


class CodeRule(_Frozen):
    """The shape of a code, in RE2 syntax, once ``strip`` is taken from its end. ``excluded`` are whole shapes
    that are something else; what is ``usual`` is none of them, and needs no further look.
    """

    pattern: str
    usual: str | None = None
    as_number: AsNumber | None = None
    example: str
    shortest: int
    longest: int
    has_digit: bool = False
    capitals: bool = False
    look_alikes: Mapping[str, str] = Field(default_factory=dict)
    excluded: tuple[str, ...] = Field(default=(), alias="not")
    strip: str | None = None


class InLetter(StrEnum):
    """What a flag is to the letter that its commune may get.

    ``alone``: a cause to write one. ``along``: listed in a letter that has another cause. ``never``: for the
    dashboards.
    """

    ALONE = "alone"
    ALONG = "along"
    NEVER = "never"


class Rule(_Frozen):
    """The words for a broken rule: short name, what is wrong, what to do.

    ``reason`` is a template, see ``exports.yml``; the others are whole. ``renames``: the mended file comes
    under another name, so that a later good file of the unit settles it. ``in_letter`` is for flags.
    """

    title: str
    reason: str
    remedy: str
    renames: bool = False
    in_letter: InLetter = InLetter.ALONE

    @property
    def sentence(self) -> str:
        """Reason and remedy in one breath."""
        return f"{self.reason} {self.remedy}"


class TypeWords(_Frozen):
    """What a type of column is called for communes, with an example where the type alone gives one."""

    label: str
    example: str = ""


class Question(_Frozen):
    """A typical mistake and how to avoid it."""

    question: str
    answer: str


class Guide(_Frozen):
    """What the field guide says beside the rules."""

    types: Mapping[ColumnType, TypeWords]
    shapes: tuple[str, ...]
    faq: tuple[Question, ...]


class Contract(_Frozen):
    """Everything that is said about incoming files."""

    version: str
    file_name: FileName
    limits: Limits
    nulls: tuple[str, ...]
    totals: tuple[str, ...]
    left_out: Mapping[str, str]
    dates: Dates
    flags: Mapping[str, tuple[str, ...]]
    no_fee: tuple[str, ...]
    personal_shapes: PersonalShapes
    row_rules: Mapping[str, Rule]
    file_rules: Mapping[str, Rule]
    row_flags: Mapping[str, Rule]
    accepted_with_rejects: str
    kinds: Mapping[str, Kind]
    ignored: tuple[str, ...]
    codes: Mapping[str, CodeRule]
    guide: Guide

    @field_validator("kinds", mode="before")
    @classmethod
    def _name_kinds(cls, kinds: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
        return {code: {"code": code, **kind} for code, kind in kinds.items()}

    @model_validator(mode="after")
    def _consistent(self) -> Contract:
        for kind in self.kinds.values():
            _ = kind.aliases
            if not kind.by_name.keys() >= {*kind.either}:
                raise ValueError(f"{kind.code}: `either` names a column that there is not")
            for column in kind.columns:
                if column.rule is not None and column.rule not in self.codes:
                    raise ValueError(f"{kind.code}.{column.name}: no code rule {column.rule!r}")
        return self

    @cached_property
    def null_words(self) -> tuple[str, ...]:
        """Every writing of "nothing" in a cell."""
        return tuple(dict.fromkeys(form for word in self.nulls for form in (word, word.upper())))

    @cached_property
    def ignored_heads(self) -> frozenset[str]:
        """Folded heads that are read over without a note."""
        return frozenset(fold(head) for head in self.ignored)


@lru_cache(maxsize=1)
def load_contract() -> Contract:
    """The contract, read once per process.

    Raises:
        pydantic.ValidationError: ``exports.yml`` contradicts itself; a defect of the project, not of a file.
    """
    with CONTRACT_FILE.open(encoding="utf-8") as source:
        return Contract.model_validate(yaml.load(source, Loader=yaml.CSafeLoader))
