"""Errors that are part of the product: each carries the sentence its reader gets, in Vietnamese.

Raise one of these where a person has to act. Anything else that escapes is a defect: the command line
writes its traceback to the log and says where.
"""

from __future__ import annotations


class MotcuaError(Exception):
    """Something the user can mend. ``str(error)`` says what is wrong, where, and what to do."""


class SettingsError(MotcuaError):
    """A setting is unknown, malformed or contradicts another."""


class ReplayError(MotcuaError):
    """The day to run as of is one that no run can stand at."""


class UnavailableError(MotcuaError):
    """Something needed is not there: a release, a port, space on the disk, the inbox."""


class HeldBackError(MotcuaError):
    """A check failed, so the build was not published. The earlier release stays."""
