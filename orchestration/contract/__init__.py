"""What may come in: the export contract as data, its typed model, and the matching of column heads.

``exports.yml`` is the one home of every rule about incoming files; readers, checks, messages and field
guides derive from it. Nothing here opens a delivered file: that is ``orchestration.landing``.
"""

from orchestration.contract.heads import TWIN, HeadMatch, column_of, fold, match_heads, strip_marks
from orchestration.contract.model import (
    CodeRule,
    Column,
    ColumnType,
    Contract,
    InLetter,
    Kind,
    LakeColumn,
    PersonalShapes,
    Rule,
    load_contract,
)

__all__ = [
    "TWIN",
    "CodeRule",
    "Column",
    "ColumnType",
    "Contract",
    "HeadMatch",
    "InLetter",
    "Kind",
    "LakeColumn",
    "PersonalShapes",
    "Rule",
    "column_of",
    "fold",
    "load_contract",
    "match_heads",
    "strip_marks",
]
