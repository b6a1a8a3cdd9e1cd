"""What typer itself says, in Vietnamese: headings of the help pages and faults in what was typed.

typer carries English texts and no catalogue to translate them with; this is the whole of what we replace.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, overload

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from orchestration.errors import MotcuaError

_DASHED_TEXT = re.compile(r"-\S*\s")
_HELP = "Hiện hướng dẫn này rồi thoát."
_USAGE = (("Usage:", "Cách dùng:"), ("[OPTIONS]", "[TÙY CHỌN]"), ("COMMAND [ARGS]...", "LỆNH …"))


class UsageError(MotcuaError):
    """What was typed cannot be meant so."""


class Command(TyperCommand):
    """A command whose help page is Vietnamese throughout."""

    def get_usage(self, ctx: Any) -> str:
        """The usage line."""
        return _in_vietnamese(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """The ``--help`` option."""
        return _explained(super().get_help_option(ctx))


class StatementCommand(Command):
    """A command whose argument is SQL, which may begin with a comment and so look like an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what begins with a dash and holds white space for the argument: no option does."""
        statements = [arg for arg in args if _DASHED_TEXT.match(arg)]
        if statements and "--" not in args:
            args = [*(arg for arg in args if arg not in statements), "--", *statements]
        return super().parse_args(ctx, args)


class Group(TyperGroup):
    """The same for the command as a whole."""

    def get_usage(self, ctx: Any) -> str:
        """The usage line."""
        return _in_vietnamese(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:
        """The ``--help`` option."""
        return _explained(super().get_help_option(ctx))


def _in_vietnamese(usage: str) -> str:
    for english, vietnamese in _USAGE:
        usage = usage.replace(english, vietnamese, 1)
    return usage


def _explained(option: Any) -> Any:
    if option is not None:
        option.help = _HELP
    return option


def translate_headings() -> None:
    """Set the headings and notes of typer's help pages."""
    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.DEFAULT_STRING = "[mặc định: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"


def usage_sentence(error: TyperException) -> str:
    """What is wrong with what was typed, and where the help is."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "motcua"
    return f"{_fault(error)} Xem cách dùng: {command} --help"


def _name_of(parameter: Any) -> str:
    """What the help page calls a parameter."""
    if parameter is None:
        return ""
    return (
        parameter.metavar or parameter.name if parameter.param_type_name == "argument" else parameter.opts[-1]
    )


def _fault(error: TyperException) -> str:
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    name = getattr(error, "option_name", None) or _name_of(parameter)
    if kind == "NoSuchOption":
        near = ", ".join(getattr(error, "possibilities", None) or ())
        return f"Không có tùy chọn {name}." + (f" Có phải ý bạn là {near}?" if near else "")
    if kind == "MissingParameter":
        return f"Thiếu {name}."
    if isinstance(error, typer.BadParameter):
        return f"Giá trị của {name} không hợp lệ."
    if kind == "BadOptionUsage":
        return f"Tùy chọn {name} cần một giá trị."
    if error.message.startswith("No such command"):
        return f"Không có lệnh {error.message.split(chr(39))[1]}."
    return "Lệnh gõ chưa đúng: thừa hoặc thiếu tham số."


@overload
def day(text: str, option: str) -> date: ...


@overload
def day(text: str | None, option: str) -> date | None: ...


def day(text: str | None, option: str) -> date | None:
    """The day that ``text`` names, ``YYYY-MM-DD`` or ``DD/MM/YYYY``; None if there is no text.

    Raises:
        UsageError: it is no such day.
    """
    if text is None:
        return None
    try:
        if "/" in text:
            number, month, year = (int(part) for part in text.split("/"))
            return date(year, month, number)
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f"Giá trị của {option} là {text!r}, không phải một ngày. "
            "Hãy viết dạng 2025-11-24 hoặc 24/11/2025."
        ) from error
