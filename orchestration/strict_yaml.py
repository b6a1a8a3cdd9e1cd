"""YAML that a person writes and a model reads strictly: unknown keys are refused, faults told in a sentence.

What the files mean is where they are read; the export contract is a part of the code and reads itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.errors import MotcuaError


class Strict(BaseModel):
    """A model that takes nothing that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


def read_strictly(path: Path, model: type[Model], subject: str, error_type: type[MotcuaError]) -> Model:
    """Read ``path`` as ``model``; ``subject`` names its content in the sentence on what is wrong with it.

    Raises:
        error_type: the file is not YAML or breaks the model; says which keys and why.
    """
    return check_strictly(read_yaml(path, error_type), path, model, subject, error_type)


def read_yaml(path: Path, error_type: type[MotcuaError]) -> Any:
    """What ``path`` holds, not yet looked at.

    Raises:
        error_type: the file is missing or not YAML.
    """
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise error_type(f"Không có tệp {path.name}") from error
    except yaml.YAMLError as error:
        raise error_type(f"Tệp {path.name} không phải YAML hợp lệ: {error}") from error


def check_strictly(
    content: Any, path: Path, model: type[Model], subject: str, error_type: type[MotcuaError]
) -> Model:
    """``content`` of ``path`` as ``model``; raises as ``read_strictly`` does."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'tệp'}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        )
        raise error_type(f"{subject} trong {path.name} khai báo sai: {faults}") from error
